"""Finding what a deletion takes: rows, frames and their duplicates, references to them.

Reads the columns that decide, file by file, and changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from recorder.core.events import KEY_KINDS, Kind
from recorder.episodes.columns import empty, numbers
from recorder.episodes.evolution import conform
from recorder.episodes.names import PartName, Table
from recorder.episodes.reader import Episode
from recorder.episodes.rows import LASTING
from recorder.episodes.schemas import SCHEMAS
from recorder.episodes.selection import (
    END_NS,
    WINDOW_KINDS,
    Selection,
    TimeRange,
    TypedSegment,
    clipped,
    ranges_of,
    touching,
    within,
)
from recorder.episodes.table_files import DamagedFile

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
        kinds = rows.column("kind").to_pylist()
        if self.keys is None:
            stays = np.array([kind == Kind.REMOVED for kind in kinds], bool)
            goes: Flags = within(numbers(rows, "t_ns"), self.ranges) & ~stays
            return goes
        is_key = np.array([kind in KEY_KINDS for kind in kinds], bool)
        seq = numbers(rows, "seq")
        return is_key & (seq >= self.keys.first_seq) & (seq <= self.keys.last_seq)


def mark(episode: Episode, selection: Selection) -> Marks:
    """Find what a selection takes.

    Raises:
        DamagedFile: It goes by app or site, and where these had the focus cannot be read.
    """
    ranges = ranges_of(selection, _windows(episode, selection))
    marks = Marks(clipped(ranges, end_ns(episode)), selection.typed)
    if marks.ranges:
        _mark_context(episode, marks)
        _mark_frames(episode, marks, alike=selection.alike)
    _mark_events(episode, marks)
    return marks


def read_part(episode: Episode, part: PartName, columns: Sequence[str] | None = None) -> pa.Table:
    """Give a file's rows, or some columns, in the present schema.

    Raises:
        DamagedFile: It cannot be read.
    """
    wanted = SCHEMAS[part.table].names if columns is None else list(columns)
    return conform(episode.files.read(part, wanted), part, wanted)


def end_ns(episode: Episode) -> int:
    """Give an instant behind the last row, by the names of the files."""
    return max((part.end_s for part in episode.files.names()), default=0) * SECOND_NS


def parts_of(episode: Episode, table: Table) -> list[PartName]:
    """Give the files of one table, in order."""
    return [part for part in episode.files.names() if part.table == table]


def _windows(episode: Episode, selection: Selection) -> pa.Table:
    """Give the rows that tell app and site; none where the selection needs none."""
    columns = ("kind", "t_ns", "app_id", "url_host")
    if selection.app_id is None and selection.url_host is None:
        return empty(pa.schema([SCHEMAS["context"].field(name) for name in columns]))
    found = episode.read("context", columns)
    for problem in episode.problems:
        if problem.file.startswith("context"):
            raise DamagedFile(problem.file, f"{problem.why}, so what lies where is not known")
    return found


def _mark_context(episode: Episode, marks: Marks) -> None:
    rows: list[tuple[int, int, str, PartName]] = []
    for part, found in _readable(episode, marks, "context", ("seq", "t_ns", "kind")):
        columns = (found.column(name).to_pylist() for name in ("t_ns", "seq", "kind"))
        rows += [(t_ns, seq, kind, part) for t_ns, seq, kind in zip(*columns, strict=True)]
    rows.sort(key=lambda row: row[:2])
    goes = within(np.array([row[0] for row in rows], np.int64), marks.ranges)
    gone = [row for row, one in zip(rows, goes, strict=True) if one and row[2] not in LASTING]
    _keep_windows_behind(episode, marks, rows)
    gone = [row for row in gone if row[1] not in marks.moved]
    _touch(marks, np.array([row[0] for row in gone], np.int64))
    marks.context = {row[1] for row in gone}
    marks.counts["context"] = len(gone)
    changed = marks.context | set(marks.moved)
    marks.parts |= {row[3] for row in rows if row[1] in changed}


def _keep_windows_behind(
    episode: Episode, marks: Marks, rows: Sequence[tuple[int, int, str, PartName]]
) -> None:
    """Move the row that tells the window in force behind a range to the range's end."""
    windows = [row for row in rows if row[2] in WINDOW_KINDS]
    last_ns = end_ns(episode)
    behind = (END_NS, 0, "", None)
    for row, following in pairwise([*windows, behind]):
        inside = [one for one in marks.ranges if one.start_ns <= row[0] < one.end_ns]
        for one in inside:
            if one.end_ns < min(following[0], last_ns):
                marks.moved[row[1]] = one.end_ns


