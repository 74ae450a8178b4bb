"""Pictures as they are stored: painted in one solid colour, coded without loss, hashed."""

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recorder.core.geometry import Rect
from recorder.pictures.runs import coded_by_runs

Pixels = NDArray[np.uint8]
"""(H, W, 4) uint8 BGRX, row by row from the top left."""

PAINT_VALUE: Final = 128
"""Every painted channel: a grey that stands out in dark and in light."""
PAINT_GRID_PX: Final = 16
"""Sides of painted boxes lie on it, so that a box does not tell how long a value was."""
EFFORTS: Final = {"layout": 20, "redacted": 26}
"""Lossless WebP's effort, 0-100. Desktops of 1920 x 1080, 2026-11: up to 25 gives 43 ms and
46 kB a frame, from 26 on 80 ms and 18 kB; without text 2 kB either way."""
_MOST_TOLD: Final = 5000
"""Pixels of a picture without text that are unlike their neighbours; one of a screen has
some 500. By runs it takes 10 ms instead of 45, and a tenth more room."""
_DHASH_STEP: Final = 4


def within(rect: Rect) -> tuple[slice, slice]:
    """Give the rows and columns of a rectangle; what lies before the origin is left out."""
    return slice(max(rect.y, 0), max(rect.bottom, 0)), slice(max(rect.x, 0), max(rect.right, 0))


def coded(pixels: Pixels, level: str) -> bytes:
    """Give lossless WebP of a picture. `level`: layout or redacted."""
    height, width = pixels.shape[:2]
    if level == "layout":
        whole = np.ascontiguousarray(pixels).view(np.uint32)[:, :, 0]
        image = coded_by_runs(whole, _MOST_TOLD)
        if image is not None:
            return image
    picture = Image.frombuffer("RGB", (width, height), pixels, "raw", "BGRX", 0, 1)
    file = io.BytesIO()
    picture.save(file, "WEBP", lossless=True, method=1, quality=EFFORTS[level])
    return file.getvalue()


def decoded(image: bytes) -> Pixels:
    """Give the pixels of a stored picture, ours to paint on.

    Raises:
        OSError, ValueError: It is no picture.
    """
    with Image.open(io.BytesIO(image)) as picture:
        wide = picture.convert("RGBX")
        pixels = np.frombuffer(bytearray(wide.tobytes("raw", "BGRX")), np.uint8)
    return pixels.reshape(wide.height, wide.width, 4)


def difference_hash(pixels: Pixels) -> int:
    """Give 64 bits, one per step between neighbours of a 9 x 8 miniature, signed.

    Source: N. Krawetz, "Kind of Like That", 2013 (dHash). Every fourth pixel of each fourth
    row stands for its neighbours: the mean over a ninth of the width changes little.
    """
    whole = np.ascontiguousarray(pixels).view(np.uint32)[:, :, 0]
    few = np.ascontiguousarray(whole[::_DHASH_STEP, ::_DHASH_STEP])
    height, width = few.shape
    picture = Image.frombuffer("RGB", (width, height), few, "raw", "BGRX", 0, 1)
    small = np.asarray(picture.convert("L").resize((9, 8), Image.Resampling.BOX))
    bits = np.packbits(small[:, 1:] > small[:, :-1])
    return int.from_bytes(bits.tobytes(), "big", signed=True)
