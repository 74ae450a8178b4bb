"""Finding what a deletion takes: rows, frames and their duplicates, references to them.

Reads the columns that decide, file by file, and changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from recorder.episodes.columns import empty, numbers
from recorder.episodes.evolution import conform
from recorder.episodes.marks import SECOND_NS, Marks
from recorder.episodes.names import PartName, Table
from recorder.episodes.reach import Reach
from recorder.episodes.reader import Episode
from recorder.episodes.rows import LASTING
from recorder.episodes.schemas import SCHEMAS
from recorder.episodes.selection import (
    END_NS,
    WINDOW_KINDS,
    Selection,
    clipped,
    ranges_of,
    touching,
    within,
)
from recorder.episodes.table_files import DamagedFile

_LATE_S: Final = 120
"""A duplicate may have been grabbed shortly before the frame whose picture it shows."""


def mark(episode: Episode, selection: Selection) -> Marks:
    """Find what a selection takes.

    Raises:
        DamagedFile: It goes by app or site, and where these had the focus cannot be read.
    """
    ranges = ranges_of(selection, _windows(episode, selection))
    marks = Marks(clipped(ranges, end_ns(episode)), selection.typed)
    monitors: Mapping[int, int] = {}
    if marks.ranges:
        _mark_context(episode, marks)
        monitors = _mark_frames(episode, marks, alike=selection.alike)
    _mark_events(episode, marks, monitors)
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
    rows = sorted(_context_rows(episode, marks), key=lambda row: row[:2])
    goes = within(np.array([row[0] for row in rows], np.int64), marks.ranges)
    gone = [row for row, one in zip(rows, goes, strict=True) if one and row[2] not in LASTING]
    _keep_windows_behind(episode, marks, rows)
    gone = [row for row in gone if row[1] not in marks.moved]
    _touch(marks, np.array([row[0] for row in gone], np.int64))
    marks.context = {row[1] for row in gone}
    marks.counts["context"] = len(gone)
    changed = marks.context | set(marks.moved)
    marks.parts |= {row[3] for row in rows if row[1] in changed}


_ContextRow = tuple[int, int, str, PartName]
"""Time, number, kind, file."""


def _context_rows(episode: Episode, marks: Marks) -> Iterable[_ContextRow]:
    """Give the rows from the first range to the first window behind the last one."""
    columns = ("t_ns", "seq", "kind")
    is_behind = False
    for part, found in _readable(episode, marks, "context", columns, _from(marks)):
        for row in zip(*(found.column(name).to_pylist() for name in columns), strict=True):
            is_behind |= row[2] in WINDOW_KINDS and row[0] >= marks.ranges[-1].end_ns
            yield (*row, part)
        if is_behind:
            return


def _keep_windows_behind(episode: Episode, marks: Marks, rows: Sequence[_ContextRow]) -> None:
    """Move the row that tells the window in force behind a range to the range's end."""
    windows = [row for row in rows if row[2] in WINDOW_KINDS]
    last_ns = end_ns(episode)
    behind = (END_NS, 0, "", None)
    for row, following in pairwise([*windows, behind]):
        inside = [one for one in marks.ranges if one.start_ns <= row[0] < one.end_ns]
        for one in inside:
            if one.end_ns < min(following[0], last_ns):
                marks.moved[row[1]] = one.end_ns


@dataclass(slots=True)
class _Frames:
    """What the columns of frames tell, by frame."""

    place: dict[int, PartName] = field(default_factory=dict)
    parent: dict[int, int] = field(default_factory=dict)
    time_ns: dict[int, int] = field(default_factory=dict)
    monitor: dict[int, int] = field(default_factory=dict)

    def root(self, frame_id: int) -> int:
        """Give the frame that holds the picture."""
        return self.parent.get(frame_id, frame_id)


