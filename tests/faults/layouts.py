"""Arrangements of monitors on one virtual screen, and a board on it that tells each pixel's place."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from Xlib import X
from Xlib.display import Display

from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.core.geometry import Rect

BOARD: Final = "board"
"""The application that may be recorded."""
STRANGER: Final = Rect(410, 130, 250, 140)
"""A window over the board that may not be recorded."""
_STRANGE_BGR: Final = (255, 0, 254)
_TILE_PX: Final = 120
_STEP: Final = 14
_SIZE: Final = Rect(0, 0, 1920, 1080)

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Layout:
    """Monitors as the server is told of them, the primary one first.

    `root`: Size of the virtual screen, where it changes too.
    """

    name: str
    told: tuple[Rect, ...]
    root: Rect = _SIZE

    @property
    def monitors(self) -> tuple[Rect, ...]:
        """The monitors as they are to be stored: on the screen, each place once."""
        first, *more = dict.fromkeys(rect.intersect(self.root) for rect in self.told)
        return (first, *sorted(more, key=lambda rect: (rect.x, rect.y)))


LAYOUTS: Final = (
    Layout("one", (_SIZE,)),
    Layout("side by side", (Rect(0, 0, 960, 1080), Rect(960, 0, 960, 1080))),
    Layout("stacked", (Rect(0, 0, 1920, 540), Rect(0, 540, 1920, 540))),
    Layout("an L with a gap", (Rect(0, 0, 800, 500), Rect(900, 0, 1020, 500), Rect(0, 580, 800, 500))),
    Layout("above and left of the primary", (Rect(400, 480, 1200, 600), Rect(0, 0, 900, 480))),
    Layout("mirrored", (Rect(0, 0, 1280, 720), Rect(0, 0, 1280, 720))),
    Layout("rotated beside", (Rect(0, 0, 600, 1000), Rect(600, 0, 1000, 600))),
    Layout("scaled, beyond a smaller screen", (Rect(0, 0, 1200, 900), Rect(1200, 0, 640, 480)), Rect(0, 0, 1600, 900)),
)  # fmt: skip


class Board:
    """Tiles of one colour each all over the screen, and a stranger's window on them."""

    def __init__(self, display: str) -> None:
        self._display: Any = Display(display)
        board = self._window(_SIZE, BOARD, 0)
        graphics = board.create_gc()
        for x in range(0, _SIZE.w, _TILE_PX):
            for y in range(0, _SIZE.h, _TILE_PX):
                blue, green, red = colour_at(x, y)
                graphics.change(foreground=red << 16 | green << 8 | blue)
                board.fill_rectangle(graphics, x, y, _TILE_PX, _TILE_PX)
        blue, green, red = _STRANGE_BGR
        self._window(STRANGER, "stranger", red << 16 | green << 8 | blue)
        board.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self._display.sync()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self._display.close()

    def _window(self, area: Rect, name: str, colour: int) -> Any:  # noqa: ANN401 - python-xlib
        window = self._display.screen().root.create_window(
            area.x, area.y, area.w, area.h, 0, X.CopyFromParent,
            override_redirect=1, background_pixel=colour, backing_store=X.Always,
        )  # fmt: skip
        window.set_wm_class(name, name)
        window.map()
        self._display.sync()
        return window


def colour_at(x: int, y: int) -> tuple[int, int, int]:
    """Give blue, green, red of the board at a pixel of the screen; each tile has its own."""
    return 90, 40 + _STEP * (y // _TILE_PX), 30 + _STEP * (x // _TILE_PX)


def board_over(area: Rect) -> Pixels:
    """Give what an area of the screen shows: (H, W, 3) uint8, red, green, blue; no stranger."""
    x, y = np.arange(area.x, area.right), np.arange(area.y, area.bottom)
    shape = (area.h, area.w)
    blue, green, red = 90, 40 + _STEP * (y // _TILE_PX), 30 + _STEP * (x // _TILE_PX)
    parts = (np.broadcast_to(red, shape), np.broadcast_to(green[:, None], shape))
    return np.stack([*parts, np.full(shape, blue)], axis=-1).astype(np.uint8)


def shows_the_stranger(picture: Pixels) -> bool:
    """Tell whether a pixel of the stranger's window is in a picture."""
    return bool((picture == np.array(_STRANGE_BGR[::-1], np.uint8)).all(axis=-1).any())


@contextmanager
def board_on(desktop: VirtualDesktop) -> Iterator["Arranger"]:
    """Give what arranges the monitors of a desktop that shows the board."""
    with Board(desktop.display):
        yield Arranger(desktop)


class Arranger:
    """Adds and takes away monitors, as plugs do."""

    def __init__(self, desktop: VirtualDesktop) -> None:
        self._desktop = desktop
        self._names: list[str] = []
        self._turn = 0
        self._root = _SIZE

    def arrange(self, layout: Layout) -> None:
        """Change over to a layout, one monitor after the other."""
        self._turn += 1
        old, self._names = self._names, []
        for name in old:
            self._xrandr("--delmonitor", name)
        if layout.root != self._root:
            self._resize(layout.root)
        for number, rect in enumerate(layout.told):
            name = f"m{self._turn}-{number}"
            size = f"{rect.w}/{rect.w}x{rect.h}/{rect.h}+{rect.x}+{rect.y}"
            primary, output = ("*", "screen") if number == 0 else ("", "none")
            self._xrandr("--setmonitor", primary + name, size, output)
            self._names.append(name)

    def _resize(self, root: Rect) -> None:
        mode = f"{root.w}x{root.h}"
        if root != _SIZE:
            sides = (str(root.w), "0", "0", "0", str(root.h), "0", "0", "0")
            self._xrandr("--newmode", mode, "0", *sides)
            self._xrandr("--addmode", "screen", mode)
        self._xrandr("--output", "screen", "--mode", mode)
        self._root = root

    def _xrandr(self, *words: str) -> None:
        subprocess.run(
            ("xrandr", *words), env=self._desktop.environment, check=True, capture_output=True
        )