def _mark_frames(episode: Episode, marks: Marks, *, alike: bool) -> None:
    columns = ("frame_id", "t_grab_start_ns", "t_grab_end_ns", "dup_of_frame_id")
    place: dict[int, PartName] = {}
    parent: dict[int, int] = {}
    time_ns: dict[int, int] = {}
    for part, rows in _readable(episode, marks, "frames", columns):
        first, last = (numbers(rows, name) for name in columns[1:3])
        ids = rows.column("frame_id").to_pylist()
        goes = touching(first, last, marks.ranges)
        marks.frames |= {one for one, flag in zip(ids, goes, strict=True) if flag}
        place |= dict.fromkeys(ids, part)
        time_ns |= dict(zip(ids, last.tolist(), strict=True))
        dups = rows.column("dup_of_frame_id").to_pylist()
        parent |= {one: dup for one, dup in zip(ids, dups, strict=True) if dup is not None}
    _touch(marks, np.array([time_ns[one] for one in marks.frames], np.int64))
    roots = {parent.get(one, one) for one in marks.frames}
    marks.alike = {one for one in place if parent.get(one, one) in roots} - marks.frames
    if alike:
        marks.frames, marks.alike = marks.frames | marks.alike, set()
    _find_heirs(marks, sorted(place, key=lambda one: (time_ns[one], one)), parent)
    marks.counts["frames"] = len(marks.frames)
    changed = [o for o in place if o in marks.frames or parent.get(o) in marks.heirs]
    marks.parts |= {place[one] for one in changed}


def _find_heirs(marks: Marks, ids: Iterable[int], parent: dict[int, int]) -> None:
    """Give each picture that goes to the first of its duplicates that stays."""
    for one in ids:
        original = parent.get(one)
        if original in marks.frames and one not in marks.frames:
            marks.heirs.setdefault(original, one)


def _mark_events(episode: Episode, marks: Marks) -> None:
    columns = ("seq", "t_ns", "kind", "frame_id", "window_seq")
    marks.counts["events"] = 0
    first_s = marks.ranges[0].start_ns // SECOND_NS if marks.ranges else -1
    for part, rows in _readable(episode, marks, "events", columns, first_s):
        marks.readable.append(part)
        goes = marks.events(rows)
        if goes.any() or _dangles(rows, "frame_id", marks.frames, "window_seq", marks.context):
            marks.parts.add(part)
        marks.counts["events"] += int(goes.sum())
        _note_first(marks, part, rows, np.flatnonzero(goes))


def _note_first(marks: Marks, part: PartName, rows: pa.Table, goes: NDArray[np.int64]) -> None:
    """Note the first event that goes of each range: its place is taken by a `removed` row."""
    times, seqs = numbers(rows, "t_ns")[goes], numbers(rows, "seq")[goes]
    places = [-1] * len(goes) if marks.keys is not None else marks.range_of(times)
    for place, seq, t_ns in zip(places, seqs.tolist(), times.tolist(), strict=True):
        marks.touched.add(place)
        if place not in marks.first or seq < marks.first[place][0]:
            marks.first[place] = (seq, t_ns, part)


def _dangles(rows: pa.Table, one: str, gone: set[int], other: str, also_gone: set[int]) -> bool:
    """Tell whether a row refers to what goes."""
    return not (
        gone.isdisjoint(rows.column(one).to_pylist())
        and also_gone.isdisjoint(rows.column(other).to_pylist())
    )


def _touch(marks: Marks, times_ns: NDArray[np.int64]) -> None:
    """Note in which ranges something goes. A frame's time is the end of its grab."""
    marks.touched |= set(marks.range_of(times_ns))


def _readable(
    episode: Episode, marks: Marks, table: Table, columns: Sequence[str], first_s: int = -1
) -> Iterable[tuple[PartName, pa.Table]]:
    """Give the files that can be read; those that cannot go, where they lie in the times.

    `first_s`: files that end before this second of the episode are left out.
    """
    for part in parts_of(episode, table):
        if part.end_s < first_s:
            continue
        try:
            yield part, read_part(episode, part, columns)
        except DamagedFile:
            found = _places(marks, part)
            marks.touched |= found
            marks.damaged += [part] if found else []


def _places(marks: Marks, part: PartName) -> set[int]:
    """Give the places of the ranges that a file's times touch."""
    first_ns, last_ns = part.start_s * SECOND_NS, part.end_s * SECOND_NS
    spans = enumerate(marks.ranges)
    return {at for at, one in spans if one.start_ns < last_ns and first_ns < one.end_ns}
