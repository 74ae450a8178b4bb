"""Draws the tray's pictures: told apart by shape, on light and on dark panels. Pure.

A shape is a signed distance: negative inside, in units of half the picture's side. Around
its colour runs a white and around that a dark line, so that one of them always stands out.
"""

import math
import struct
from collections.abc import Callable
from functools import cache
from typing import Final

from recorder.core.faces import FaceState

SIZES_PX: Final = (22, 44)
"""A panel's usual height, and twice that for dense screens."""

Pixmap = tuple[int, int, bytes]
"""Width, height, and ARGB32 in network byte order, rows from the top, alpha not multiplied in."""
_Distance = Callable[[float, float], float]
_Colour = tuple[int, int, int]

_WHITE: Final = (255, 255, 255)
_DARK: Final = (32, 32, 32)
_RED: Final = (214, 0, 28)
_AMBER: Final = (255, 176, 0)
_BLUE: Final = (0, 84, 190)
_GREY: Final = (120, 120, 120)
_LINE: Final = 0.09
"""Width of each of the two lines."""


def pixmaps(state: FaceState) -> tuple[Pixmap, ...]:
    """Give a state's picture in every size.

    A disc records, two bars are a pause, a triangle with an exclamation mark misses
    something, a ring starts or stops.
    """
    return tuple((size_px, size_px, _draw(state, size_px)) for size_px in SIZES_PX)


@cache
def _draw(state: FaceState, size_px: int) -> bytes:
    half = size_px / 2
    steps = [(index + 0.5 - half) / half for index in range(size_px)]
    return b"".join(_pixel(state, x, y, half) for y in steps for x in steps)


def _pixel(state: FaceState, x: float, y: float, half: float) -> bytes:
    distance, colour, mark = _SHAPES[state]
    depth = distance(x, y)
    inside = _mix(colour, _DARK, _cover(mark(x, y), half)) if mark else colour
    line = _mix(_DARK, _WHITE, _cover(depth - _LINE, half))
    red, green, blue = _mix(line, inside, _cover(depth, half))
    return struct.pack(">4B", round(255 * _cover(depth - 2 * _LINE, half)), red, green, blue)


def _cover(distance: float, half: float) -> float:
    """Give the share of a pixel that lies inside, from its middle's distance."""
    return min(max(0.5 - distance * half, 0.0), 1.0)


def _mix(below: _Colour, above: _Colour, share: float) -> _Colour:
    red, green, blue = (
        round(one + (two - one) * share) for one, two in zip(below, above, strict=True)
    )
    return red, green, blue


def _disc(x: float, y: float) -> float:
    return math.hypot(x, y) - 0.74


def _ring(x: float, y: float) -> float:
    return abs(math.hypot(x, y) - 0.6) - 0.14


def _bars(x: float, y: float) -> float:
    return max(abs(abs(x) - 0.5) - 0.22, abs(y) - 0.68)


def _triangle(x: float, y: float) -> float:
    return max(abs(x) * 0.89 - (y + 0.56) * 0.46, y - 0.62)


def _exclamation(x: float, y: float) -> float:
    bar = max(abs(x) - 0.09, abs(y + 0.02) - 0.24)
    dot = max(abs(x) - 0.09, abs(y - 0.44) - 0.09)
    return min(bar, dot)


_SHAPES: Final[dict[FaceState, tuple[_Distance, _Colour, _Distance | None]]] = {
    "starting": (_ring, _GREY, None),
    "recording": (_disc, _RED, None),
    "degraded": (_triangle, _AMBER, _exclamation),
    "paused": (_bars, _BLUE, None),
    "stopping": (_ring, _GREY, None),
}
