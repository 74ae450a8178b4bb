"""Frames as PNG files, each written once."""

import base64
import io
import re
from pathlib import Path
from typing import Final

from PIL import Image

from recorder.files import private_folder, write_whole
from recorder.research.exports.tasks import Step
from recorder.research.pictures_check import MOST_PIXELS

IMAGES: Final = "images"
_FORMATS: Final = ("WEBP", "PNG", "JPEG")
"""Of the many that Pillow knows, one starts another program: PostScript."""
_LEVEL: Final = 3
"""zlib's effort. Desktops of 1920 x 1080, 2026-11: 1 and 3 cost 38 ms, 6 costs 58 ms for 4 % less."""


class Unreadable(ValueError):
    """The bytes are no picture."""


class Pictures:
    """PNG files of a copy. `count`: how many were written."""

    def __init__(self, folder: Path) -> None:
        self._folder = private_folder(folder / IMAGES)
        self._names: set[str] = set()

    @property
    def count(self) -> int:
        """How many were written."""
        return len(self._names)

    def put(self, step: Step) -> str:
        """Write a step's picture unless it is there; gives its file name.

        Raises:
            Unreadable: It is no picture.
            OSError: It cannot be written.
        """
        name = f"{picture_word(step)}.png"
        if name not in self._names:
            write_whole(self._folder / name, png(step["image"]["bytes"]))
            self._names.add(name)
        return name


def png(data: bytes) -> bytes:
    """Give a stored picture as PNG.

    Raises:
        Unreadable: It is no picture.
    """
    file = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unreadable
            picture.convert("RGB").save(file, "PNG", compress_level=_LEVEL)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as cause:
        raise Unreadable from cause
    return file.getvalue()


def base64_png(data: bytes) -> str:
    """Give a stored picture as PNG in base64; raises as `png`."""
    return base64.b64encode(png(data)).decode("ascii")


def picture_word(step: Step) -> str:
    """Give a name for a step's picture, the same for all steps that show the same frame."""
    frame_id = step["frame_id"]
    number = f"s{step['step_index']:06}" if frame_id is None else f"{frame_id:06}"
    return f"{file_word(step['episode_id'])}-{number}"


def file_word(text: str) -> str:
    """Give a word that may stand in a file's name."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", text)[:100] or "_"
