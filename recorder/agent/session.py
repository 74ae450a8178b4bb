"""The state of a recording as a pure value: every change gives a new one.

stopped → starting → recording ⇄ paused(reasons) → stopping → stopped. `starting` also
stands between a pause and the first event after it, while the sources open again. One that
is started paused waits: it goes from stopped to paused(user), and nothing was opened.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

STEADY_NS: Final = 2_000_000_000
"""An automatic pause ends after its cause has been gone this long."""


class State(StrEnum):
    """Where a recording stands."""

    STOPPED = "stopped"
    STARTING = "starting"
    RECORDING = "recording"
    PAUSED = "paused"
    STOPPING = "stopping"


class Reason(StrEnum):
    """Why a recording is paused; the values stand in `reason` of pause rows."""

    USER = "user"
    HOTKEY = "hotkey"
    LOCK = "lock"
    IDLE = "idle"
    SCHEDULE = "schedule"
    DISK = "disk"
    DISPLAY_LOST = "display_lost"
    SOURCE_DEAD = "source_dead"
    INDICATOR = "indicator"
    SUSPEND = "suspend"


BY_PERSON: Final = frozenset({Reason.USER, Reason.HOTKEY})
"""These end by the person's word only."""
OF_HABIT: Final = frozenset({Reason.IDLE, Reason.SCHEDULE})
"""These end by the person's word too: what is said now goes before what was once set."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may last, in nanoseconds."""

    cap_ns: int = 7200 * 10**9
    pause_closes_ns: int = 900 * 10**9


@dataclass(frozen=True, slots=True)
class Session:
    """One recording from start to stop; times are monotonic nanoseconds.

    Attributes:
        limits: The cap and the longest pause within one episode.
        state: Where it stands.
        since_ns: When it came there.
        started_ns: When the recording was asked for; the cap counts from here.
        reasons: Why it is paused; empty in every other state.
        gone_ns: When the causes of an automatic pause were gone, None while one stands.
        resume_at_ns: When the person wants it to go on by itself, None for never.
        ended_by: Why it stops: "user", "cap", "consent", "indicator" …
        is_waiting: It was started paused and nobody resumed it yet; the cap does not count.
    """

    limits: Limits = Limits()
    state: State = State.STOPPED
    since_ns: int = 0
    started_ns: int = 0
    reasons: frozenset[Reason] = frozenset()
    gone_ns: int | None = None
    resume_at_ns: int | None = None
    ended_by: str = ""
    is_waiting: bool = False

    def start(self, now_ns: int) -> "Session":
        """Ask for a recording; nothing happens unless it is stopped."""
        if self.state is not State.STOPPED:
            return self
        return Session(self.limits, State.STARTING, now_ns, now_ns)

    def wait(self, now_ns: int) -> "Session":
        """Start paused, as if by the person; nothing happens unless it is stopped."""
        if self.state is not State.STOPPED:
            return self
        reasons = frozenset({Reason.USER})
        return Session(self.limits, State.PAUSED, now_ns, now_ns, reasons, is_waiting=True)

    def sources_open(self, now_ns: int) -> "Session":
        """Tell that input and screen are being captured."""
        if self.state is not State.STARTING:
            return self
        return self._at(State.RECORDING, now_ns)

    def pause(self, reason: Reason, now_ns: int, resume_at_ns: int | None = None) -> "Session":
        """Pause for one more reason; a stop under way goes first."""
        if self.state in {State.STOPPED, State.STOPPING}:
            return self
        since_ns = self.since_ns if self.state is State.PAUSED else now_ns
        by_person = reason in BY_PERSON
        return replace(
            self,
            state=State.PAUSED,
            since_ns=since_ns,
            reasons=self.reasons | {reason},
            gone_ns=self.gone_ns if by_person else None,
            resume_at_ns=resume_at_ns if by_person else self.resume_at_ns,
        )

    def resume(self, now_ns: int) -> "Session":
        """Take the person's pause back; lock, disk or display may still keep it paused."""
        if self.state is not State.PAUSED:
            return self
        return self._without(BY_PERSON | OF_HABIT, now_ns)

    def slept(self, slept_ns: int, now_ns: int) -> "Session":
        """Tell that the machine slept, which the monotonic clock leaves out.

        The time asleep counts towards the cap and as part of the pause.
        """
        woken = self.pause(Reason.SUSPEND, now_ns)
        if woken.state is not State.PAUSED:
            return woken
        return replace(
            woken, since_ns=woken.since_ns - slept_ns, started_ns=woken.started_ns - slept_ns
        )

    def cleared(self, reason: Reason, now_ns: int) -> "Session":
        """Tell that the cause of an automatic pause is gone; it ends when that lasts."""
        if reason in BY_PERSON or reason not in self.reasons or self.gone_ns is not None:
            return self
        if self.reasons - BY_PERSON != {reason}:
            return replace(self, reasons=self.reasons - {reason})
        return replace(self, gone_ns=now_ns)

    def tick(self, now_ns: int) -> "Session":
        """Let time pass: the cap, a pause that was given an end, an automatic one over."""
        if self.is_live and self.ran_ns(now_ns) >= self.limits.cap_ns:
            return self.stop("cap", now_ns)
        if self.state is not State.PAUSED:
            return self
        if self.gone_ns is not None and now_ns - self.gone_ns >= STEADY_NS:
            return self._without(frozenset(Reason) - BY_PERSON, now_ns)
        if self.resume_at_ns is not None and now_ns >= self.resume_at_ns:
            return self._without(BY_PERSON, now_ns)
        return self

    def stop(self, why: str, now_ns: int) -> "Session":
        """Begin to stop; the first reason given stays."""
        if not self.is_live:
            return self
        return replace(self._at(State.STOPPING, now_ns), ended_by=why)

    def stopped(self, now_ns: int) -> "Session":
        """Tell that everything is written and closed."""
        return replace(self._at(State.STOPPED, now_ns), ended_by=self.ended_by)

    @property
    def is_live(self) -> bool:
        """Whether it has been started and not been asked to stop."""
        return self.state in {State.STARTING, State.RECORDING, State.PAUSED}

    @property
    def told_reason(self) -> Reason:
        """The reason for its row: the person's goes before those that came meanwhile."""
        return min(self.reasons & BY_PERSON or self.reasons, default=Reason.USER)

    def closes_episode(self, now_ns: int) -> bool:
        """Tell whether the episode is closed: by a lock at once, by any pause when it is long."""
        is_long = now_ns - self.since_ns >= self.limits.pause_closes_ns
        return self.state is State.PAUSED and (is_long or Reason.LOCK in self.reasons)

    def ran_ns(self, now_ns: int) -> int:
        """Give how long ago the recording was asked for; 0 while it waits."""
        return 0 if self.is_waiting else now_ns - self.started_ns

    def _at(self, state: State, now_ns: int) -> "Session":
        started_ns = now_ns if self.is_waiting else self.started_ns
        return Session(self.limits, state, now_ns, started_ns, ended_by=self.ended_by)

    def _without(self, gone: frozenset[Reason], now_ns: int) -> "Session":
        left = self.reasons - gone
        if not left:
            return self._at(State.STARTING, now_ns)
        gone_ns = self.gone_ns if left - BY_PERSON else None
        resume_at_ns = self.resume_at_ns if left & BY_PERSON else None
        return replace(self, reasons=left, gone_ns=gone_ns, resume_at_ns=resume_at_ns)
