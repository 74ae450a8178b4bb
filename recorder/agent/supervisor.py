"""The agent's one thread that decides: takes notes from its inbox and moves the session.

Everything slow is elsewhere: sources read in their own threads, the writer writes in its
own. A pause is carried out here and answered when both capture processes have ended.
"""

import contextlib
import logging
import queue
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from recorder.agent.audience import Audience
from recorder.agent.control import Reply, Request
from recorder.agent.failures import PartBroke, StartTimedOut
from recorder.agent.hotkey import TAKEN_BACK_NS
from recorder.agent.indicator import NoIndicator
from recorder.agent.lead import Lead
from recorder.agent.notes import Asked, Crashed, Note, Pressed, SourceEnded, SourceReady, Trouble
from recorder.agent.recording import Recording
from recorder.agent.repairs import Repairs
from recorder.agent.report import Facts, progress, status, summary
from recorder.agent.session import BY_PERSON, Limits, Reason, Session, State
from recorder.agent.signs import Signs
from recorder.agent.verbs import (
    Forget,
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
from recorder.agent.writing_jobs import hand_on
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.losses import Loss
from recorder.core.ports import SourceLost, SourceUnavailable

_LOG: Final = logging.getLogger(__name__)
_TICK_S: Final = 0.5
_BUSY_TICK_S: Final = 0.02
"""While it starts or stops; notes wake it at once in either case."""
_START_NS: Final = 15 * 10**9
MAX_NOTES: Final = 1024


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
        signs: What shows that it records, and the hotkey.
    """

    recording: Recording
    lead: Lead
    inbox: "queue.Queue[Note]"
    limits: Limits
    log: Path
    watching: Watching
    signs: Signs = field(default_factory=Signs)


class Supervisor:
    """Runs one recording from its start to its end."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._recording = desk.recording
        self._session = Session(desk.limits)
        self._repairs = Repairs()
        self._error: RecorderError | None = None
        self._watching = desk.watching
        self._pressed_ns = 0
        self._audience = Audience(desk.lead)

    def run(self) -> RecorderError | None:
        """Record until something ends it; gives the error that ended it, None for none."""
        with self._watching:
            self._begin()
            while self._session.state is not State.STOPPED:
                with contextlib.suppress(queue.Empty):
                    self._take(self._desk.inbox.get(timeout=self._tick_s))
                self._tick(_now())
        if self._audience.told_recording:
            self._desk.signs.say_end(self._session.ended_by, self._error)
        self._desk.signs.close()
        said = summary(self._session, self._recording, _now())
        self._audience.say_end(said, self._error)
        return self._error

    def _begin(self) -> None:
        """Show it, then start; where nothing can be seen nothing is opened."""
        if not self._desk.signs.open(_now()):
            self._error = NoIndicator()
        elif self._recording.order.paused:
            self._wait()
        else:
            self._move(self._session.start(_now()))

    def _wait(self) -> None:
        """Wait for the person; what would be recorded is told, and nothing is opened."""
        try:
            self._recording.look_ahead()
        except RecorderError as error:
            self._error = error
        else:
            self._move(self._session.wait(_now()))

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
            case Pressed():
                self._press(note.t_ns)
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
                hand_on(verb, self._recording, reply, self._brief())
            case ReadScope():
                self._recording.read_scope()
                reply.done(self._brief())

    def _press(self, t_ns: int) -> None:
        """Pause by the hotkey; where the person paused already, show that it is so."""
        if not self._session.reasons & BY_PERSON:
            self._pressed_ns = t_ns
            self._move(self._session.pause(Reason.HOTKEY, _now()))
        self._show(calls=True)

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
                since_ns = self._pressed_ns - TAKEN_BACK_NS
                by_key = Reason.HOTKEY in new.reasons
                self._recording.end_stretch(new.told_reason, since_ns if by_key else None)
                if new.is_waiting:
                    self._audience.say_waiting(self._status)
            case State.STOPPING:
                self._repairs.forget()
                self._recording.begin_stop()
            case State.STOPPED:
                pass
        self._show()
        self._answer_resumers()

    def _open(self, old: Session) -> None:
        try:
            self._recording.open_stretch(self._desk.log, old.told_reason)
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
        stands_alone = self._desk.signs.are_own and self._audience.told_recording
        if self._audience.is_gone and not stands_alone:
            self._end("indicator", None)
        self._keep_in_sight(now_ns)
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

    def _keep_in_sight(self, now_ns: int) -> None:
        """Pause when nobody could see that it records, and go on when one can for a while."""
        is_paused = Reason.INDICATOR in self._session.reasons
        if not self._desk.signs.keep(now_ns, is_paused=is_paused):
            self._move(self._session.pause(Reason.INDICATOR, now_ns))
        elif is_paused:
            self._session = self._session.cleared(Reason.INDICATOR, now_ns)

    def _show(self, *, calls: bool = False) -> None:
        if self._desk.signs.need_news:
            self._desk.signs.show(self._session, self._status(), calls=calls)

    def _tell(self, now_ns: int) -> None:
        if not self._audience.is_due(now_ns):
            return
        if self._session.state is State.STOPPING:
            self._audience.say_progress(progress(self._recording))
        elif self._audience.told_recording:
            self._audience.say_status(self._status())
            self._show()

    def _answer_resumers(self) -> None:
        if self._session.state is not State.STARTING:
            self._audience.say_resumed(self._error, self._brief())

    def _status(self) -> Facts:
        said = status(self._session, self._recording, self._repairs, self._watching, _now())
        return self._desk.signs.add_to(said)

    def _brief(self) -> Facts:
        return {"state": self._session.state.value, "reasons": sorted(self._session.reasons)}


def _now() -> int:
    return time.monotonic_ns()
