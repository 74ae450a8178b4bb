"""What shows the person that it records: the port, and the choice of one that can be seen."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from recorder.agent.making import Making
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.faces import Face

_LOG: Final = logging.getLogger(__name__)
_POLL_S: Final = 0.005
_OTHER_NS: Final = 2_000_000_000
"""One that cannot be seen for so long gives way to the next one."""
UNSEEN_NS: Final = 5_000_000_000
"""For longer nothing is recorded unseen."""
Act = Callable[[str], None]
"""Told what the person chose: "pause", "resume", "forget" (5 minutes), "review" or "stop"."""


class Indicator(Protocol):
    """Shows the person the state; what it says it shows is confirmed by the desktop."""

    def show(self, face: Face) -> bool:
        """Show a state, soon; gives whether it is confirmed to be visible just now."""

    def is_visible(self) -> bool:
        """Tell whether the desktop confirms that it can be seen just now."""

    def close(self) -> None:
        """Take it away; never raises, may be called twice."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to show it.

    Attributes:
        name: "tray" or "window".
        make: Gives one that listens; raises `RecorderError` where there is no place for it.
            Called on a thread of its own, where it may wait.
        wait_s: So long it may take until it can be seen.
    """

    name: str
    make: Callable[[Act], Indicator]
    wait_s: float = 3.0


class NoIndicator(RecorderError):
    """Nothing would show that it records."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing here can show that it records, so it does not record",
            "run it in a terminal, or with --foreground where its lines are read",
            ExitCode.NO_INDICATOR,
        )


class Indicators:
    """Keeps one of several in sight; used by the supervisor's thread.

    Args:
        kinds: The best first; None: somebody else shows it.
        act: Passed on to each.
    """

    def __init__(self, kinds: Sequence[Kind] | None, act: Act) -> None:
        self.is_wanted = kinds is not None
        """Whether the recording depends on one of them."""
        self._makings = [(kind, Making(partial(kind.make, act), kind.name)) for kind in kinds or ()]
        self._at = 0
        self._shown: Indicator | None = None
        self._face = Face("starting")
        self._seen_ns = self._tried_ns = 0

    @property
    def name(self) -> str:
        """Which one can be seen, "" while none can."""
        is_seen = self._shown is not None and self._shown.is_visible()
        return self._makings[self._at][0].name if is_seen else ""

    def open(self) -> bool:
        """Show the first one that is confirmed to be seen; False when one is wanted and none is."""
        for at, (kind, making) in enumerate(self._makings):
            self._at = at
            making.begin()
            if self._wait(making, time.monotonic() + kind.wait_s):
                return True
            self.close()
        return not self.is_wanted

    def show(self, face: Face) -> None:
        """Show a state."""
        self._face = face
        if self._shown is not None:
            self._shown.show(face)

    def keep(self, now_ns: int) -> None:
        """See that one can be seen; one that cannot gives way to the next, in turn. Never waits."""
        self._take()
        if self._shown is not None and self._shown.is_visible():
            self._seen_ns = now_ns
        elif self._makings and now_ns - max(self._seen_ns, self._tried_ns) >= _OTHER_NS:
            if self._tried_ns <= self._seen_ns:
                _LOG.warning("the %s cannot be seen", self._makings[self._at][0].name)
            self.close()
            self._at = (self._at + 1) % len(self._makings)
            self._tried_ns = now_ns
            self._makings[self._at][1].begin()

    def is_unseen(self, now_ns: int) -> bool:
        """Tell whether the person could not see any of them for too long."""
        return self.is_wanted and now_ns - self._seen_ns > UNSEEN_NS

    def close(self) -> None:
        """Take it away."""
        shown, self._shown = self._shown, None
        if shown is not None:
            shown.close()

    def _wait(self, making: Making[Indicator], deadline: float) -> bool:
        while time.monotonic() < deadline:
            is_over = making.is_over
            self._take()
            if self._shown is not None and self._shown.is_visible():
                self._seen_ns = time.monotonic_ns()
                return True
            if is_over and self._shown is None:
                return False
            time.sleep(_POLL_S)
        return False

    def _take(self) -> None:
        """Show what was made meanwhile; what comes too late is not wanted any more."""
        for at, (_, making) in enumerate(self._makings):
            made = making.take()
            if made is None:
                continue
            if at == self._at and self._shown is None:
                self._shown = made
                made.show(self._face)
            else:
                made.close()
