"""Arrangements of monitors on one virtual screen, and a board on it that tells each pixel's place."""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from Xlib import X
from Xlib.display import Display

from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.core.geometry import Rect
from tests.plugs import Plugs

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
        board = self._window(_SIZE, BOARD, background_pixmap=self._tiles())
        self._window(STRANGER, "stranger", background_pixel=_pixel(_STRANGE_BGR))
        board.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self._display.sync()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self._display.close()

    def _tiles(self) -> Any:  # noqa: ANN401 - python-xlib has no types
        """Give the tiles as a background, which the server draws anew by itself."""
        screen = self._display.screen()
        tiles = screen.root.create_pixmap(_SIZE.w, _SIZE.h, screen.root_depth)
        graphics = tiles.create_gc()
        for x in range(0, _SIZE.w, _TILE_PX):
            for y in range(0, _SIZE.h, _TILE_PX):
                graphics.change(foreground=_pixel(_colour_at(x, y)))
                tiles.fill_rectangle(graphics, x, y, _TILE_PX, _TILE_PX)
        return tiles

    def _window(self, area: Rect, name: str, **background: Any) -> Any:  # noqa: ANN401 - as above
        window = self._display.screen().root.create_window(
            area.x, area.y, area.w, area.h, 0, X.CopyFromParent, override_redirect=1, **background
        )
        window.set_wm_class(name, name)
        window.map()
        self._display.sync()
        return window


def _pixel(colour: tuple[int, int, int]) -> int:
    blue, green, red = colour
    return red << 16 | green << 8 | blue


def _colour_at(x: int, y: int) -> tuple[int, int, int]:
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


class Arranger:
    """Arranges the monitors of a desktop, one after the other."""

    def __init__(self, desktop: VirtualDesktop) -> None:
        self._plugs = Plugs(desktop.display)
        self._names: list[str] = []
        self._root = _SIZE
        self._known = {_SIZE}

    def arrange(self, layout: Layout) -> None:
        """Change over to a layout; on the way every monitor is taken away and added."""
        for name in self._names:
            self._plugs.unplug(name)
        if layout.root != self._root:
            is_known = layout.root in self._known
            self._plugs.resize(layout.root.w, layout.root.h, is_known=is_known)
            self._root = layout.root
            self._known.add(layout.root)
        first, *more = layout.told
        self._names = [self._plugs.plug_first(first), *map(self._plugs.plug, more)]