def _mark_frames(episode: Episode, marks: Marks, *, alike: bool) -> Mapping[int, int]:
    """Mark frames and their duplicates; gives the monitors of those that go and of later ones."""
    first_s = _first_s(marks) - _LATE_S
    known = _Frames()
    _read_frames(episode, marks, known, lambda part: part.end_s >= first_s)
    if any(known.root(one) not in known.place for one in marks.frames):
        _read_frames(episode, marks, known, lambda part: part.end_s < first_s)
    _touch(marks, np.array([known.time_ns[one] for one in marks.frames], np.int64))
    roots = {known.root(one) for one in marks.frames}
    marks.alike = {one for one in known.place if known.root(one) in roots} - marks.frames
    if alike:
        marks.frames, marks.alike = marks.frames | marks.alike, set()
    by_time = sorted(known.place, key=lambda one: (known.time_ns[one], one))
    _find_heirs(marks, by_time, known.parent)
    marks.counts["frames"] = len(marks.frames)
    changed = [o for o in by_time if o in marks.frames or known.parent.get(o) in marks.heirs]
    marks.parts |= {known.place[one] for one in changed}
    return known.monitor


def _read_frames(
    episode: Episode, marks: Marks, known: _Frames, wanted: Callable[[PartName], bool]
) -> None:
    columns = ("frame_id", "t_grab_start_ns", "t_grab_end_ns", "dup_of_frame_id", "monitor_id")
    for part, rows in _readable(episode, marks, "frames", columns, wanted):
        first, last = (numbers(rows, name) for name in columns[1:3])
        ids, dups, monitors = (rows.column(columns[at]).to_pylist() for at in (0, 3, 4))
        goes = touching(first, last, marks.ranges)
        marks.frames |= {one for one, flag in zip(ids, goes, strict=True) if flag}
        known.place |= dict.fromkeys(ids, part)
        known.time_ns |= dict(zip(ids, last.tolist(), strict=True))
        known.monitor |= dict(zip(ids, monitors, strict=True))
        known.parent |= {one: dup for one, dup in zip(ids, dups, strict=True) if dup is not None}


def _find_heirs(marks: Marks, ids: Iterable[int], parent: dict[int, int]) -> None:
    """Give each picture that goes to the first of its duplicates that stays."""
    for one in ids:
        original = parent.get(one)
        if original in marks.frames and one not in marks.frames:
            marks.heirs.setdefault(original, one)


def _mark_events(episode: Episode, marks: Marks, monitors: Mapping[int, int]) -> None:
    columns = ("seq", "t_ns", "kind", "frame_id", "window_seq")
    marks.counts["events"] = 0
    last_ns = marks.ranges[-1].end_ns if marks.ranges else END_NS
    reach = Reach(marks.frames, monitors, marks.context)
    for part, rows in _readable(episode, marks, "events", columns, _from(marks)):
        if part.start_s * SECOND_NS > last_ns and reach.is_over:
            return
        marks.readable.append(part)
        goes = marks.events(rows)
        if reach.sees(rows) or goes.any():
            marks.parts.add(part)
        marks.counts["events"] += int(goes.sum())
        _note_first(marks, part, rows, np.flatnonzero(goes))


def _from(marks: Marks) -> Callable[[PartName], bool]:
    first_s = _first_s(marks)
    return lambda part: part.end_s >= first_s


def _first_s(marks: Marks) -> int:
    """Give the second in which the first range begins; -1 for keys, which may be anywhere."""
    return marks.ranges[0].start_ns // SECOND_NS if marks.ranges else -1


def _note_first(marks: Marks, part: PartName, rows: pa.Table, goes: NDArray[np.int64]) -> None:
    """Note the first event that goes of each range: its place is taken by a `removed` row."""
    times, seqs = numbers(rows, "t_ns")[goes], numbers(rows, "seq")[goes]
    places = [-1] * len(goes) if marks.keys is not None else marks.range_of(times)
    for place, seq, t_ns in zip(places, seqs.tolist(), times.tolist(), strict=True):
        marks.touched.add(place)
        if place not in marks.first or seq < marks.first[place][0]:
            marks.first[place] = (seq, t_ns, part)


def _touch(marks: Marks, times_ns: NDArray[np.int64]) -> None:
    """Note in which ranges something goes. A frame's time is the end of its grab."""
    marks.touched |= set(marks.range_of(times_ns))


def _readable(
    episode: Episode,
    marks: Marks,
    table: Table,
    columns: Sequence[str],
    wanted: Callable[[PartName], bool],
) -> Iterable[tuple[PartName, pa.Table]]:
    """Give the files that can be read; those that cannot go, where they lie in the times."""
    for part in filter(wanted, parts_of(episode, table)):
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
