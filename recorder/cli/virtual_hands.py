"""Hands on a virtual desktop: type, click, drag and find windows, through xdotool.

What is typed goes over xdotool's standard input, never over its command line.
"""

import subprocess
import time
from collections.abc import Mapping
from typing import Final

from recorder.cli.virtual_processes import find_program, wait_until

_COMMAND_S: Final = 60.0
_WINDOW_S: Final = 45.0


class Hands:
    """One pair of hands on one display.

    Args:
        environment: Names the display; complete.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)

    def type_text(self, text: str, delay_ms: int = 40) -> None:
        """Type the text, one key after the other; a line's end is the Return key.

        xdotool itself would send the Linefeed key, which keyboards do not have.
        """
        for line in text.splitlines(keepends=True):
            if words := line.rstrip("\n"):
                self._xdotool("type", "--delay", str(delay_ms), "--file", "-", given=words)
            if line.endswith("\n"):
                self.key("Return")

    def key(self, *names: str) -> None:
        """Press and release keys or shortcuts, by X names: `Return`, `ctrl+a`."""
        self._xdotool("key", "--delay", "40", *names)

    def move(self, x: int, y: int) -> None:
        """Move the pointer to a pixel."""
        self._xdotool("mousemove", str(x), str(y))

    def glide(self, x: int, y: int, *, steps: int = 12, seconds: float = 0.3) -> None:
        """Move the pointer in small steps, as a hand does."""
        from_x, from_y = self.pointer()
        for step in range(1, steps + 1):
            self.move(from_x + (x - from_x) * step // steps, from_y + (y - from_y) * step // steps)
            time.sleep(seconds / steps)

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click at a pixel."""
        self._xdotool("mousemove", str(x), str(y), "click", str(button))

    def scroll(self, steps: int) -> None:
        """Turn the wheel; positive is down."""
        button = "5" if steps > 0 else "4"
        self._xdotool("click", "--repeat", str(abs(steps)), "--delay", "60", button)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press at the first pixel, move, release at the second one."""
        self._xdotool("mousemove", str(start[0]), str(start[1]), "mousedown", "1")
        self.glide(*end)
        self._xdotool("mouseup", "1")

    def pointer(self) -> tuple[int, int]:
        """Give where the pointer is."""
        words = dict(
            word.split("=", 1)
            for word in self._xdotool("getmouselocation", "--shell").split()
            if "=" in word
        )
        return int(words["X"]), int(words["Y"])

    def window(self, title: str, timeout_s: float = _WINDOW_S) -> int:
        """Wait for a visible window whose title matches the pattern; give its id.

        Raises:
            DesktopSilent: None appeared in time.
        """
        return wait_until(f"a window titled {title}", lambda: self.find(title), timeout_s)

    def wait_gone(self, title: str, timeout_s: float = _WINDOW_S) -> None:
        """Wait until no visible window's title matches the pattern.

        Raises:
            DesktopSilent: One is still there.
        """
        wait_until(f"the end of {title}", lambda: self.find(title) is None, timeout_s)

    def find(self, title: str) -> int | None:
        """Give the id of the newest visible window whose title matches, None without one."""
        found = self._xdotool("search", "--onlyvisible", "--name", title, may_fail=True).split()
        return int(found[-1]) if found else None

    def activate(self, window: int) -> None:
        """Bring a window to the front and give it the focus."""
        self._xdotool("windowactivate", "--sync", str(window))

    def place(self, window: int, position: tuple[int, int], size: tuple[int, int]) -> None:
        """Put a window somewhere, with a size, in pixels."""
        self._xdotool(
            "windowsize", str(window), str(size[0]), str(size[1]),
            "windowmove", str(window), str(position[0]), str(position[1]),
        )  # fmt: skip

    def geometry(self, window: int) -> tuple[int, int, int, int]:
        """Give left, top, width and height of a window's content in pixels."""
        words = dict(
            word.split("=", 1)
            for word in self._xdotool("getwindowgeometry", "--shell", str(window)).split()
            if "=" in word
        )
        return int(words["X"]), int(words["Y"]), int(words["WIDTH"]), int(words["HEIGHT"])

    def close(self, window: int) -> None:
        """Ask a window's program to close it."""
        self._xdotool("windowclose", str(window), may_fail=True)

    def _xdotool(self, *arguments: str, given: str = "", may_fail: bool = False) -> str:
        done = subprocess.run(  # noqa: S603 -- xdotool, no shell
            [str(find_program("xdotool")), *arguments],
            env=self._environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=_COMMAND_S,
            check=not may_fail,
        )
        return done.stdout
