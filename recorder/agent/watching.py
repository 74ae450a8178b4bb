"""Decides when a recording pauses by itself, and when the causes of that are gone.

The supervisor's thread asks it at every tick. It never waits: who looks does so elsewhere.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from recorder.agent.looking import Looking
from recorder.agent.making import Aside
from recorder.agent.order import Watch
from recorder.agent.recording import Recording
from recorder.agent.session import OF_HABIT, Reason, Session, State
from recorder.agent.ticks import slept_ns
from recorder.core.hours import Hours, read_hours
from recorder.core.losses import Loss
from recorder.core.ports import Presence

_PROBE_NS: Final = 1_000_000_000
_SLEPT_NS: Final = 2 * 10**9
_STALLED_NS: Final = 10 * 10**9
"""Ticks come twice a second; so long between two of them the process did not run."""
_ACTIVE_NS: Final = 5 * 10**9
"""Who typed or moved something so short a time ago is back at the desk."""
Standing = Mapping[Reason, bool | None]
"""By reason: whether its cause stands; None where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Senses:
    """The clocks that a test brings itself.

    Attributes:
        local: The clock on the wall.
        slept: How long the machine slept so far, in nanoseconds.
    """

    local: Callable[[], time.struct_time]
    slept: Callable[[], int] = slept_ns


def local_time() -> time.struct_time:
    """Give what the clock on the wall shows, also after its zone was changed."""
    time.tzset()
    return time.localtime()


REAL: Final = Senses(local_time)


class Watching:
    """One recording's causes of automatic pauses; used by the supervisor's thread.

    Args:
        recording: Asked for room, folder and display.
        watch: What the person wants to pause for.
        looking: Who is at the desk.
        senses: Clocks.
    """

    def __init__(
        self,
        recording: Recording,
        watch: Watch,
        looking: Looking,
        senses: Senses = REAL,
    ) -> None:
        self._recording = recording
        self._looking = looking
        self._senses = senses
        self._hours = read_hours(watch.days, watch.hours)
        self._idle_ns = int(watch.idle_s * 1e9)
        self._display = Aside(recording.display_answers, "display")
        self._waived = OF_HABIT
        self._probed_ns = 0
        self._ticked_ns: int | None = None
        self._slept_ns = senses.slept()
        self._was_locked: bool | None = None

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._looking.close()

    def resumed(self) -> None:
        """Take the person's word: habit pauses again only after its cause was gone once."""
        self._waived = OF_HABIT

    @property
    def hours(self) -> Hours | None:
        """The hours of the person, None without."""
        return self._hours

    @property
    def is_outside_hours(self) -> bool:
        """Whether the clock on the wall is outside the person's hours."""
        return bool(_is_outside(self._hours, self._senses.local()))

    def degraded(self, now_ns: int) -> tuple[str, ...]:
        """Give words for what cannot be told and was asked for."""
        return self._looking.newest(now_ns).degraded if self._idle_ns else ()

    def tick(self, session: Session, now_ns: int) -> Session:
        """Give the session as time and the world leave it."""
        session = self._after_a_break(session, now_ns)
        presence = self._looking.newest(now_ns)
        is_news = presence.is_locked is not self._was_locked
        is_on = session.state in {State.PAUSED, State.RECORDING}
        if is_on and (is_news or now_ns - self._probed_ns > _PROBE_NS):
            self._probed_ns, self._was_locked = now_ns, presence.is_locked
            return self._probe(session, presence, now_ns)
        return session

    def _after_a_break(self, session: Session, now_ns: int) -> Session:
        """See whether the machine slept, or this process did not run, since the last tick."""
        slept, before_ns = self._senses.slept(), self._ticked_ns
        asleep_ns, self._slept_ns, self._ticked_ns = slept - self._slept_ns, slept, now_ns
        if asleep_ns > _SLEPT_NS:
            return session.slept(asleep_ns, now_ns)
        is_stall = before_ns is not None and now_ns - before_ns > _STALLED_NS
        if is_stall and session.state is State.RECORDING:
            self._recording.lost("context", Loss.STALLED)
        return session

    def _probe(self, session: Session, presence: Presence, now_ns: int) -> Session:
        standing = self._standing(session, presence)
        self._waived -= {reason for reason, stands in standing.items() if stands is False}
        return decided(session, standing, self._waived, now_ns)

    def _standing(self, session: Session, presence: Presence) -> Standing:
        """Tell of every cause whether it stands; what is slow is asked only where it matters."""
        found: dict[Reason, bool | None] = {
            Reason.LOCK: presence.is_locked,
            Reason.IDLE: self._is_idle(presence, is_paused=Reason.IDLE in session.reasons),
            Reason.SCHEDULE: _is_outside(self._hours, self._senses.local()),
            Reason.SUSPEND: False,
        }
        if Reason.DISK in session.reasons:
            found[Reason.DISK] = not self._recording.disk_answers()
        elif session.state is State.RECORDING:
            found[Reason.DISK] = not self._recording.has_room()
        gone = session.reasons & {Reason.DISPLAY_LOST, Reason.SOURCE_DEAD}
        if gone:
            found |= dict.fromkeys(gone, not self._display.answer())
        return found

    def _is_idle(self, presence: Presence, *, is_paused: bool) -> bool | None:
        """Tell whether nobody is at the desk; who is back shows it within seconds."""
        if not self._idle_ns or presence.degraded:
            return False
        if presence.idle_ms is None:
            return None
        limit_ns = min(self._idle_ns, _ACTIVE_NS) if is_paused else self._idle_ns
        return presence.idle_ms * 1_000_000 >= limit_ns


def decided(
    session: Session, standing: Standing, waived: frozenset[Reason], now_ns: int
) -> Session:
    """Give the session with the causes that stand added and those that are gone cleared.

    What cannot be told begins no pause, and ends none.

    Args:
        session: As it is.
        standing: What was seen.
        waived: Causes that the person's word goes before.
        now_ns: Monotonic.
    """
    for reason in sorted(standing):
        stands = standing[reason]
        if reason in waived or stands is False:
            session = session.cleared(reason, now_ns)
        elif stands or reason in session.reasons:
            session = session.pause(reason, now_ns)
    return session


def _is_outside(hours: Hours | None, local: time.struct_time) -> bool:
    return hours is not None and not hours.holds(local.tm_wday, local.tm_hour * 60 + local.tm_min)
