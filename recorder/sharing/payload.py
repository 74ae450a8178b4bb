"""The payload of an approval: approved rows as plain Parquet in one deterministic tar.

Made member by member, so that a day never stands in memory, and never on disk in the clear.
Nothing in it counts what was left out: rows are numbered anew. It is made for one study: the
episode has an id of its own there, and nothing tells the computer or its clock.
"""

import hashlib
import io
import json
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recorder.core.errors import RecorderError
from recorder.core.events import EventRow, Kind
from recorder.core.losses import Loss
from recorder.episodes.columns import numbers, with_column
from recorder.episodes.marking import parts_of, read_part
from recorder.episodes.marks import SECOND_NS
from recorder.episodes.names import TABLES, PartName, Table
from recorder.episodes.reader import Episode
from recorder.episodes.rows import to_table
from recorder.episodes.schemas import (
    ROW_GROUP_ROWS,
    SCHEMA_VERSION,
    file_schema,
    writer_options,
)
from recorder.episodes.segments import pick, sort_rows
from recorder.episodes.selection import TimeRange, merged, touching, within
from recorder.sharing.kept import Kept, approved_ranges, kept_of
from recorder.sharing.within import WithinCheck

INDEX: Final = "index.json"
"""First member: what the others are, without a hash of its own."""
_BLOCK: Final = 512
_MS: Final = 1_000_000
"""Times of what is shared are floored to it; the display server's are no finer."""


class Payload:
    """A tar that is made while it is read; afterwards digest, size and rows are known.

    Attributes:
        rows: Rows by table, so far.
        left_out: Frames of the approved times that the study may not have, by reason.
        files: Names of the episode's files that rows or pictures came from, so far.
        size_bytes: Bytes read so far.
        error: What went wrong while it was made; whoever reads it sees an end too early.
    """

    def __init__(self) -> None:
        self.chunks: Iterator[bytes] = iter(())
        self.rows: dict[str, int] = {}
        self.left_out: Counter[Loss] = Counter()
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
    study_id: str,
    ranges: Sequence[TimeRange] | None,
    step: Callable[[], None],
    check: Check = None,
) -> Payload:
    """Give the payload of an episode's ranges, or of all of it.

    Args:
        episode: Read file by file while the payload is read.
        study_id: Under which id the study gets it, see `study_ids`.
        ranges: Times of the episode; None for all.
        step: Called after each file.
        check: Looks at the approved rows; what it raises stands in `error`.

    A file within the ranges that cannot be read stands in `error` afterwards.
    """
    made = Payload()
    source = _Source(
        episode, study_id, approved_ranges(episode, ranges), check or WithinCheck(None)
    )
    made.chunks = _tar(source, made, step)
    return made


@dataclass(frozen=True, slots=True)
class _Source:
    """What a payload is made of."""

    episode: Episode
    study_id: str
    ranges: tuple[TimeRange, ...]
    check: WithinCheck


def _tar(source: _Source, made: Payload, step: Callable[[], None]) -> Iterator[bytes]:
    episode, check = source.episode, source.check
    kept = kept_of(episode, source.ranges, check)
    made.left_out = kept.left_out
    yield _member(INDEX, _index(source, kept))
    pictures = _pictures(episode, kept, made.files)
    for table in TABLES:
        made.rows[table] = number = 0
        for part in _in_times(episode, table, kept):
            made.files.add(str(part))
            found = _approved(part, read_part(episode, part), kept, pictures)
            step()
            if found.num_rows:
                check.look(table, found)
                made.rows[table] += found.num_rows
                data = _parquet(table, number, found, source.study_id)
                yield _member(f"{table}-{number:06d}.parquet", data)
                number += 1
    check.end()
    yield bytes(2 * _BLOCK)


