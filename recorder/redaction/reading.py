"""What a line says: its words, where they stand, and what was passed over. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from recorder.redaction.parts import Ink, runs

ICON_PX: Final = 40
ICON_SHARE: Final = 1.6
"""Narrower than both, this many pixels and heights, an unread mark is an icon: it holds two
characters at most."""
_SLACK_PX: Final = 3
"""The boxes of words end so far from their ink."""


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


def slack_px(height_px: int) -> int:
    """Give how far from its ink the box of a word may end, on a line of some height."""
    return max(_SLACK_PX, height_px // 3)


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
    slack = slack_px(height_px)
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
