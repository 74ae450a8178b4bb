"""Dates of birth in tables of a screen: under a heading that says so, or beside a name. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from recorder.redaction.birth_dates import birth_dates, is_birth_label, is_date
from recorder.redaction.form_fields import bare_label
from recorder.redaction.rows import Line

_MOST_CELLS: Final = 3
"""A date that stands apart from its month and year is at most so many cells."""


def birth_cells(lines: Sequence[Line], rows: Sequence[Sequence[int]]) -> Iterator[int]:
    """Give the numbers of the lines that hold, or are part of, a date of birth."""
    heads = [line for line in lines if is_birth_label(bare_label(line.text))]
    if heads:
        dates = (at for at, line in enumerate(lines) if is_date(bare_label(line.text)))
        yield from (at for at in dates if any(_is_under(lines[at], head) for head in heads))
    for row in rows:
        for place in range(len(row) - 1):
            yield from _beside_name(lines, row[place], row[place + 1 : place + 1 + _MOST_CELLS])


def _is_under(line: Line, head: Line) -> bool:
    """Tell whether a line stands somewhere below a heading, however the column is aligned."""
    shared = min(line.box.right, head.box.right) - max(line.box.x, head.box.x)
    return line.window == head.window and line.box.y > head.box.y and shared > 0


def _beside_name(lines: Sequence[Line], name: int, cells: Sequence[int]) -> Iterator[int]:
    text = lines[name].text.lstrip("\u2018\u2019'|") + "\t"
    starts = []
    for at in cells:
        starts.append(len(text))
        text += lines[at].text + " "
    for hit in birth_dates(text.rstrip()):
        for at, start in zip(cells, starts, strict=True):
            if hit.start < start + len(lines[at].text) and hit.end > start:
                yield at
