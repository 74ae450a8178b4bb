"""The payload of an approval: approved rows as plain Parquet in one deterministic tar.

Made member by member, so that a day never stands in memory, and never on disk in the clear.
Nothing in it counts what was left out: events are numbered anew.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recorder.core.errors import RecorderError
from recorder.core.events import EventRow, Kind
from recorder.core.losses import Loss
from recorder.episodes.columns import numbers, with_column
from recorder.episodes.marking import end_ns, parts_of, read_part
from recorder.episodes.marks import SECOND_NS
from recorder.episodes.names import TABLES, PartName
from recorder.episodes.reader import Episode
from recorder.episodes.rows import LASTING, to_table
from recorder.episodes.schemas import ROW_GROUP_ROWS, file_schema, writer_options
from recorder.episodes.segments import pick, sort_rows
from recorder.episodes.selection import (
    WINDOW_KINDS,
    TimeRange,
    clipped,
    merged,
    touching,
    within,
)
from recorder.sharing.within import WithinCheck

INDEX: Final = "index.json"
"""First member: what the others are, without a hash of its own."""
_BLOCK: Final = 512


@dataclass(slots=True)
class _Kept:
    """What of the episode is approved, so far as references need it."""

    ranges: tuple[TimeRange, ...]
    frames: set[int] = field(default_factory=set)
    context: set[int] = field(default_factory=set)
    heirs: dict[int, int] = field(default_factory=dict)
    """{frame that is not approved: its first duplicate that is}."""
    carried: dict[int, int] = field(default_factory=dict)
    """{row that tells the window at the start of a range: that start}."""
    next_seq: int = 0


class Payload:
    """A tar that is made while it is read; afterwards digest, size and rows are known.

    Attributes:
        rows: Rows by table, so far.
        files: Names of the episode's files that rows or pictures came from, so far.
        size_bytes: Bytes read so far.
        error: What went wrong while it was made; whoever reads it sees an end too early.
    """

    def __init__(self) -> None:
        self.chunks: Iterator[bytes] = iter(())
        self.rows: dict[str, int] = {}
        self.files: set[str] = set()
        self.size_bytes = 0
        self.error: RecorderError | None = None
        self._digest = hashlib.sha256()
        self._chunk = io.BytesIO()

    @property
    def sha256(self) -> str:
        """Hex digest of what was read so far."""
        return self._digest.hexdigest()

    def read(self, size: int = -1) -> bytes:
        """Give some of the next bytes; b"" at the end."""
        found = self._chunk.read(size)
        while not found:
            try:
                chunk = next(self.chunks, b"")
            except RecorderError as error:
                self.error, chunk = error, b""
            if not chunk:
                return b""
            self._chunk = io.BytesIO(chunk)
            found = self._chunk.read(size)
        self._digest.update(found)
        self.size_bytes += len(found)
        return found


Check = WithinCheck | None
"""What a study may have; None where that is not known."""


def payload_of(
    episode: Episode,
    ranges: Sequence[TimeRange] | None,
    step: Callable[[], None],
    check: Check = None,
) -> Payload:
    """Give the payload of an episode's ranges, or of all of it.

    Args:
        episode: Read file by file while the payload is read.
        ranges: Times of the episode; None for all.
        step: Called after each file.
        check: Looks at the approved rows; what it raises stands in `error`.

    A file within the ranges that cannot be read stands in `error` afterwards.
    """
    kept = _Kept(approved_ranges(episode, ranges))
    made = Payload()
    made.chunks = _tar(episode, kept, made, (step, check or WithinCheck(None)))
    return made


def approved_ranges(episode: Episode, ranges: Sequence[TimeRange] | None) -> tuple[TimeRange, ...]:
    """Give the times within the episode, merged; all of it for None."""
    last_ns = end_ns(episode)
    whole = [TimeRange(0, last_ns)] if last_ns else []
    return clipped(merged(whole if ranges is None else ranges), last_ns)


def _tar(
    episode: Episode,
    kept: _Kept,
    made: Payload,
    told: tuple[Callable[[], None], WithinCheck],
) -> Iterator[bytes]:
    step, check = told
    _find_frames(episode, kept)
    _find_context(episode, kept)
    yield _member(INDEX, _index(episode, kept))
    pictures = _pictures(episode, kept, made.files)
    for table in TABLES:
        made.rows[table] = 0
        for number, part in enumerate(_in_times(episode, table, kept)):
            made.files.add(str(part))
            found = _approved(part, read_part(episode, part), kept, pictures)
            step()
            if found.num_rows:
                check.look(table, found)
                made.rows[table] += found.num_rows
                yield _member(f"{table}-{number:06d}.parquet", _parquet(part, found, episode))
    check.end()
    yield bytes(2 * _BLOCK)


def _index(episode: Episode, kept: _Kept) -> bytes:
    """Give what a study needs to read the rows; nothing of the person's own consent."""
    manifest = episode.manifest
    told: dict[str, object] = {
        "schema": "recorder.payload/1",
        "episode_id": episode.episode_id,
        "ranges": [[one.start_ns, one.end_ns] for one in kept.ranges],
    }
    if manifest is not None:
        told |= manifest.model_dump(
            mode="json",
            include={
                "grant", "recorder_version", "schema_version", "clock", "anchors", "capture",
                "double_click_ms", "drag_threshold_px",
            },
        )  # fmt: skip
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def _in_times(episode: Episode, table: Any, kept: _Kept) -> Iterator[PartName]:  # noqa: ANN401
    """Give the files that may hold approved rows; all of context, which opens the episode."""
    for part in parts_of(episode, table):
        first = np.array([part.start_s * SECOND_NS])
        if table == "context" or touching(first, np.array([part.end_s * SECOND_NS]), kept.ranges):
            yield part


