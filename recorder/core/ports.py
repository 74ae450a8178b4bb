"""Ports of the capture side; the adapters stand in `capture/platforms`."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.events import RawEvent
from recorder.core.frames import RawFrame
from recorder.core.geometry import Monitor
from recorder.core.proofs import LiveGrant
from recorder.core.scenes import Scene


class SourceUnavailable(RecorderError):
    """A source cannot be opened: no display, a missing extension, a missing permission."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message, fix, ExitCode.NOT_PERMITTED)


class SourceLost(RecorderError):
    """An open source broke: the display went away or the connection ended."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "recorder resume, once the display is back", ExitCode.DEGRADED)


class BusState(StrEnum):
    """How far one gets on the way to what programs tell about their windows."""

    NO_SESSION_BUS = "no_session_bus"
    NOT_INSTALLED = "not_installed"
    NOT_STARTED = "not_started"
    SILENT = "silent"
    ANSWERS = "answers"


class InputSource(Protocol):
    """Mouse and keyboard. Opened, read and closed by one thread."""

    def open(self, grant: LiveGrant) -> None:
        """Install the hook.

        Raises:
            SourceUnavailable: It cannot be installed; the fix says what to do.
        """

    def read(self, timeout_s: float) -> list[RawEvent]:
        """Give what arrived, in order of time; empty at the time-out.

        Raises:
            SourceLost: The display server went away.
        """

    def close(self) -> None:
        """Remove the hook; never raises, may be called twice."""


class ScreenSource(Protocol):
    """Pictures of monitors, and news of change. Used by one thread."""

    def open(self, grant: LiveGrant) -> None:
        """Connect to the display.

        Raises:
            SourceUnavailable: There is no display or no way to grab it.
        """

    def fileno(self) -> int:
        """Give a descriptor that is readable when `wait_for_change` may have news.

        Raises:
            SourceLost: The display server went away.
        """

    def wait_for_change(self, timeout_s: float) -> bool:
        """Wait for damage; True when something on the screen changed since the last grab."""

    @property
    def last_change_ns(self) -> int | None:
        """When the newest damage arrived, absolute monotonic; None where unknown."""

    def grab(self, monitor: Monitor) -> RawFrame | None:
        """Take one monitor's picture; None when that area is not on the screen just now.

        Raises:
            SourceLost: The display server went away.
        """

    def close(self) -> None:
        """Disconnect; never raises, may be called twice."""


class SceneSource(Protocol):
    """The context watcher: focus, secure fields, stacking order, geometry.

    Runs its own connections without an input hook. `fresh` may be called from any
    thread, the rest by one.
    """

    def open(self, grant: LiveGrant) -> None:
        """Connect and take the first scene.

        Raises:
            SourceUnavailable: There is no display.
        """

    def fresh(self, *, asks_apps: bool = True) -> Scene:
        """Give the scene as it is now: every event the server had sent is in it.

        `asks_apps`: what accessibility told is asked anew too.

        Raises:
            SourceLost: The display server went away.
        """

    def wait(self, timeout_s: float) -> list[Scene]:
        """Give the scenes since the last call, oldest first; empty at the time-out.

        Raises:
            SourceLost: The display server went away.
        """

    def close(self) -> None:
        """Disconnect; never raises, may be called twice."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether somebody is at the desk, as far as one source tells.

    Attributes:
        idle_ms: How long nothing was typed, moved or clicked; None where it cannot be told.
        is_locked: Whether the screen is locked; None where it cannot be told.
        degraded: Words of `core.degraded` for what it should tell and cannot.
    """

    idle_ms: int | None = None
    is_locked: bool | None = None
    degraded: tuple[str, ...] = ()


class PresenceSource(Protocol):
    """Tells whether somebody is at the desk, without an input hook; works while paused."""

    @property
    def name(self) -> str:
        """Give a word of its own for threads."""

    def run(self, tell: Callable[[Presence], None]) -> None:
        """Tell what is so, at news and now and then, until `close`; never raises.

        The body of a thread of its own, where it may wait for a server that hangs.
        """

    def close(self) -> None:
        """Let `run` end soon; never waits, may be called twice, from any thread."""


class Startable(Protocol):
    """A program with fixed words that somebody else starts, who is held by none of our filters."""

    def is_startable(self) -> bool:
        """Tell whether it would be started; starts nothing. May wait for seconds."""

    def activate(self) -> bool:
        """Have it started where it does not run, and show itself; may wait for a minute."""


class Activated(Protocol):
    """A program's hold on whoever started it: it is told when to show itself."""

    @property
    def is_over(self) -> bool:
        """Whether who started it is gone, as at the end of a person's session."""

    def wait(self, timeout_s: float) -> bool:
        """Wait until one call was answered; False when none was in time."""

    def close(self) -> None:
        """Let go; may be called twice."""
