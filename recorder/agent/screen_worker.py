"""The redaction thread of the screen process: one frame after the other, lowest priority."""

import contextlib
import os
import threading
import time
from collections import Counter, OrderedDict, deque
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from recorder.agent.screen_pipe import AgentGone, ScreenPipe
from recorder.agent.screen_rows import RETROACTIVE_NS, Job, Painted, content_of, narrow
from recorder.core.errors import RecorderError
from recorder.core.frames import RawFrame, Trigger
from recorder.core.losses import Loss
from recorder.core.scenes import Scene
from recorder.core.screen_messages import FrameDone, FramesLost

if TYPE_CHECKING:
    from collections.abc import Hashable

MOST_QUEUED: Final = 6
"""Raw frames that wait for redaction, besides the one in work; three more may be candidates.
8 MB each at 1920 x 1080: with fewer, half of the clicks of a busy minute lose their frame."""
_REDACT_NS: Final = 2_000_000_000
_REDACT_BEHIND_NS: Final = 500_000_000
"""Time to read a frame's lines, alone and with others waiting; unread lines are painted."""
_HOLD_NS: Final = 2_000_000_000
"""A finished row waits so long for the next change of the screen and for more triggers."""
_STUCK_NS: Final = 10_000_000_000
"""One line takes 0.1 s to read; a recogniser that needs so long for a frame hangs."""
_NEWS_NS: Final = RETROACTIVE_NS + 50_000_000
"""No row goes sooner after its grab: news that forbid it may be on their way."""
_REMEMBERED: Final = 16
_LOWEST_NICE: Final = 19
_REDACTION_ERRORS: Final = (
    RecorderError, ArithmeticError, LookupError, MemoryError, OSError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip


class Redactor(Protocol):
    """Paints out what must not be seen."""

    def prepare(self) -> None:
        """Load what it needs, before the first frame."""

    def redact(self, frame: RawFrame, scene: Scene, deadline_ns: int) -> Painted:
        """Give the finished frame; whatever it raises drops the frame."""

    def reconsider(self) -> None:
        """Judge anew what was judged before: a value became known."""


class Worker:
    """Redacts and sends kept frames in their order.

    The queue is bounded. When it is full, the oldest waiting frame that no action needs is
    dropped, else the new one; both are counted as over budget.

    Args:
        redactor: Used by the worker's thread only.
        pipe: Where finished rows go.
    """

    def __init__(self, redactor: Redactor, pipe: ScreenPipe) -> None:
        self._redactor = redactor
        self._pipe = pipe
        self._changed = threading.Condition()
        self._queue: deque[Job] = deque()
        self._held: list[Job] = []
        self._in_work: Job | None = None
        self._began_ns = 0
        self._until_ns: int | None = None
        self._is_abandoned = False
        self._has_news = False
        self._forgotten_ns = 0
        self._losses: Counter[Loss] = Counter()
        self._known: OrderedDict[Hashable, tuple[int, Painted]] = OrderedDict()
        self._thread = threading.Thread(target=self._run, name="redaction", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def add(self, job: Job) -> None:
        """Take a kept frame."""
        with self._changed:
            if len(self._queue) >= MOST_QUEUED:
                self._losses[Loss.OVER_BUDGET] += 1
                spare = next(
                    (j for j in self._queue if Trigger.BEFORE_ACTION not in j.triggers), None
                )
                if spare is None:
                    return
                self._queue.remove(spare)
            self._queue.append(job)
            self._changed.notify()

    def add_trigger(self, frame_id: int, trigger: Trigger) -> None:
        """Name another reason for a frame whose row was not sent yet."""
        with self._changed:
            for job in self._jobs():
                if job.frame_id == frame_id and trigger not in job.triggers:
                    job.triggers.append(trigger)

    def note_change(self, t_ns: int) -> None:
        """Take into account that the screen changed: frames grabbed before end here."""
        with self._changed:
            for job in self._jobs():
                if job.valid_to_ns is None and t_ns > job.picture.raw.t_start_ns:
                    job.valid_to_ns = t_ns
            if self._held:
                self._changed.notify()

    def narrow(self, news: Scene) -> None:
        """Apply what a scene newly forbids to frames that were not sent yet."""
        with self._changed:
            narrow((job.picture for job in self._jobs() if job.painted is None), news)
            for job in self._held:
                before = job.picture.scene
                narrow([job.picture], news)
                job.picture.is_void |= job.picture.scene is not before

    def reconsider(self) -> None:
        """Forget what pictures looked like when painted: a value was typed since."""
        with self._changed:
            self._has_news = True

    def forget(self, until_ns: int) -> None:
        """Let no frame be a duplicate of one grabbed by then: that one is gone, or may be."""
        with self._changed:
            self._has_news = True
            self._forgotten_ns = until_ns
            for job in self._jobs():
                job.dup_of_frame_id = None

    def lose(self, reason: Loss, count: int = 1) -> None:
        """Count frames that were not kept."""
        with self._changed:
            self._losses[reason] += count

    def take_losses(self) -> list[FramesLost]:
        """Give the counts since the last call."""
        with self._changed:
            found = [FramesLost(reason, count) for reason, count in self._losses.items() if count]
            self._losses.clear()
        return found

    def finish(self, deadline_ns: int) -> None:
        """Begin to end: finish what is kept, until the deadline; nothing is held any more."""
        with self._changed:
            self._until_ns = deadline_ns
            self._changed.notify()

    def abandon(self) -> None:
        """Count what was not finished, and drop it."""
        with self._changed:
            self._losses[Loss.OVER_BUDGET] += len(self._jobs())
            self._queue.clear()
            self._held.clear()
            self._is_abandoned = True

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def is_stuck(self) -> bool:
        """Whether a frame has been in work for so long that it will not be finished."""
        with self._changed:
            late_ns = time.monotonic_ns() - self._began_ns
            return self._in_work is not None and late_ns > _STUCK_NS

    def _jobs(self) -> list[Job]:
        working = [self._in_work] if self._in_work else []
        return [*self._held, *working, *self._queue]

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_NICE)
        with contextlib.suppress(*_REDACTION_ERRORS):
            self._redactor.prepare()
        with contextlib.suppress(AgentGone):
            while self._step():
                pass

    def _step(self) -> bool:
        """Send what is ripe, redact one frame or wait; False at the end."""
        for row in self._ripe_rows():
            self._pipe.send(row)
        job = self._next_job()
        if job is not None:
            self._redact(job)
            return True
        with self._changed:
            if self._queue:
                return True
            if self._until_ns is not None:
                return bool(self._held)
            now_ns = time.monotonic_ns()
            ripe_ns = min((self._ripe_ns(j) for j in self._held), default=now_ns + _HOLD_NS)
            if ripe_ns > now_ns:
                self._changed.wait((ripe_ns - now_ns) / 1e9)
        return True

    def _next_job(self) -> Job | None:
        with self._changed:
            if self._until_ns is not None and time.monotonic_ns() >= self._until_ns:
                return None
            self._in_work = self._queue.popleft() if self._queue else None
            self._began_ns = time.monotonic_ns()
            return self._in_work

    def _redact(self, job: Job) -> None:
        """Finish one frame; one that cannot be finished is dropped and counted."""
        self._heed_news()
        raw, scene = job.picture.raw, job.picture.scene
        job.content = content_of(raw, scene)
        known = self._known.get(job.content)
        if job.picture.is_void:
            self._drop(Loss.GATE_CLOSED)
        elif known is not None:
            job.dup_of_frame_id, painted = known
            self._hold(job, painted, scene)
        else:
            try:
                painted = self._redactor.redact(raw, scene, self._deadline_ns())
            except _REDACTION_ERRORS:
                self._drop(Loss.REDACTION_FAILED)
            else:
                job.dup_of_frame_id = self._sent_as(painted)
                self._hold(job, painted, scene)

    def _sent_as(self, painted: Painted) -> int | None:
        """Give the frame that was sent with this very picture: only hidden pixels changed."""
        return next((number for number, known in self._known.values() if known is painted), None)

    def _heed_news(self) -> None:
        with self._changed:
            has_news, self._has_news = self._has_news, False
            for job in self._held if has_news else ():
                job.content = None
        if has_news:
            self._known.clear()
            self._redactor.reconsider()

    def _deadline_ns(self) -> int:
        with self._changed:
            allowed_ns = _REDACT_BEHIND_NS if self._queue else _REDACT_NS
            deadline_ns = time.monotonic_ns() + allowed_ns
            return min(deadline_ns, self._until_ns or deadline_ns)

    def _drop(self, reason: Loss) -> None:
        with self._changed:
            self._in_work = None
            self._losses[reason] += 1

    def _hold(self, job: Job, painted: Painted, scene: Scene) -> None:
        """Keep a finished row until it is ripe, unless its scene was narrowed meanwhile."""
        with self._changed:
            self._in_work = None
            if self._is_abandoned:
                return
            if job.picture.is_void or job.picture.scene is not scene:
                self._losses[Loss.GATE_CLOSED] += 1
                return
            if self._has_news:
                job.dup_of_frame_id = None
            job.picture = replace(job.picture, raw=replace(job.picture.raw, pixels=b""))
            job.painted, job.done_ns = painted, time.monotonic_ns()
            self._held.append(job)

    def _ripe_ns(self, job: Job) -> int:
        news_ns = job.picture.raw.t_end_ns + _NEWS_NS
        return news_ns if job.valid_to_ns is not None else max(job.done_ns + _HOLD_NS, news_ns)

    def _ripe_rows(self) -> list[FrameDone]:
        """Take the rows that need not wait any longer."""
        now_ns = time.monotonic_ns()
        with self._changed:
            is_last = self._until_ns is not None
            ripe = [j for j in self._held if is_last or self._ripe_ns(j) <= now_ns]
            self._held = [j for j in self._held if j not in ripe]
            rows: list[FrameDone] = []
            for job in ripe:
                if job.picture.is_void or job.painted is None:
                    self._losses[Loss.GATE_CLOSED] += 1
                    continue
                is_kept = job.picture.raw.t_end_ns > self._forgotten_ns
                if is_kept and job.dup_of_frame_id is None and job.content is not None:
                    self._known[job.content] = (job.frame_id, job.painted)
                    if len(self._known) > _REMEMBERED:
                        self._known.popitem(last=False)
                rows.append(FrameDone(job.row(), job.shown()))
        return rows
