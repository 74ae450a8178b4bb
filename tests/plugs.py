"""Monitors that are plugged into a virtual display and taken away, by RandR 1.5."""

import os
import subprocess
from typing import Any, Final

from recorder.core.geometry import Rect

_OUTPUT: Final = "screen"
"""The one output of Xvfb: a monitor that has it takes the place of the server's own."""


class Plugs:
    """The monitors of one display, as a person's hands plug them in.

    Args:
        display: Of an Xvfb, for example ":23".
    """

    def __init__(self, display: str) -> None:
        self._environment = {"PATH": os.environ.get("PATH", os.defpath), "DISPLAY": display}
        self._number = 0

    def plug(self, rect: Rect, *, is_primary: bool = False, output: str = "none") -> str:
        """Add a monitor, wherever it is on or beyond the screen; gives its name."""
        self._number += 1
        name = f"m{self._number}"
        size = f"{rect.w}/{rect.w}x{rect.h}/{rect.h}+{rect.x}+{rect.y}"
        self._xrandr("--setmonitor", "*" * is_primary + name, size, output)
        return name

    def plug_first(self, rect: Rect) -> str:
        """Add the primary monitor in place of the server's own; gives its name."""
        return self.plug(rect, is_primary=True, output=_OUTPUT)

    def unplug(self, name: str) -> None:
        """Take a monitor away."""
        self._xrandr("--delmonitor", name)

    def resize(self, width_px: int, height_px: int, *, is_known: bool) -> None:
        """Change the size of the whole screen. `is_known`: the server has that mode already."""
        mode = f"{width_px}x{height_px}"
        if not is_known:
            sides = (str(width_px), "0", "0", "0", str(height_px), "0", "0", "0")
            self._xrandr("--newmode", mode, "0", *sides)
            self._xrandr("--addmode", _OUTPUT, mode)
        self._xrandr("--output", _OUTPUT, "--mode", mode)

    def _xrandr(self, *words: str) -> None:
        subprocess.run(("xrandr", *words), env=self._environment, check=True, capture_output=True)


def turn_off(display: Any) -> None:  # noqa: ANN401 - python-xlib has no types
    """Turn the server's only output off: no monitor is left."""
    root = display.screen().root
    found = root.xrandr_get_screen_resources()
    for crtc in found.crtcs:
        display.xrandr_set_crtc_config(crtc, found.config_timestamp, 0, 0, 0, 1, [])
    display.sync()
