"""The agent's one thread that decides: takes notes from its inbox and moves the session.

Everything slow is elsewhere: sources read in their own threads, the writer writes in its
own. A pause is carried out here and answered when both capture processes have ended.
"""

import contextlib
import logging
import queue
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recorder.agent.audience import Audience, answer_from
from recorder.agent.control import Reply, Request
from recorder.agent.lead import Lead
from recorder.agent.notes import Asked, Crashed, Note, SourceEnded, SourceReady, Trouble
from recorder.agent.recording import Recording
from recorder.agent.repairs import Repairs
from recorder.agent.report import Facts, status, summary
from recorder.agent.session import Limits, Reason, Session, State
from recorder.agent.verbs import (
    Forget,
    NothingToLabel,
    Pause,
    ReadScope,
    Resume,
    Status,
    Stop,
    Task,
    Verb,
    read_request,
)
from recorder.agent.watching import Watching
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.losses import Loss
from recorder.core.ports import SourceLost, SourceUnavailable

_LOG: Final = logging.getLogger(__name__)
_TICK_S: Final = 0.5
_BUSY_TICK_S: Final = 0.02
"""While it starts or stops; notes wake it at once in either case."""
_START_NS: Final = 15 * 10**9
MAX_NOTES: Final = 1024


class StartTimedOut(RecorderError):
    """The sources did not deliver in time."""

    def __init__(self) -> None:
        super().__init__(
            "Mouse, keyboard and screen did not answer in time",
            "recorder start again; the log says which of them was missing",
            ExitCode.UNRESPONSIVE,
        )