def _find_frames(episode: Episode, kept: _Kept) -> None:
    columns = ("frame_id", "t_grab_start_ns", "t_grab_end_ns", "dup_of_frame_id")
    rows = episode.read("frames", columns)
    whole = _wholly(numbers(rows, columns[1]), numbers(rows, columns[2]), kept.ranges)
    ids = rows.column("frame_id").to_pylist()
    kept.frames = {one for one, flag in zip(ids, whole, strict=True) if flag}
    for one, parent in zip(ids, rows.column("dup_of_frame_id").to_pylist(), strict=True):
        if one in kept.frames and parent is not None and parent not in kept.frames:
            kept.heirs.setdefault(parent, one)


def _wholly(first_ns: Any, last_ns: Any, ranges: tuple[TimeRange, ...]) -> Any:  # noqa: ANN401
    """Tell of each span whether all of it is approved."""
    starts = np.array([one.start_ns for one in ranges], np.int64)
    at = np.searchsorted(starts, first_ns, side="right") - 1
    return (
        within(first_ns, ranges)
        & within(last_ns, ranges)
        & (at == np.searchsorted(starts, last_ns, side="right") - 1)
    )


def _find_context(episode: Episode, kept: _Kept) -> None:
    rows = episode.read("context", ["seq", "t_ns", "kind"]).to_pylist()
    flags = within(np.array([row["t_ns"] for row in rows], np.int64), kept.ranges)
    kept.context = {row["seq"] for row, flag in zip(rows, flags, strict=True) if flag}
    kept.context |= {row["seq"] for row in rows if row["kind"] in LASTING}
    windows = [row for row in rows if row["kind"] in WINDOW_KINDS]
    for one in kept.ranges:
        before = [row for row in windows if row["t_ns"] <= one.start_ns]
        if before and before[-1]["seq"] not in kept.context:
            kept.carried[before[-1]["seq"]] = one.start_ns
    kept.context |= kept.carried.keys()


