"""Rows of core as Arrow tables: times become relative to the episode's beginning."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa

from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow
from recorder.core.frames import FrameRow, PaintedBox
from recorder.core.geometry import Monitor
from recorder.episodes.columns import column
from recorder.episodes.names import Table
from recorder.episodes.schemas import SCHEMAS

Row = EventRow | FrameRow | ContextRow

LASTING: Final = frozenset({ContextKind.CONSENT, ContextKind.GEOMETRY, ContextKind.CLOCK})
"""Rows that open an episode, hold no content, and stay when a range is forgotten."""

KEY_GRID_NS: Final = 50_000_000
"""Times of keys at level class and of masked values are floored to it."""

_SIGNED_END: Final = 2**63
_UNSIGNED_SPAN: Final = 2**64


def row_time_ns(row: Row) -> int:
    """Give the time by which a row is sorted and forgotten, absolute monotonic."""
    return row.t_grab_end_ns if isinstance(row, FrameRow) else row.t_ns


def to_table(
    table: Table, rows: Sequence[Row], seqs: Sequence[int], episode_id: str, t0_ns: int
) -> pa.Table:
    """Give rows as an Arrow table, times in nanoseconds since `t0_ns`.

    `seqs` holds one number a row; frames, which have an id, do not use it.
    """
    arrays = []
    for field in SCHEMAS[table]:
        if field.name == "seq":
            values: Sequence[Any] = seqs
        elif field.name == "episode_id":
            values = [episode_id] * len(rows)
        else:
            values = _values(field.name, rows, t0_ns)
        arrays.append(column(values, field.type))
    return pa.Table.from_arrays(arrays, schema=SCHEMAS[table])


def _values(name: str, rows: Sequence[Row], t0_ns: int) -> Sequence[Any]:
    values = list(map(attrgetter(name), rows))
    if name.startswith("t_"):
        return [None if value is None else value - t0_ns for value in values]
    convert = _CONVERSIONS.get(name)
    return values if convert is None else list(map(convert, values))


def _signed(number: int) -> int:
    """Give 64 bits as Parquet's signed integer."""
    return number - _UNSIGNED_SPAN if number >= _SIGNED_END else number


def _image(data: bytes | None) -> tuple[bytes, None] | None:
    return None if data is None else (data, None)


def _boxes(boxes: Sequence[PaintedBox]) -> list[tuple[int, int, int, int, str]]:
    return [(b.rect.x, b.rect.y, b.rect.w, b.rect.h, b.reason) for b in boxes]


def _monitors(monitors: Sequence[Monitor] | None) -> list[tuple[Any, ...]] | None:
    if monitors is None:
        return None
    return [
        (m.monitor_id, m.rect.x, m.rect.y, m.rect.w, m.rect.h, m.scale, m.is_primary)
        for m in monitors
    ]


_CONVERSIONS: Final[dict[str, Callable[[Any], Any]]] = {
    "phash64": _signed,
    "image": _image,
    "redacted_boxes": _boxes,
    "monitors": _monitors,
}