class PartBroke(RecorderError):
    """A thread met a bug; the recording ends rather than going on without it."""

    def __init__(self) -> None:
        super().__init__(
            "A part of the recorder broke, so it stopped; what was written is kept",
            "recorder start; agent.log says where it broke",
            ExitCode.BUG,
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """What the supervisor works with.

    Attributes:
        recording: The mechanics.
        lead: Where the indicator is.
        inbox: Notes of all threads.
        limits: Cap and longest pause.
        log: For crash lines of the children.
        watching: When it pauses by itself.
    """

    recording: Recording
    lead: Lead
    inbox: "queue.Queue[Note]"
    limits: Limits
    log: Path
    watching: Watching


class Supervisor:
    """Runs one recording from its start to its end."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._recording = desk.recording
        self._session = Session(desk.limits)
        self._repairs = Repairs()
        self._error: RecorderError | None = None
        self._watching = desk.watching
        self._audience = Audience(desk.lead)

    def run(self) -> RecorderError | None:
        """Record until something ends it; gives the error that ended it, None for none."""
        is_paused = self._recording.order.paused
        self._move(self._session.wait(_now()) if is_paused else self._session.start(_now()))
        with self._watching:
            while self._session.state is not State.STOPPED:
                with contextlib.suppress(queue.Empty):
                    self._take(self._desk.inbox.get(timeout=self._tick_s))
                self._tick(_now())
        said = summary(self._session, self._recording, _now())
        self._audience.say_end(said, self._error)
        return self._error

    @property
    def _tick_s(self) -> float:
        is_busy = self._session.state in {State.STARTING, State.STOPPING} or self._repairs.is_due
        return _BUSY_TICK_S if is_busy else _TICK_S

    def _take(self, note: Note) -> None:
        match note:
            case Asked():
                self._answer(note.request, note.reply)
            case SourceReady() if self._recording.is_current(note.stretch):
                if self._recording.ready(note.stream):
                    self._move(self._session.sources_open(_now()))
            case SourceEnded() if self._recording.is_current(note.stretch):
                self._source_ended(note)
            case Trouble():
                self._trouble(note.error)
            case Crashed():
                _LOG.error("%s", note.line)
                self._end("bug", PartBroke())
            case _:
                pass

    def _answer(self, request: Request, reply: Reply) -> None:
        try:
            self._carry_out(read_request(request), reply)
        except RecorderError as error:
            reply.refused(error)

    def _carry_out(self, verb: Verb, reply: Reply) -> None:
        match verb:
            case Status():
                reply.done(self._status())
            case Pause():
                resume_at_ns = _now() + int(verb.seconds * 1e9) if verb.seconds else None
                self._move(self._session.pause(Reason.USER, _now(), resume_at_ns))
                reply.done(self._brief())
            case Resume():
                self._audience.wants_resume(reply)
                self._watching.resumed()
                self._move(self._session.resume(_now()))
                self._answer_resumers()
            case Stop():
                self._audience.wants_stop(reply)
                self._end(verb.why, None)
            case Forget() | Task():
                self._hand_on(verb, reply)
            case ReadScope():
                self._recording.read_scope()
                reply.done(self._brief())

    def _hand_on(self, verb: Forget | Task, reply: Reply) -> None:
        """Let the writer's thread do it and answer from there."""
        pipeline = self._recording.pipeline
        if pipeline is None and isinstance(verb, Task):
            reply.refused(NothingToLabel())
            return
        if pipeline is None:
            reply.done({**self._brief(), "rows": 0})
            return
        if isinstance(verb, Task):
            done = pipeline.task(verb.action, verb.instruction, verb.outcome)
        else:
            done = pipeline.forget(_now() - int(verb.seconds * 1e9))
        done.add_done_callback(answer_from(reply, self._brief()))

    def _move(self, new: Session) -> None:
        """Take a new state and do what the change asks for."""
        old, self._session = self._session, new
        if old.state is new.state:
            return
        _LOG.info("%s, %s", new.state, sorted(new.reasons) or "no reason")
        match new.state:
            case State.STARTING:
                self._open(old)
            case State.RECORDING:
                self._audience.say_recording(self._status)
            case State.PAUSED:
                self._repairs.forget()
                self._recording.end_stretch(min(new.reasons))
                if new.is_waiting:
                    self._audience.say_waiting(self._status)
            case State.STOPPING:
                self._repairs.forget()
                self._recording.begin_stop()
            case State.STOPPED:
                pass
        self._answer_resumers()

    def _open(self, old: Session) -> None:
        reason = min(old.reasons, default=Reason.USER)
        try:
            self._recording.open_stretch(self._desk.log, reason)
        except RecorderError as error:
            is_disk = error.code is ExitCode.UNWRITABLE
            if is_disk and self._audience.told_recording:
                self._move(self._session.pause(Reason.DISK, _now()))
            else:
                self._end("disk" if is_disk else "consent", error)

    def _end(self, why: str, error: RecorderError | None) -> None:
        self._error = self._error or error
        self._move(self._session.stop(why, _now()))

    def _source_ended(self, note: SourceEnded) -> None:
        _LOG.warning("%s ended: %s", note.stream, type(note.error).__name__)
        if not self._audience.told_recording:
            self._end("start", note.error)
        elif note.stream == "context" or isinstance(note.error, SourceLost | SourceUnavailable):
            self._recording.lost(note.stream, Loss.DISPLAY_LOST)
            self._move(self._session.pause(Reason.DISPLAY_LOST, _now()))
        else:
            self._recording.lost(note.stream, Loss.SOURCE_DIED)
            if not self._repairs.died(note.stream, _now()):
                self._move(self._session.pause(Reason.SOURCE_DEAD, _now()))

    def _trouble(self, error: RecorderError) -> None:
        if error.code is not ExitCode.UNWRITABLE:
            self._end("consent", error)
        elif self._session.state is not State.STOPPING:
            self._move(self._session.pause(Reason.DISK, _now()))
        else:
            self._error = self._error or error

    def _tick(self, now_ns: int) -> None:
        if self._audience.is_gone:
            self._end("indicator", None)
        session = self._session
        if session.state is State.STARTING and now_ns - session.since_ns > _START_NS:
            self._end("start", StartTimedOut())
        self._move(self._watching.tick(self._session, now_ns))
        self._move(self._session.tick(now_ns))
        if self._session.closes_episode(now_ns):
            self._recording.close_episode()
        for stream in self._repairs.due(now_ns):
            self._recording.restart(stream)
        self._recording.tick()
        self._tell(now_ns)
        if self._session.state is State.STOPPING and self._recording.poll_stop():
            self._move(self._session.stopped(now_ns))

    def _tell(self, now_ns: int) -> None:
        if not self._audience.is_due(now_ns):
            return
        if self._session.state is State.STOPPING:
            left = self._recording.frames_left
            self._audience.say_progress({"state": "stopping", "frames_left": left})
        elif self._audience.told_recording:
            self._audience.say_status(self._status())

    def _answer_resumers(self) -> None:
        if self._session.state is not State.STARTING:
            self._audience.say_resumed(self._error, self._brief())

    def _status(self) -> Facts:
        return status(self._session, self._recording, self._repairs, self._watching, _now())

    def _brief(self) -> Facts:
        return {"state": self._session.state.value, "reasons": sorted(self._session.reasons)}


def _now() -> int:
    return time.monotonic_ns()