def _index(source: _Source, kept: Kept) -> bytes:
    """Give what a study needs to read the rows; nothing of person, consent, computer, clock."""
    manifest = source.episode.manifest
    told: dict[str, object] = {
        "schema": "recorder.payload/1",
        "episode_id": source.study_id,
        "ranges": [[one.start_ns, one.end_ns] for one in _whole_ms(kept.ranges)],
        "removed": sorted(kept.left_out),
        "schema_version": SCHEMA_VERSION,
    }
    if manifest is not None:
        needed = {"grant", "recorder_version", "double_click_ms", "drag_threshold_px"}
        told |= manifest.model_dump(mode="json", include=needed)
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def _whole_ms(ranges: tuple[TimeRange, ...]) -> Sequence[TimeRange]:
    spans = ((one.start_ns // _MS * _MS, -(-one.end_ns // _MS) * _MS) for one in ranges)
    return merged([TimeRange(*span) for span in spans])


def _in_times(episode: Episode, table: Any, kept: Kept) -> Iterator[PartName]:  # noqa: ANN401
    """Give the files that may hold approved rows; all of context, which opens the episode."""
    for part in parts_of(episode, table):
        first = np.array([part.start_s * SECOND_NS])
        if table == "context" or touching(first, np.array([part.end_s * SECOND_NS]), kept.ranges):
            yield part


def _pictures(episode: Episode, kept: Kept, files: set[str]) -> dict[int, Any]:
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


def _approved(part: PartName, rows: pa.Table, kept: Kept, pictures: dict[int, Any]) -> pa.Table:
    if part.table == "frames":
        return _frames(rows, kept, pictures)
    return _context(rows, kept) if part.table == "context" else _events(part, rows, kept)


def _events(part: PartName, rows: pa.Table, kept: Kept) -> pa.Table:
    """Give approved events, numbered anew, and a `removed` row behind each range."""
    found = pick(rows, np.flatnonzero(within(numbers(rows, "t_ns"), kept.ranges)))
    for name, known in (("frame_id", kept.frames), ("window_seq", kept.context)):
        values = [known.get(value) for value in found.column(name).to_pylist()]
        found = with_column(found, name, values)
    first_ns, last_ns = part.start_s * SECOND_NS, part.end_s * SECOND_NS
    ends = [one.end_ns for one in kept.ranges if first_ns < one.end_ns < last_ns]
    notes = [EventRow(end, Kind.REMOVED, reason=Loss.NOT_APPROVED.value) for end in ends]
    marks = to_table("events", notes, [0] * len(notes), "", 0)
    found = sort_rows("events", pa.concat_tables([found, marks]))
    seqs = range(kept.next_seq, kept.next_seq + found.num_rows)
    kept.next_seq += found.num_rows
    return with_column(found, "seq", list(seqs))


def _frames(rows: pa.Table, kept: Kept, pictures: dict[int, Any]) -> pa.Table:
    ids = rows.column("frame_id").to_pylist()
    found = pick(rows, np.flatnonzero([one in kept.frames for one in ids]))
    ids, parents = (found.column(name).to_pylist() for name in ("frame_id", "dup_of_frame_id"))
    found = _heirs(found, kept, pictures) if not kept.heirs.keys().isdisjoint(parents) else found
    for name in ("frame_id", "dup_of_frame_id"):
        values = [kept.frames.get(one) for one in found.column(name).to_pylist()]
        found = with_column(found, name, values)
    for name in ("t_valid_from_ns", "t_valid_to_ns"):
        found = with_column(found, name, _in_ranges(found.column(name).to_pylist(), kept.ranges))
    return found


def _in_ranges(times_ns: list[int | None], ranges: tuple[TimeRange, ...]) -> list[int | None]:
    """Give the times; None for one that tells of what was not approved."""
    flags = within(np.array([-1 if one is None else one for one in times_ns], np.int64), ranges)
    return [one if flag else None for one, flag in zip(times_ns, flags, strict=True)]


def _heirs(found: pa.Table, kept: Kept, pictures: dict[int, Any]) -> pa.Table:
    """Let duplicates of a frame that does not go take over its picture."""
    ids, parents = (found.column(name).to_pylist() for name in ("frame_id", "dup_of_frame_id"))
    images = [image and (image["bytes"], None) for image in found.column("image").to_pylist()]
    for at, one in enumerate(ids):
        if one in pictures:
            image = pictures[one]
            images[at] = image and (image["bytes"], None)
        heir = kept.heirs.get(parents[at], parents[at])
        parents[at] = None if heir == one else heir
    return with_column(with_column(found, "dup_of_frame_id", parents), "image", images)


def _context(rows: pa.Table, kept: Kept) -> pa.Table:
    """Give approved rows; monitors and window at each start with them, no time of day."""
    seqs = rows.column("seq").to_pylist()
    found = pick(rows, np.flatnonzero([seq in kept.context for seq in seqs]))
    seqs, times = (found.column(name).to_pylist() for name in ("seq", "t_ns"))
    moved = [kept.carried.get(seq, t_ns) for seq, t_ns in zip(seqs, times, strict=True)]
    for name in ("consent_id", "wall_ns"):
        found = with_column(found, name, [None] * found.num_rows)
    found = with_column(found, "seq", [kept.context[seq] for seq in seqs])
    return sort_rows("context", with_column(found, "t_ns", moved))


def _parquet(table: Table, number: int, rows: pa.Table, study_id: str) -> bytes:
    schema = file_schema(table, study_id, number)
    rows = _in_ms(with_column(rows, "episode_id", [study_id] * rows.num_rows))
    file = io.BytesIO()
    with pq.ParquetWriter(file, schema, **writer_options(table)) as out:
        out.write_table(
            rows.replace_schema_metadata(schema.metadata), row_group_size=ROW_GROUP_ROWS[table]
        )
    return file.getvalue()


def _in_ms(rows: pa.Table) -> pa.Table:
    """Give the rows with whole milliseconds: the rest is one pattern all through an episode."""
    for at, field in enumerate(rows.schema):
        if field.name.startswith("t_"):
            times = pc.multiply(pc.divide(rows.column(at), _MS), _MS)
            rows = rows.set_column(at, field, times)
    return rows


def _member(name: str, data: bytes) -> bytes:
    """Give one member of a tar: no owner, no time, mode 0600."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    return info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(-len(data) % _BLOCK)
