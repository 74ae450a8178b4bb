"""The open episode: takes released rows, writes them each second, seals and signs.

Used by one thread. What `flush` has written survives a kill at any instant.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import pyarrow as pa

from recorder.core.context import ContextKind, ContextRow
from recorder.core.errors import RecorderError
from recorder.core.events import EventRow, Kind
from recorder.core.frames import FrameRow
from recorder.core.losses import Loss, Losses
from recorder.core.proofs import LiveGrant, Redacted
from recorder.episodes.closing import Closing, Jumps, write_closing
from recorder.episodes.holding import Hold
from recorder.episodes.homes import make_home
from recorder.episodes.names import KEY_FILE, TABLES, Table
from recorder.episodes.pending import Pending, lasts
from recorder.episodes.rows import KEY_GRID_NS, Row, row_time_ns, to_table
from recorder.episodes.sealing import EpisodeKey
from recorder.episodes.segments import SECOND_NS, SEGMENT_S, Segments
from recorder.episodes.start import EpisodeStart
from recorder.episodes.store import delete_held, sweep_all
from recorder.episodes.table_files import FolderUnwritable, TableFiles, writing
from recorder.files import write_whole

__all__ = ["EpisodeStart", "EpisodeWriter", "FolderUnwritable", "WriterCounts", "use_little_memory"]

T = TypeVar("T", EventRow, FrameRow, ContextRow)
_STREAMS: Final[dict[Table, str]] = {"events": "input", "frames": "screen", "context": "context"}
_WRITE_ORDER: Final[tuple[Table, ...]] = ("context", "frames", "events")
"""An event refers to rows of the other two; after a kill those are there."""


@dataclass(frozen=True, slots=True)
class WriterCounts:
    """What is on disk, and what could not be written."""

    events: int
    frames: int
    context: int
    redactions: int
    size_bytes: int
    waiting: int
    write_failed: int


class EpisodeWriter:
    """Writes one episode from its key to its manifest.

    Its maker holds the agent's lock: what killed writers left is swept first.

    Raises:
        FolderUnwritable: The folder takes no data; nothing was begun.
    """

    def __init__(self, start: EpisodeStart) -> None:
        self._start = start
        with writing(start.folder):
            sweep_all(start.folder)
            try:
                self._home = make_home(start.folder, start.date, start.episode_id)
                self._hold = Hold.take(self._home.path)
                self._key = EpisodeKey.new(start.episode_id) if start.recipients else None
                if self._key is not None:
                    write_whole(self._home.path / KEY_FILE, self._key.wrap(start.recipients))
            except OSError as error:
                if not isinstance(error, FileExistsError):  # then it is somebody's episode
                    _unmake(start)
                raise
        files = TableFiles(self._home.path, start.episode_id, self._key)
        self._segments = Segments(files)
        self._pending = {table: Pending(table) for table in TABLES}
        self._next_context = 0
        self._lost: Counter[str] = Counter()
        self._late: Counter[str] = Counter()
        self._forgotten: list[tuple[int, int]] = []
        self._lost_unsaid = 0
        self._jumps = Jumps(start.wall_ns)
        self._last_ns = 0

    @property
    def path(self) -> Path:
        """The episode's folder."""
        return self._home.path

    @property
    def counts(self) -> WriterCounts:
        """Rows on disk by table, marks of redaction, bytes, rows that wait or were lost."""
        tally = self._segments.tally
        return WriterCounts(
            events=tally.rows["events"],
            frames=tally.rows["frames"],
            context=tally.rows["context"],
            redactions=tally.redactions.total(),
            size_bytes=self._segments.size_bytes,
            waiting=sum(len(pending.rows) for pending in self._pending.values()),
            write_failed=self._lost.total(),
        )

    def add_events(self, rows: Sequence[Redacted[EventRow]], grant: LiveGrant) -> None:
        """Take events; `flush` numbers and writes them.

        Raises:
            TypeError: A row without proof of redaction, or no live grant.
        """
        for row in _proved(rows, EventRow, grant):
            self._add("events", 0, row)

    def add_frame(self, row: Redacted[FrameRow], grant: LiveGrant) -> None:
        """Take a frame; `flush` writes it.

        Raises:
            TypeError: As in `add_events`.
        """
        for frame in _proved([row], FrameRow, grant):
            self._add("frames", frame.frame_id, frame)

    def add_context(self, rows: Sequence[Redacted[ContextRow]], grant: LiveGrant) -> list[int]:
        """Take context rows and give their numbers; `flush` writes them.

        Raises:
            TypeError: As in `add_events`.
        """
        seqs = []
        for row in _proved(rows, ContextRow, grant):
            seqs.append(self._next_context)
            self._add("context", self._next_context, row)
            self._next_context += 1
            if row.kind == ContextKind.CLOCK and row.wall_ns is not None:
                self._jumps.see(row.t_ns - self._start.t0_ns, row.wall_ns)
        return seqs

    def flush(self) -> None:
        """Write what was taken; afterwards it survives a kill.

        Raises:
            FolderUnwritable: What is not written stays in memory up to a bound; later
                calls try again. Rows beyond the bound are counted as `write_failed`.
        """
        with writing(self._start.folder):
            self._home.check()
            self._say_lost()
            for table in _WRITE_ORDER:
                self._write_pending(table)

    def seal(self) -> None:
        """Write what was taken and seal the open segment.

        Raises:
            FolderUnwritable: As in `flush`.
        """
        self.flush()
        with writing(self._start.folder):
            self._segments.seal()

    def forget(self, since_ns: int, until_ns: int | None = None) -> int:
        """Remove every row from an instant on, absolute monotonic; gives how many went.

        Exact: waiting rows, micro-batches and sealed segments lose them, and a `removed`
        row stands in their place. Rows of context that say consent, geometry and clock
        stay. Event numbers go on where the kept rows end. Key times are floored to a
        grid, so the instant is too: a key pressed after it may carry a time before it.

        Args:
            since_ns: The first instant that goes.
            until_ns: Now: rows stamped up to here that come late are not taken any more,
                and counted as `forgotten`.

        Raises:
            FolderUnwritable: Some may be left; call again.
        """
        since_ns = max(since_ns - since_ns % KEY_GRID_NS, self._start.t0_ns)
        self._forgotten.append((since_ns, since_ns if until_ns is None else until_ns))
        gone = sum(pending.cut(since_ns) for pending in self._pending.values())
        with writing(self._start.folder):
            self._home.check()
            gone += self._segments.cut(since_ns - self._start.t0_ns).total()
        removed = EventRow(since_ns, Kind.REMOVED, reason=Loss.FORGOTTEN.value)
        self._pending["events"].add(0, removed)
        self.flush()
        return gone

    def close(self, losses: Losses, ended_ns: int | None = None) -> Path:
        """Seal, write summary and manifest, let go of the key; gives the folder.

        Args:
            losses: What capture and redaction lost; the writer adds its own.
            ended_ns: Absolute monotonic; the last row's time when not given.

        Raises:
            FolderUnwritable: The episode stays unfinished; what is written is readable.
        """
        try:
            self.seal()
            with writing(self._start.folder):
                self._segments.seal_rest()
                self._segments.sweep()
                write_closing(self._closing(losses, ended_ns))
        finally:
            self._hold.close()
            if self._key is not None:
                self._key.wipe()
        return self._home.path

    def _add(self, table: Table, seq: int, row: Row) -> None:
        time_ns = row_time_ns(row)
        if any(since <= time_ns < until for since, until in self._forgotten) and not lasts(row):
            self._late[_STREAMS[table]] += 1
        elif not self._pending[table].add(seq, row):
            self._lost[_STREAMS[table]] += 1
            self._lost_unsaid += table == "events"

    def _write_pending(self, table: Table) -> None:
        pending = self._pending[table]
        while pending.rows:
            head = pending.head((SEGMENT_S - 1) * SECOND_NS)
            rows = [row for _, row in head]
            seqs: Sequence[int] = [seq for seq, _ in head]
            if table == "events":
                first = self._segments.tally.last_seq + 1
                seqs = range(first, first + len(rows))
            made = to_table(table, rows, seqs, self._start.episode_id, self._start.t0_ns)
            self._segments.add(table, made)
            pending.drop_head(len(rows))

    def _say_lost(self) -> None:
        """Put a gap row behind the waiting events when some were refused."""
        waiting = self._pending["events"].rows
        if self._lost_unsaid and waiting:
            row = EventRow(row_time_ns(waiting[-1][1]), Kind.GAP, reason=Loss.WRITE_FAILED.value)
            waiting.append((0, row))
            self._lost_unsaid = 0

    def _closing(self, losses: Losses, ended_ns: int | None) -> Closing:
        found = losses.by_stream()
        for counts, reason in ((self._lost, Loss.WRITE_FAILED), (self._late, Loss.FORGOTTEN)):
            for stream, count in counts.items():
                known = found.setdefault(stream, {})
                known[reason.value] = known.get(reason.value, 0) + count
        end_ns = self._segments.tally.last_ns if ended_ns is None else ended_ns - self._start.t0_ns
        return Closing(self._start, self._home.path, self._segments, found, end_ns, self._jumps)


def _proved(rows: Sequence[Redacted[T]], kind: type[T], grant: LiveGrant) -> list[T]:
    if not isinstance(grant, LiveGrant):
        raise TypeError("storing needs a live grant")
    if not all(isinstance(row, Redacted) and isinstance(row.value, kind) for row in rows):
        raise TypeError(f"only redacted values of {kind.__name__} are stored")
    return [row.value for row in rows]


def _unmake(start: EpisodeStart) -> None:
    """Take away an episode that could not begin, where the disk lets us."""
    with suppress(RecorderError):
        delete_held(start.folder, start.episode_id)


def use_little_memory() -> None:
    """Let Arrow take memory from the system allocator; for the agent, once, at its start.

    Holds 10 MB less than mimalloc after two minutes of writing (measured, pyarrow 26).
    """
    pa.set_memory_pool(pa.system_memory_pool())
