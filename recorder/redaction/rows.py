"""How the lines of a screen belong together: rows, labels, columns."""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from recorder.core.geometry import Rect
from recorder.redaction.reading import Reading

_INSET_PX: Final = 16
"""A field's text may stand this far right of its label above."""
_ABOVE_SHARE: Final = 3.0
"""A label stands at most so many of its own heights above its value."""
_COLUMN_PX: Final = 3
_COLUMN_SHARE: Final = 0.2
"""Cells of a column begin so near to each other, or this share of their height: ink of an A
and of a B begins at different places, twice as far apart on a screen of scale 2."""
_LEAN: Final = 2
_FEWEST_CELLS: Final = 3
_CELL_GAP: Final = 0.6
"""Cells stand at least so many heights apart; words of a sentence about 0.3."""
_CELL_MARGIN_PX: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A text line on the frame.

    Attributes:
        box: Where it stands.
        reading: None while it could not be read in time.
        window: Which window shows it; lines of two windows have nothing to do with
            each other.
    """

    box: Rect
    reading: Reading | None
    window: int = 0

    @property
    def text(self) -> str:
        """What it says, "" when unread."""
        return self.reading.text if self.reading else ""


def cells_of(lines: Sequence[Line]) -> list[Line]:
    """Give the lines cut where cells of a table touch: at words on the left side of a column.

    A column is where three lines or words behind a wide gap begin.
    """
    wide = [_behind_gaps(line) for line in lines]
    edges = sorted(
        [line.box.x for line in lines]
        + [line.box.x + x for line, starts in zip(lines, wide, strict=True) for x in starts]
    )
    return [
        cell
        for line, starts in zip(lines, wide, strict=True)
        for cell in _cells(
            line, [x for x in starts if _count_near(edges, line.box, x) >= _FEWEST_CELLS]
        )
    ]


def _behind_gaps(line: Line) -> list[int]:
    """Give where words begin that stand far behind the one before them."""
    words = line.reading.words if line.reading else ()
    far = _CELL_GAP * line.box.h
    return [b.x for a, b in itertools.pairwise(words) if b.x - a.x - a.w >= far]


def _cells(line: Line, starts: Sequence[int]) -> list[Line]:
    if not starts or line.reading is None:
        return [line]
    cuts = [max(x - _CELL_MARGIN_PX, 0) for x in starts]
    sides = itertools.pairwise([0, *cuts, line.box.w])
    return [_cut_out(line, line.reading, start, end) for start, end in sides]


def _count_near(edges: Sequence[int], box: Rect, start: int) -> int:
    x, near = box.x + start, _near_px(box)
    return bisect_right(edges, x + near) - bisect_left(edges, x - near)


def _near_px(box: Rect) -> int:
    return max(_COLUMN_PX, round(_COLUMN_SHARE * box.h))


def _cut_out(line: Line, reading: Reading, start: int, end: int) -> Line:
    words = tuple(replace(w, x=w.x - start) for w in reading.words if start <= w.x < end)
    missed = tuple((x - start, min(w, end - x)) for x, w in reading.missed if start <= x < end)
    box = Rect(line.box.x + start, line.box.y, end - start, line.box.h)
    return replace(line, box=box, reading=Reading(words, missed))


def rows_of(lines: Sequence[Line]) -> list[list[int]]:
    """Give the lines' numbers by row, from the top; within a row from the left."""
    order = sorted(range(len(lines)), key=lambda at: _place(lines[at]))
    rows: list[list[int]] = []
    for at in order:
        if rows and _same_row(lines[rows[-1][0]], lines[at]):
            rows[-1].append(at)
        else:
            rows.append([at])
    return [sorted(row, key=lambda at: lines[at].box.x) for row in rows]


def _place(line: Line) -> tuple[int, int]:
    return line.window, line.box.y * 2 + line.box.h


def _same_row(one: Line, other: Line) -> bool:
    shared = min(one.box.bottom, other.box.bottom) - max(one.box.y, other.box.y)
    return one.window == other.window and shared * 2 > min(one.box.h, other.box.h)


def label_pairs(lines: Sequence[Line], rows: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Give (label, value) numbers: the neighbour on the left and the nearest line above."""
    for number, row in enumerate(rows):
        for place, at in enumerate(row):
            if place:
                yield row[place - 1], at
            above = _above(lines, rows[max(number - 4, 0) : number], lines[at])
            if above is not None:
                yield above, at


def _above(lines: Sequence[Line], rows: Sequence[Sequence[int]], value: Line) -> int | None:
    for row in reversed(rows):
        for at in row:
            box = lines[at].box
            near = value.box.y - box.bottom <= _ABOVE_SHARE * max(box.h, value.box.h)
            near = near and lines[at].window == value.window
            if near and -_near_px(box) <= value.box.x - box.x <= _INSET_PX:
                return at
    return None


def columns_of(lines: Sequence[Line], rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Give the columns of tables, from the top down: aligned cells of several-cell rows."""
    found: list[list[int]] = []
    for is_right in (False, True):
        columns: list[list[int]] = []
        for row in rows:
            if len(row) < 2:  # noqa: PLR2004 - a row of one cell is no table
                continue
            for at in row:
                _join_column(columns, lines, at, is_right=is_right)
        found.extend(column for column in columns if len(column) >= _FEWEST_CELLS)
    return found


def _join_column(
    columns: list[list[int]], lines: Sequence[Line], at: int, *, is_right: bool
) -> None:
    """Add a line to the column that it goes on, or let one begin.

    It is near to the last cell, and not far from the first: a window may be turned a little.
    """
    edge = _edge(lines[at].box, is_right=is_right)
    for column in columns:
        first, last = lines[column[0]].box, lines[column[-1]].box
        near = abs(edge - _edge(last, is_right=is_right)) <= _near_px(last)
        near = near and abs(edge - _edge(first, is_right=is_right)) <= _LEAN * _near_px(first)
        if near and _follows(lines[column[-1]], lines[at]):
            column.append(at)
            return
    columns.append([at])


def _edge(box: Rect, *, is_right: bool) -> int:
    return box.right if is_right else box.x


def _follows(last: Line, line: Line) -> bool:
    step = line.box.y - last.box.y
    return last.window == line.window and 0 < step <= (_ABOVE_SHARE + 1) * last.box.h


def below(lines: Sequence[Line], rows: Sequence[Sequence[int]], at: int) -> Iterator[int]:
    """Give the lines that follow under a line with the same left side, without a gap."""
    last = lines[at]
    for row in rows:
        for other in row:
            aligned = abs(lines[other].box.x - last.box.x) <= _INSET_PX
            if aligned and _follows(last, lines[other]):
                last = lines[other]
                yield other
