"""One episode from opening to manifest: a thread that writes what the flow releases.

The thread owns the writer; others hand it jobs. The gate is asked before every batch.
"""

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recorder.agent.flow import Flow, Released
from recorder.agent.gates import Renews
from recorder.agent.ticks import Ticks
from recorder.agent.unwritten import NOTHING_RELEASED, Unwritten
from recorder.agent.verbs import NoTask
from recorder.core.clocks import Clock
from recorder.core.context import ContextKind, ContextRow
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.losses import Loss
from recorder.core.proofs import LiveGrant
from recorder.episodes.writer import EpisodeWriter, FolderUnwritable, WriterCounts

STEP_S: Final = 0.2
_IDLE_STEP_S: Final = 0.8
"""While nothing waits to be written; with the hold-back, rows are on disk in two seconds."""
_FLUSH_NS: Final = 1_000_000_000
_MAX_JOBS: Final = 64
Job = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a pipeline works with."""

    flow: Flow
    writer: EpisodeWriter
    gate: Renews
    clock: Clock
    trouble: Callable[[RecorderError], object]
    """Told of an error, from the writer thread: no consent any more, or no room. Told again
    for as long as it stands."""
    has_task: bool = False
    """Whether the episode begins with a task."""


class Pipeline:
    """Writes from its making until `close`; every method may be called from any thread."""

    def __init__(self, wiring: Wiring, grant: LiveGrant) -> None:
        self.flow = wiring.flow
        self._wiring = wiring
        self._grant = grant
        self._jobs: queue.Queue[tuple[Job, Future[object]]] = queue.Queue(_MAX_JOBS)
        self._ticks = Ticks(wiring.clock)
        self._flushed_ns = wiring.clock.monotonic_ns()
        self._shut = False
        self._has_task = wiring.has_task
        self._gate_ns = 0
        self._begun_ns: int | None = None
        self._ended = threading.Event()
        self._revoked: RecorderError | None = None
        self._unwritten = Unwritten(wiring.flow.losses)
        self._counts = wiring.writer.counts
        self._released: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @property
    def counts(self) -> WriterCounts:
        """What is on disk, as of the last flush."""
        return self._counts

    def at_work_ns(self) -> int:
        """Give how long the writer's thread has been at one thing; a disk that hangs holds it."""
        begun_ns = self._begun_ns
        return 0 if begun_ns is None else self._wiring.clock.monotonic_ns() - begun_ns

    @property
    def is_ended(self) -> bool:
        """Whether it was closed."""
        return self._ended.is_set()

    @property
    def path(self) -> Path:
        """The episode's folder."""
        return self._wiring.writer.path

    def pause(
        self, t_gate_ns: int, reason: str, keep_until_ns: int | None = None
    ) -> "Future[object]":
        """Write everything stamped up to the gate, then a row that says why it ends.

        When this returns, the memory side takes nothing any more.

        Args:
            t_gate_ns: When it paused.
            reason: Of the row.
            keep_until_ns: What was stamped from here on is not kept, whether or not it was
                written already; a `removed` row stands in its place. None: all is kept.
        """
        self._gate_ns = t_gate_ns
        now_ns = self._wiring.clock.monotonic_ns()
        if keep_until_ns is None:
            self.flow.pause(t_gate_ns, now_ns, reason)
            return self._do(self._pause)
        self.flow.shut(t_gate_ns, now_ns)
        return self._do(lambda: self._pause_without(keep_until_ns, reason))

    def resume(self, now_ns: int, reason: str) -> "Future[object]":
        """Put the row that says it goes on, and release by the clock again.

        When this returns, scenes and input are taken again.
        """
        self.flow.resume(now_ns, reason)
        return self._do(self._resume)

    def task(self, action: str, instruction: str | None, outcome: str | None) -> "Future[object]":
        """Label what is being done, or how it ended; `NoTask` where none was begun."""
        if action == "end" and not self._has_task:
            refused: Future[object] = Future()
            refused.set_exception(NoTask())
            return refused
        self._has_task = action == "begin"
        now_ns = self._wiring.clock.monotonic_ns()
        said = outcome or ("begin" if action == "begin" else "end")
        row = ContextRow(now_ns, ContextKind.TASK, instruction=instruction, outcome=said)
        return self._do(lambda: self.flow.context(row))

    def forget(self, since_ns: int) -> "Future[object]":
        """Remove everything from an instant on; gives how many rows went."""
        return self._do(lambda: self._forget(since_ns))

    def retry(self) -> "Future[object]":
        """Try to write what waits; its exception says that there is still no room."""
        return self._do(self._retry)

    def close(self, t_gate_ns: int) -> "Future[object]":
        """Write the rest, seal and sign; gives the episode's folder. The thread ends."""
        return self._do(lambda: self._close(t_gate_ns))

    def after_release(self, tell: Callable[[], None]) -> None:
        """Let the writer's thread call this after each release: values may be known anew."""
        self._released = tell

    def join(self, timeout_s: float) -> None:
        """Wait for the thread after `close`."""
        self._thread.join(timeout_s)

    def _do(self, job: Job) -> "Future[object]":
        done: Future[object] = Future()
        try:
            self._jobs.put_nowait((job, done))
        except queue.Full:
            done.set_exception(TimeoutError("the writer is behind"))
        if self._ended.is_set():
            self._refuse_rest()
        return done

    def _refuse_rest(self) -> None:
        """Answer the jobs that came after the last one."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()[1].set_exception(TimeoutError("the episode is closed"))

    def _run(self) -> None:
        while not self._ended.is_set():
            self._begun_ns = None
            try:
                job, done = self._jobs.get(timeout=self._step_s)
            except queue.Empty:
                self._begun_ns = self._wiring.clock.monotonic_ns()
                self._guarded(self._step)
                continue
            self._begun_ns = self._wiring.clock.monotonic_ns()
            try:
                done.set_result(job())
            except (RecorderError, OSError, ValueError) as error:
                done.set_exception(error)
        self._begun_ns = None
        self._refuse_rest()

    @property
    def _step_s(self) -> float:
        is_idle = self._shut or (self.flow.is_idle and not self._counts.waiting)
        return _IDLE_STEP_S if is_idle else STEP_S

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except RecorderError as error:
            self._wiring.trouble(error)

    def _step(self) -> None:
        if self._shut:
            return
        now_ns = self._wiring.clock.monotonic_ns()
        for row in self._ticks.due():
            self.flow.context(row)
        released = self.flow.release(now_ns)
        if self._released is not None:
            self._released()
        self._write(released)
        if now_ns - self._flushed_ns >= _FLUSH_NS:
            self._flush(now_ns)

    def _write(self, released: Released) -> None:
        """Hand rows to the writer; without consent nothing more is written.

        Where the folder is gone the consent in it cannot be asked: the rows wait.
        """
        released = self._unwritten.take_with(released)
        if self._revoked is not None:
            self._unwritten.lose(released, Loss.CONSENT_ENDED)
            self._wiring.trouble(self._revoked)
            return
        try:
            self._grant = self._wiring.gate.renew(self._grant)
        except RecorderError as error:
            if error.code is ExitCode.UNWRITABLE:
                self._unwritten.keep(released)
            else:
                self._revoked = error
                self._unwritten.lose(released, Loss.CONSENT_ENDED)
            raise
        writer, grant = self._wiring.writer, self._grant
        writer.add_context(released.context, grant)
        for frame in released.frames:
            writer.add_frame(frame, grant)
        writer.add_events(released.events, grant)

    def _retry(self) -> None:
        self._write(NOTHING_RELEASED)
        self._flush(self._wiring.clock.monotonic_ns())

    def _flush(self, now_ns: int) -> None:
        self._flushed_ns = now_ns
        try:
            self._wiring.writer.flush()
        finally:
            self._counts = self._wiring.writer.counts

    def _pause(self) -> None:
        self._shut = True
        now_ns = self._wiring.clock.monotonic_ns()
        for row in self._ticks.due():
            self.flow.context(row)
        self._guarded(lambda: self._write(self.flow.release(now_ns)))
        self._guarded(lambda: self._flush(now_ns))

    def _pause_without(self, keep_until_ns: int, reason: str) -> None:
        """Take back the last moments, those held back and those written, then say it paused.

        Rows wait in the writer's memory and are cut there: none is written in between.
        """
        self._shut = True
        now_ns = self._wiring.clock.monotonic_ns()
        self._guarded(lambda: self._write(self.flow.release(now_ns)))
        self._guarded(lambda: self._take_back(keep_until_ns))
        self.flow.say_paused(self._gate_ns, now_ns, reason)
        self._pause()

    def _take_back(self, since_ns: int) -> None:
        self.flow.forget(since_ns, self._gate_ns)
        self._wiring.writer.forget(since_ns, self._gate_ns)

    def _resume(self) -> None:
        self._shut = False

    def _forget(self, since_ns: int) -> int:
        now_ns = self._wiring.clock.monotonic_ns()
        if not self._shut:
            self._guarded(lambda: self._write(self.flow.drain(now_ns, now_ns)))
        self.flow.forget(since_ns, now_ns)
        if self._released is not None:
            self._released()
        gone = self._wiring.writer.forget(since_ns, now_ns)
        self.flow.tell_focus(self._wiring.clock.monotonic_ns())
        self._counts = self._wiring.writer.counts
        return gone

    def _close(self, t_gate_ns: int) -> Path:
        now_ns = self._wiring.clock.monotonic_ns()
        released = self.flow.drain(self._gate_ns if self._shut else t_gate_ns, now_ns)
        self._guarded(lambda: self._write(released))
        self._unwritten.give_up()
        self.flow.give_up_frames(Loss.OVER_BUDGET)
        self._ended.set()
        try:
            return self._wiring.writer.close(self.flow.losses, t_gate_ns)
        except FolderUnwritable as error:
            self._wiring.trouble(error)
            raise
        finally:
            self._counts = self._wiring.writer.counts
