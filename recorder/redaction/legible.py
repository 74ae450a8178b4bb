"""Whether a line was read or only guessed at; a guessed line is painted whole.

The English model reads a Russian line as Latin nonsense that no rule matches, so a rule
that stays silent proves nothing unless the line was legible.
"""

from typing import Final

from recorder.core.geometry import Rect
from recorder.redaction.ocr import Reading

_LEAST_CONFIDENCE: Final = 60.0
_ICON_SHARE: Final = 1.6
"""Wider than so many heights, an unreadable mark is text; narrower it is an icon."""
_SMALL_PX: Final = 40
"""Narrower marks hold two characters at most."""


def is_legible(reading: Reading, box: Rect) -> bool:
    """Tell whether the reading may be trusted to show what the line says."""
    if is_icon(box):
        return True
    return confidence(reading) >= _LEAST_CONFIDENCE


def confidence(reading: Reading) -> float:
    """Give the mean confidence over the characters, 0 when nothing was read."""
    length = sum(len(word.text) for word in reading.words)
    return sum(word.confidence * len(word.text) for word in reading.words) / max(length, 1)


def is_icon(box: Rect) -> bool:
    """Tell whether the mark is too narrow to be text of more than two characters."""
    return box.w <= _SMALL_PX and box.w <= _ICON_SHARE * box.h
