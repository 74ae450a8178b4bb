"""Keys that are held down while the X server repeats them; what it delivers is the truth."""

import os
import select
import subprocess
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final

from Xlib import XK, X
from Xlib.ext import xtest

_DEADLINE_S: Final = 150.0


class HeldKeys:
    """Holds keys on a display and counts the presses that its focused window gets.

    Args:
        display: A connection of our own.
        windows: All in which the focus may be; each press arrives at one of them.
        hertz: How often the server repeats a held key, after 0.2 s.
    """

    def __init__(self, display: Any, windows: Iterable[Any], hertz: int) -> None:  # noqa: ANN401 - python-xlib has no types
        self._display = display
        subprocess.run(
            ("xset", "r", "rate", "200", str(hertz)), check=True,
            env={"PATH": os.environ.get("PATH", os.defpath), "DISPLAY": display.get_display_name()},
        )  # fmt: skip
        for window in windows:
            window.change_attributes(event_mask=X.KeyPressMask)
        display.sync()

    def hold(self, name: str, presses: int) -> int:
        """Hold the key of an X name for at least so many presses; gives how many there were."""
        code = self._display.keysym_to_keycode(XK.string_to_keysym(name))
        end_s = time.monotonic() + _DEADLINE_S
        xtest.fake_input(self._display, X.KeyPress, code)
        self._display.sync()
        seen = self._count(code)
        while seen < presses:
            assert time.monotonic() < end_s, f"{seen} of {presses} presses arrived"
            select.select([self._display.display.socket], [], [], 1.0)
            seen += self._count(code)
        xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()
        return seen + self._count(code)

    def _count(self, code: int) -> int:
        arrived = 0
        while self._display.pending_events():
            event = self._display.next_event()
            arrived += event.type == X.KeyPress and event.detail == code
        return arrived


def windows_below(window: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Give a window and all that lie in it."""
    yield window
    for child in window.query_tree().children:
        yield from windows_below(child)
