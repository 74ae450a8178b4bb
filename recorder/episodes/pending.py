"""Rows that are released but not written yet: bounded, and given out in order of time."""

from dataclasses import dataclass, field
from typing import Final

from recorder.core.context import ContextRow
from recorder.core.frames import FrameRow
from recorder.episodes.names import Table
from recorder.episodes.rows import LASTING, Row, row_time_ns

MAX_ROWS: Final = 50_000
"""About a minute of a 1 kHz pointer, 20 MB."""
MAX_IMAGE_BYTES: Final = 64_000_000
BATCH_IMAGE_BYTES: Final = 8_000_000


@dataclass(slots=True)
class Pending:
    """Rows of one table; `seqs` holds a number a row where numbers are given on arrival."""

    table: Table
    rows: list[tuple[int, Row]] = field(default_factory=list, repr=False)
    image_bytes: int = 0

    def add(self, seq: int, row: Row) -> bool:
        """Keep a row; False when the bound is reached and the row is not kept."""
        size = _image_bytes(row)
        if len(self.rows) >= MAX_ROWS or self.image_bytes + size > MAX_IMAGE_BYTES:
            return False
        self.rows.append((seq, row))
        self.image_bytes += size
        return True

    def head(self, span_ns: int) -> list[tuple[int, Row]]:
        """Give the oldest rows, of which there are some, that fit one file: less than `span_ns` and a few images."""
        self.rows.sort(key=lambda item: (row_time_ns(item[1]), item[0]))
        first_ns, last_ns = (row_time_ns(self.rows[i][1]) for i in (0, -1))
        if last_ns - first_ns < span_ns and self.image_bytes <= BATCH_IMAGE_BYTES:
            return self.rows[:]
        found: list[tuple[int, Row]] = []
        size = 0
        for item in self.rows:
            size += _image_bytes(item[1])
            late = row_time_ns(item[1]) - first_ns >= span_ns
            if found and (late or size > BATCH_IMAGE_BYTES):
                break
            found.append(item)
        return found

    def drop_head(self, count: int) -> None:
        """Let go of the oldest rows, which are written."""
        self.image_bytes -= sum(_image_bytes(row) for _, row in self.rows[:count])
        del self.rows[:count]

    def cut(self, since_ns: int) -> int:
        """Let go of the rows from an instant on; gives how many."""
        before = len(self.rows)
        self.rows = [
            item for item in self.rows if row_time_ns(item[1]) < since_ns or lasts(item[1])
        ]
        self.image_bytes = sum(_image_bytes(row) for _, row in self.rows)
        return before - len(self.rows)


def lasts(row: Row) -> bool:
    """Tell whether a row stays when its time is forgotten."""
    return isinstance(row, ContextRow) and row.kind in LASTING


def _image_bytes(row: Row) -> int:
    return len(row.image or b"") if isinstance(row, FrameRow) else 0