def _pictures(episode: Episode, kept: _Kept, files: set[str]) -> dict[int, Any]:
    """Give the pictures that approved duplicates take over, by duplicate; notes their files."""
    found: dict[int, Any] = {}
    for part in parts_of(episode, "frames") if kept.heirs else ():
        ids = read_part(episode, part, ["frame_id"]).column("frame_id").to_pylist()
        if kept.heirs.keys().isdisjoint(ids):
            continue
        files.add(str(part))
        images = read_part(episode, part, ["image"]).column("image")
        found |= {
            kept.heirs[one]: images[at].as_py() for at, one in enumerate(ids) if one in kept.heirs
        }
    return found


def _approved(part: PartName, rows: pa.Table, kept: _Kept, pictures: dict[int, Any]) -> pa.Table:
    if part.table == "frames":
        return _frames(rows, kept, pictures)
    return _context(rows, kept) if part.table == "context" else _events(part, rows, kept)


def _events(part: PartName, rows: pa.Table, kept: _Kept) -> pa.Table:
    """Give approved events, numbered anew, and a `removed` row behind each range."""
    found = pick(rows, np.flatnonzero(within(numbers(rows, "t_ns"), kept.ranges)))
    for name, known in (("frame_id", kept.frames), ("window_seq", kept.context)):
        values = [v if v in known else None for v in found.column(name).to_pylist()]
        found = with_column(found, name, values)
    first_ns, last_ns = part.start_s * SECOND_NS, part.end_s * SECOND_NS
    ends = [one.end_ns for one in kept.ranges if first_ns < one.end_ns < last_ns]
    notes = [EventRow(end, Kind.REMOVED, reason=Loss.NOT_APPROVED.value) for end in ends]
    episode_id = rows.column("episode_id")[0].as_py() if rows.num_rows else ""
    marks = to_table("events", notes, [0] * len(notes), episode_id, 0)
    found = sort_rows("events", pa.concat_tables([found, marks]))
    seqs = range(kept.next_seq, kept.next_seq + found.num_rows)
    kept.next_seq += found.num_rows
    return with_column(found, "seq", list(seqs))


def _frames(rows: pa.Table, kept: _Kept, pictures: dict[int, Any]) -> pa.Table:
    ids = rows.column("frame_id").to_pylist()
    found = pick(rows, np.flatnonzero([one in kept.frames for one in ids]))
    ids = found.column("frame_id").to_pylist()
    parents = found.column("dup_of_frame_id").to_pylist()
    if kept.heirs.keys().isdisjoint(parents):
        return found
    images = [image and (image["bytes"], None) for image in found.column("image").to_pylist()]
    for at, one in enumerate(ids):
        if one in pictures:
            image = pictures[one]
            images[at] = image and (image["bytes"], None)
        heir = kept.heirs.get(parents[at], parents[at])
        parents[at] = None if heir == one else heir
    return with_column(with_column(found, "dup_of_frame_id", parents), "image", images)


def _context(rows: pa.Table, kept: _Kept) -> pa.Table:
    """Give approved rows; what opens the episode, and the window at each start, with them."""
    seqs = rows.column("seq").to_pylist()
    found = pick(rows, np.flatnonzero([seq in kept.context for seq in seqs]))
    seqs, times = (found.column(name).to_pylist() for name in ("seq", "t_ns"))
    moved = [kept.carried.get(seq, t_ns) for seq, t_ns in zip(seqs, times, strict=True)]
    found = with_column(found, "consent_id", [None] * found.num_rows)
    return sort_rows("context", with_column(found, "t_ns", moved))


def _parquet(part: PartName, rows: pa.Table, episode: Episode) -> bytes:
    schema = file_schema(part.table, episode.episode_id, part.segment)
    file = io.BytesIO()
    with pq.ParquetWriter(file, schema, **writer_options(part.table)) as out:
        out.write_table(
            rows.replace_schema_metadata(schema.metadata),
            row_group_size=ROW_GROUP_ROWS[part.table],
        )
    return file.getvalue()


def _member(name: str, data: bytes) -> bytes:
    """Give one member of a tar: no owner, no time, mode 0600."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    return info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(-len(data) % _BLOCK)
