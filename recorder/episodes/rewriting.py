"""Deleting parts of a stored episode for real: files are rewritten without the rows.

A `removed` row stands where something went; it tells when, not what. Numbers of the rows
that stay do not change, so references keep their meaning.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from recorder.core.events import EventRow, Kind
from recorder.core.losses import Loss
from recorder.episodes.changing import Change, changing
from recorder.episodes.columns import with_column
from recorder.episodes.manifest import Removed as RemovedSeconds
from recorder.episodes.marking import mark, parts_of, read_part
from recorder.episodes.marks import SECOND_NS, Marks
from recorder.episodes.names import PartName
from recorder.episodes.owner import Owner, owner_of
from recorder.episodes.reader import Episode
from recorder.episodes.rows import to_table
from recorder.episodes.segments import pick, sort_rows
from recorder.episodes.selection import Selection, TimeRange

_ORDER: Final = ("frames", "context", "events")


@dataclass(frozen=True, slots=True)
class Removed:
    """What went, or would go.

    Attributes:
        ranges: Times in which everything went.
        events: Rows of events that went; `frames`, `context` likewise.
        alike: Frames that stay and show the very picture of one that went.
        damaged: Files within the times that could not be read and went whole.
    """

    ranges: tuple[TimeRange, ...]
    events: int
    frames: int
    context: int
    alike: tuple[int, ...]
    damaged: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there to go."""
        return not (self.events or self.frames or self.context or self.damaged)


def plan_removal(episode: Episode, selection: Selection) -> Removed:
    """Say what `remove` would take; changes nothing.

    Raises:
        DamagedFile: It goes by app or site, and where these had the focus cannot be read.
    """
    return _told(mark(episode, selection))


def remove(episode: Episode, selection: Selection, owner: Owner | None = None) -> Removed:
    """Delete rows for good; killed at any instant, all of them are there or none is.

    Frames go whose grab touches the times. The picture of one that goes is passed on to a
    duplicate that stays. References to what went become null. Approvals of the episode end.

    Args:
        episode: Reads anew afterwards.
        selection: What goes.
        owner: Signs the manifest anew; the folder's own unless given.

    Raises:
        DamagedFile: As `plan_removal`.
        EpisodeBusy: It is being recorded, or changed by another program.
        FolderUnwritable: Nothing went.
    """
    who = owner or owner_of(episode.path.parents[2])
    with changing(episode, who) as change:
        marks = mark(episode, selection)
        if marks.is_empty:
            return _told(marks)
        notes = _notes(episode, marks)
        pictures = _pictures(episode, marks)
        known = set(episode.files.names())
        for part in sorted(marks.parts | set(notes), key=_key):
            if part in known:
                _rewrite(change, episode, part, (marks, notes.get(part, []), pictures))
            else:
                change.create(part, _removed_rows(episode, notes[part]))
        for part in marks.damaged:
            change.drop(part)
        change.commit(_seconds(marks))
    return _told(marks)


_Work = tuple[Marks, list[tuple[int, int]], dict[int, Any]]
"""What goes, the `removed` rows of the file (number, time), pictures of heirs."""


def _rewrite(change: Change, episode: Episode, part: PartName, work: _Work) -> None:
    marks, notes, pictures = work
    old = read_part(episode, part)
    if part.table == "frames":
        change.replace(part, old, _frames(old, marks, pictures))
    elif part.table == "context":
        new = _context(old, marks)
        change.replace(part, old, new, _longer(part, marks, old))
    else:
        kept = _events(old, marks)
        change.replace(
            part, old, sort_rows("events", pa.concat_tables([kept, _removed_rows(episode, notes)]))
        )


def _events(rows: pa.Table, marks: Marks) -> pa.Table:
    """Give the events that stay, without references to what goes."""
    kept = pick(rows, np.flatnonzero(~marks.events(rows)))
    kept = _without(kept, "frame_id", marks.frames)
    return _without(kept, "window_seq", marks.context)


def _frames(rows: pa.Table, marks: Marks, pictures: dict[int, Any]) -> pa.Table:
    """Give the frames that stay; heirs with the picture, other duplicates pointing to them."""
    ids = rows.column("frame_id").to_pylist()
    kept = pick(rows, np.flatnonzero([one not in marks.frames for one in ids]))
    parents = kept.column("dup_of_frame_id").to_pylist()
    if marks.heirs.keys().isdisjoint(parents):
        return kept
    ids = kept.column("frame_id").to_pylist()
    images = kept.column("image").to_pylist()
    for at, one in enumerate(ids):
        heir = marks.heirs.get(parents[at], parents[at])
        parents[at] = None if heir == one else heir
        images[at] = pictures.get(one, images[at])
    kept = with_column(kept, "dup_of_frame_id", parents)
    shaped = [None if image is None else (image["bytes"], image["path"]) for image in images]
    return with_column(kept, "image", shaped)


