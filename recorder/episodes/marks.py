"""What a deletion takes, as it was found; nothing is changed yet."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from recorder.core.events import KEY_KINDS, Kind
from recorder.episodes.columns import numbers
from recorder.episodes.names import PartName, Table
from recorder.episodes.selection import TimeRange, TypedSegment, within

SECOND_NS: Final = 1_000_000_000
Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Marks:
    """What goes, and what changes with it.

    Attributes:
        ranges: Times in which everything goes.
        keys: Key rows that go.
        frames: Ids of frames that go.
        heirs: {frame that goes: its duplicate that stays and takes the picture}.
        alike: Ids of frames that stay and show the picture of one that goes.
        context: Numbers of rows of context that go.
        moved: {number of the row that tells the window behind a range: its new time}.
        counts: Rows that go by table.
        first: {place of a range, -1 for keys: (number, time, file) of its first event}.
        touched: Places of ranges in which anything goes.
        parts: Files that change.
        readable: Files of events that can be read.
        damaged: Files within the times that cannot be read; they go whole.
    """

    ranges: tuple[TimeRange, ...]
    keys: TypedSegment | None
    frames: set[int] = field(default_factory=set)
    heirs: dict[int, int] = field(default_factory=dict)
    alike: set[int] = field(default_factory=set)
    context: set[int] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)
    counts: dict[Table, int] = field(default_factory=dict)
    first: dict[int, tuple[int, int, PartName]] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    parts: set[PartName] = field(default_factory=set)
    readable: list[PartName] = field(default_factory=list)
    damaged: list[PartName] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing goes."""
        return not (any(self.counts.values()) or self.damaged)

    def range_of(self, times_ns: NDArray[np.int64]) -> list[int]:
        """Give the place of the range in which each time lies; they all lie in one."""
        starts = np.array([one.start_ns for one in self.ranges], np.int64)
        places: list[int] = (np.searchsorted(starts, times_ns, side="right") - 1).tolist()
        return places

    def events(self, rows: pa.Table) -> Flags:
        """Tell of each event whether it goes. Needs kind, t_ns and, for keys, seq."""
        if self.keys is None:
            goes = within(numbers(rows, "t_ns"), self.ranges)
            if not goes.any():
                return goes
            stays = np.array(
                [kind == Kind.REMOVED for kind in rows.column("kind").to_pylist()], bool
            )
            goes &= ~stays
            return goes
        is_key: Flags = np.array(
            [kind in KEY_KINDS for kind in rows.column("kind").to_pylist()], bool
        )
        seq = numbers(rows, "seq")
        is_key &= (seq >= self.keys.first_seq) & (seq <= self.keys.last_seq)
        return is_key
