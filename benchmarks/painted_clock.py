"""A clock painted on the screen that a program can read back from a picture.

Run as a program it opens a window and paints CLOCK_MONOTONIC in milliseconds as black
and white squares. Each picture appears at once (drawn aside, then copied), so a grab
shows one time or another, never a mixture.

    python -m benchmarks.painted_clock --at 1300,700 --hz 75
"""

import argparse
import time
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

CLOCK_APP: Final = "painted-clock"
TITLE: Final = "Painted clock"
CELL_PX: Final = 40
COLUMNS: Final = 8
ROWS: Final = 4
WIDTH_PX: Final = CELL_PX * COLUMNS
HEIGHT_PX: Final = CELL_PX * ROWS
_TIME_BITS: Final = 24
_CHECK_BITS: Final = 8
_MS: Final = 1_000_000
_WRAP_NS: Final = (1 << _TIME_BITS) * _MS
"""4.6 hours; a reading is taken as the time nearest to a hint."""


def encode(t_ns: int) -> list[bool]:
    """Give the squares of a time, row by row: 24 bits of milliseconds, 8 check bits."""
    value = (t_ns // _MS) & ((1 << _TIME_BITS) - 1)
    check = zlib.crc32(value.to_bytes(3, "big")) & 0xFF
    bits = value << _CHECK_BITS | check
    return [bool(bits >> at & 1) for at in reversed(range(COLUMNS * ROWS))]


def read_clock(picture: "npt.NDArray[np.uint8]", left: int, top: int, near_ns: int) -> int | None:
    """Read the time in a picture; None when it is covered, painted out or not there.

    Args:
        picture: (H, W) or (H, W, channels) uint8.
        left: The clock's left edge in the picture, pixels.
        top: Its top edge.
        near_ns: A time within two hours of the painted one.
    """
    grey = picture[..., 1] if picture.ndim == 3 else picture  # noqa: PLR2004 - colours
    half = CELL_PX // 2
    bits = 0
    for row in range(ROWS):
        for column in range(COLUMNS):
            y, x = top + row * CELL_PX + half, left + column * CELL_PX + half
            level = float(grey[y - 4 : y + 4, x - 4 : x + 4].mean())
            if 64 < level < 192:  # noqa: PLR2004 - neither black nor white
                return None
            bits = bits << 1 | (level >= 192)  # noqa: PLR2004
    value = bits >> _CHECK_BITS
    if zlib.crc32(value.to_bytes(3, "big")) & 0xFF != bits & 0xFF:
        return None
    base = near_ns // _WRAP_NS * _WRAP_NS
    times = [base + shift * _WRAP_NS + value * _MS for shift in (-1, 0, 1)]
    return min(times, key=lambda t_ns: abs(t_ns - near_ns))


def main() -> None:
    """Paint until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at", default="1300,700", help="left,top in pixels")
    parser.add_argument("--hz", type=float, default=75)
    options = parser.parse_args()
    left, top = map(int, options.at.split(","))
    paint(left, top, options.hz)


def paint(left: int, top: int, hz: float) -> None:
    """Open the window without a frame of the window manager's and paint until ended."""
    from Xlib import X  # noqa: PLC0415 - needs a display
    from Xlib.display import Display  # noqa: PLC0415

    display = Display()
    screen = display.screen()
    window = screen.root.create_window(
        left, top, WIDTH_PX, HEIGHT_PX, 0, screen.root_depth, X.InputOutput,
        background_pixel=screen.black_pixel, override_redirect=True,
    )  # fmt: skip
    window.set_wm_class(CLOCK_APP, CLOCK_APP)
    window.set_wm_name(TITLE)
    window.map()
    aside = window.create_pixmap(WIDTH_PX, HEIGHT_PX, screen.root_depth)
    black = aside.create_gc(foreground=screen.black_pixel)
    white = aside.create_gc(foreground=screen.white_pixel)
    due = time.monotonic()
    while True:
        squares = [
            (at % COLUMNS * CELL_PX, at // COLUMNS * CELL_PX, CELL_PX, CELL_PX)
            for at, is_white in enumerate(encode(time.monotonic_ns()))
            if is_white
        ]
        aside.fill_rectangle(black, 0, 0, WIDTH_PX, HEIGHT_PX)
        aside.poly_fill_rectangle(white, squares)
        window.copy_area(white, aside, 0, 0, WIDTH_PX, HEIGHT_PX, 0, 0)
        display.sync()
        due = max(due + 1 / hz, time.monotonic())
        time.sleep(max(due - time.monotonic(), 0))


if __name__ == "__main__":
    main()