def _context(rows: pa.Table, marks: Marks) -> pa.Table:
    """Give the rows that stay; one that tells the window behind a range loses its title."""
    seqs = rows.column("seq").to_pylist()
    kept = pick(rows, np.flatnonzero([seq not in marks.context for seq in seqs]))
    seqs = kept.column("seq").to_pylist()
    if marks.moved.keys().isdisjoint(seqs):
        return kept
    times = kept.column("t_ns").to_pylist()
    kept = with_column(
        kept, "t_ns", [marks.moved.get(s, t) for s, t in zip(seqs, times, strict=True)]
    )
    for name in ("window_title", "title_redaction"):
        kept = _without(kept, name, marks.moved.keys(), seqs)
    return sort_rows("context", kept)


def _longer(part: PartName, marks: Marks, rows: pa.Table) -> PartName:
    """Give the file's name with times that hold the rows which moved."""
    seqs = set(rows.column("seq").to_pylist())
    last_ns = max((t for seq, t in marks.moved.items() if seq in seqs), default=0)
    return replace(part, end_s=max(part.end_s, last_ns // SECOND_NS + 1))


def _pictures(episode: Episode, marks: Marks) -> dict[int, Any]:
    """Give the pictures that are passed on, by the frame that gets them."""
    found: dict[int, Any] = {}
    for part in parts_of(episode, "frames") if marks.heirs else ():
        if part not in marks.parts:
            continue
        ids = read_part(episode, part, ["frame_id"]).column("frame_id").to_pylist()
        if marks.heirs.keys().isdisjoint(ids):
            continue
        images = read_part(episode, part, ["image"]).column("image")
        for at, one in enumerate(ids):
            if one in marks.heirs:
                found[marks.heirs[one]] = images[at].as_py()
    return found


def _notes(episode: Episode, marks: Marks) -> dict[PartName, list[tuple[int, int]]]:
    """Give number and time of the `removed` rows, by the file of events that takes them."""
    found: dict[PartName, list[tuple[int, int]]] = {}
    alone: list[int] = []
    for place in sorted(marks.touched):
        seq, t_ns, part = marks.first.get(place, (0, 0, None))
        if part is None:
            alone.append(marks.ranges[place].start_ns)
        else:
            start_ns = marks.ranges[place].start_ns if place >= 0 else t_ns
            found.setdefault(part, []).append((seq, start_ns))
    if alone:
        _note_alone(episode, marks, alone, found)
    return found


def _note_alone(
    episode: Episode,
    marks: Marks,
    starts_ns: Sequence[int],
    found: dict[PartName, list[tuple[int, int]]],
) -> None:
    """Add the rows of ranges without events, under numbers that no event has.

    They join a file of their time, else they get one.
    """
    seqs = episode.read("events", ["seq"]).column("seq").to_pylist()
    segment = max(part.segment for part in episode.files.names()) + 1
    span = (starts_ns[0] // SECOND_NS, starts_ns[-1] // SECOND_NS + 1)
    for seq, start_ns in enumerate(starts_ns, max(seqs, default=-1) + 1):
        second = start_ns // SECOND_NS
        around = (part for part in marks.readable if part.start_s <= second < part.end_s)
        part = next(around, PartName("events", segment, *span))
        found.setdefault(part, []).append((seq, start_ns))


def _removed_rows(episode: Episode, notes: list[tuple[int, int]]) -> pa.Table:
    rows = [EventRow(t_ns, Kind.REMOVED, reason=Loss.DELETED.value) for _, t_ns in notes]
    return to_table("events", rows, [seq for seq, _ in notes], episode.episode_id, 0)


def _seconds(marks: Marks) -> list[RemovedSeconds]:
    """Give what the manifest notes: whole seconds, nothing of what was there."""
    ranges = [marks.ranges[place] for place in sorted(marks.touched) if place >= 0]
    spans = [(one.start_ns, one.end_ns) for one in ranges]
    spans += [(t_ns, t_ns + 1) for place, (_, t_ns, _) in marks.first.items() if place < 0]
    return [
        RemovedSeconds(start_s=start_ns // SECOND_NS, end_s=-(-end_ns // SECOND_NS), files=())
        for start_ns, end_ns in spans
    ]


def _without(
    rows: pa.Table, name: str, gone: AbstractSet[int], keys: Sequence[int] | None = None
) -> pa.Table:
    """Give the rows with nulls where a value, or the row's key, is among those gone."""
    values = rows.column(name).to_pylist()
    marks = values if keys is None else keys
    if not any(mark in gone for mark in marks):
        return rows
    kept = [None if mark in gone else value for mark, value in zip(marks, values, strict=True)]
    return with_column(rows, name, kept)


def _key(part: PartName) -> tuple[int, int, int]:
    batch = -1 if part.batch is None else part.batch
    return _ORDER.index(part.table), part.segment, batch


def _told(marks: Marks) -> Removed:
    return Removed(
        ranges=marks.ranges,
        events=marks.counts.get("events", 0),
        frames=marks.counts.get("frames", 0),
        context=marks.counts.get("context", 0),
        alike=tuple(sorted(marks.alike)),
        damaged=tuple(str(part) for part in marks.damaged),
    )
