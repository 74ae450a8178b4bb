"""A question of zenity on the shared desktop: where its button is, and how it looked."""

import time
from typing import Any, Final

import mss
import numpy as np
import numpy.typing as npt
from Xlib.display import Display

from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.pictures import PAINT_VALUE

Pixels = npt.NDArray[np.uint8]
_AREA: Final = ((100, 700), (420, 130))
_YES: Final = (92, 41, 8, 8)
"""Of its button Yes: left and top from the right and lower edge, right and bottom from them."""
_LOOK_S: Final = 0.8
"""How long a person looks before going on; longer than a screen takes to settle."""


class Dialog:
    """Opened at once; it stands until it is answered."""

    def __init__(self, desktop: VirtualDesktop, question: str) -> None:
        self._desktop = desktop
        self._process = desktop.run(
            "zenity", "--question", "--title", "Question", "--text", question
        )
        self._window = desktop.hands.window("^Question$")
        desktop.hands.place(self._window, *_AREA)

    def say_yes(self) -> None:
        """Press its button; keep how it looked before, and what was there afterwards."""
        hands = self._desktop.hands
        hands.activate(self._window)
        self.left, self.top, width, height = self._content()
        self.right, self.bottom = self.left + width, self.top + height
        place = self.right - (_YES[0] + _YES[2]) // 2, self.bottom - (_YES[1] + _YES[3]) // 2
        hands.glide(*place)
        time.sleep(_LOOK_S)
        self.before = self._grab()
        hands.click(*place)
        assert self._process.wait(45) == 0, "another button was pressed"
        hands.wait_gone("^Question$")
        self.after = self._grab()

    def is_on_yes(self, x: int | None, y: int | None) -> bool:
        """Tell whether a place is on the button."""
        if x is None or y is None:
            return False
        across = self.right - _YES[0] <= x < self.right - _YES[2]
        return across and self.bottom - _YES[1] <= y < self.bottom - _YES[3]

    def check_shown(self, picture: Pixels) -> None:
        """Check that a picture of the screen shows the dialog, not what came after it."""
        part = picture[self.top : self.bottom, self.left : self.right].astype(int)
        tells = np.abs(self.before - self.after).max(axis=2) > 64
        tells &= (part != PAINT_VALUE).any(axis=2)
        assert tells.mean() > 0.25, "too much was painted out to tell"
        is_open = np.abs(part - self.before).max(axis=2) <= 16
        assert is_open[tells].mean() > 0.9

    def _content(self) -> tuple[int, int, int, int]:
        """Give where the window's content is, without its frame; xdotool counts that twice."""
        display: Any = Display(self._desktop.display)
        window = display.create_resource_object("window", self._window)
        size = window.get_geometry()
        place = display.screen().root.translate_coords(window, 0, 0)
        display.close()
        return place.x, place.y, size.width, size.height

    def _grab(self) -> npt.NDArray[np.int64]:
        area = {
            "left": self.left, "top": self.top, "width": self.right - self.left,
            "height": self.bottom - self.top,
        }  # fmt: skip
        with mss.MSS(display=self._desktop.display) as screen:
            pixels = np.asarray(screen.grab(area))
        return pixels[:, :, 2::-1].astype(np.int64)
