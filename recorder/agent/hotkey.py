"""The key combination that pauses: kept alive, and what is wrong with it."""

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from recorder.agent.making import Making

TAKEN_BACK_NS: Final = 500_000_000
"""So much before the press is not kept: what one sees and wants to hide came just before."""
_AGAIN_NS: Final = 1_000_000_000
_MADE_S: Final = 0.5
LOST: Final = "hotkey_lost"
Pressed = Callable[[int], None]
"""Told when it was pressed, monotonic nanoseconds."""


class GrabbedKey(Protocol):
    """A combination that is asked of the window system; no other key is seen through it."""

    @property
    def trouble(self) -> str:
        """Why it does not work, a word of `core.degraded`; "" while it does."""

    def close(self) -> None:
        """Let it go; never raises, may be called twice."""


class PauseKey:
    """The hotkey of one recording; used by the supervisor's thread.

    Args:
        words: As the person wrote it, "" for none.
        grab: Takes it, on a thread of its own; raises `RecorderError` where there is no display.
            None for none.
        pressed: Passed on.
    """

    def __init__(
        self,
        words: str = "",
        grab: Callable[[Pressed], GrabbedKey] | None = None,
        pressed: Pressed = lambda _t_ns: None,
    ) -> None:
        self.words = words
        self._making = Making(partial(grab, pressed), "hotkey-maker") if grab else None
        self._key: GrabbedKey | None = None
        self._tried_ns = 0

    @property
    def trouble(self) -> str:
        """Why it does not work, a word of `core.degraded`; "" while it does or none is wanted."""
        if self._making is None:
            return ""
        return LOST if self._key is None else self._key.trouble

    def keep(self, now_ns: int) -> None:
        """Take it, and take it anew when the display went away and came back. Never waits."""
        if self._making is None or self.trouble != LOST:
            return
        made = self._making.take()
        if made is not None:
            self.close()
            self._key = made
        elif now_ns - self._tried_ns >= _AGAIN_NS:
            self._tried_ns = now_ns
            self._making.begin()

    def close(self) -> None:
        """Let it go, also one that nobody took yet: another recording may ask for it next."""
        made = None
        if self._making is not None:
            self._making.wait(_MADE_S)
            made = self._making.take()
        key, self._key = self._key, None
        for one in (key, made):
            if one is not None:
                one.close()
