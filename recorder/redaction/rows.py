"""How the lines of a screen belong together: rows, labels, columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from recorder.core.geometry import Rect
from recorder.redaction.ocr import Reading

_INSET_PX: Final = 16
"""A field's text may stand this far right of its label above."""
_ABOVE_SHARE: Final = 3.0
"""A label stands at most so many of its own heights above its value."""
_COLUMN_PX: Final = 3
_FEWEST_CELLS: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A text line on the frame; `reading` None while it could not be read in time."""

    box: Rect
    reading: Reading | None

    @property
    def text(self) -> str:
        """What it says, "" when unread."""
        return self.reading.text if self.reading else ""


def rows_of(lines: Sequence[Line]) -> list[list[int]]:
    """Give the lines' numbers by row, from the top; within a row from the left."""
    order = sorted(range(len(lines)), key=lambda at: lines[at].box.y * 2 + lines[at].box.h)
    rows: list[list[int]] = []
    for at in order:
        box = lines[at].box
        if rows and _same_row(lines[rows[-1][0]].box, box):
            rows[-1].append(at)
        else:
            rows.append([at])
    return [sorted(row, key=lambda at: lines[at].box.x) for row in rows]


def _same_row(one: Rect, other: Rect) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.y, other.y)
    return shared * 2 > min(one.h, other.h)


def label_pairs(lines: Sequence[Line], rows: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Give (label, value) numbers: the neighbour on the left and the nearest line above."""
    for number, row in enumerate(rows):
        for place, at in enumerate(row):
            if place:
                yield row[place - 1], at
            above = _above(lines, rows[max(number - 4, 0) : number], lines[at].box)
            if above is not None:
                yield above, at


def _above(lines: Sequence[Line], rows: Sequence[Sequence[int]], value: Rect) -> int | None:
    for row in reversed(rows):
        for at in row:
            box = lines[at].box
            near = value.y - box.bottom <= _ABOVE_SHARE * max(box.h, value.h)
            if near and -_COLUMN_PX <= value.x - box.x <= _INSET_PX:
                return at
    return None


def columns_of(lines: Sequence[Line], rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Give the columns of tables, from the top down: aligned cells of several-cell rows."""
    found: list[list[int]] = []
    for right in (False, True):
        open_columns: dict[int, list[int]] = {}
        for row in rows:
            if len(row) < 2:  # noqa: PLR2004 - a row of one cell is no table
                continue
            for at in row:
                _join_column(
                    open_columns, lines, at, lines[at].box.right if right else lines[at].box.x
                )
        found.extend(c for c in open_columns.values() if len(c) >= _FEWEST_CELLS)
    return found


def _join_column(columns: dict[int, list[int]], lines: Sequence[Line], at: int, edge: int) -> None:
    box = lines[at].box
    for key, column in columns.items():
        last = lines[column[-1]].box
        if abs(key - edge) <= _COLUMN_PX and 0 < box.y - last.y <= _ABOVE_SHARE * last.h + last.h:
            column.append(at)
            return
    columns[edge if edge not in columns else -at - 1] = [at]
