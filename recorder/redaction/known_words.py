"""Words known by their pixels: of a line that changed, only what is new is read again.

A word is taken for one read before only where its pixels are the same and the blanks
beside it are no narrower than those that parted it from its neighbours then; so half a
word is never taken for a whole one. Only words that were sure are kept.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from recorder.redaction.line_cache import LineCache, crop_key
from recorder.redaction.lines import Pixels
from recorder.redaction.parts import runs
from recorder.redaction.reading import Word, slack_px

_LEAST_BLANK_PX: Final = 3
_BLANK_SHARE: Final = 0.2
"""Of the line's height: narrower blanks are those between letters; words stand 0.3 apart."""
_MOST_PIECES: Final = 3
"""A word has at most so many pieces: in a terminal blanks beside an i are wide too."""
_SURE: Final = 80.0
_MOST_WORDS: Final = 8192
"""About 8 MB."""

Piece = tuple[int, int]
"""Where ink between two blanks begins, and the column behind it, from the line's left."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Words of a stretch, from its left; the narrowest blanks that parted it from others."""

    words: tuple[Word, ...] = field(repr=False)
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring pieces of a line, `first` to `last`, both included.

    Attributes:
        words: What they say, from the line's left; None when that is not known.
    """

    first: int
    last: int
    words: tuple[Word, ...] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class PiecedLine:
    """A line's pixels, cut at its blanks.

    Attributes:
        crop: (H, W, 4) uint8 BGRX, tight around the line.
        pieces: From the left.
    """

    crop: Pixels = field(repr=False)
    pieces: tuple[Piece, ...]

    def blanks(self, first: int, last: int) -> tuple[int, int]:
        """Give the widths of the blanks beside some pieces, a line's height at most."""
        height = self.crop.shape[0]
        before = self.pieces[first][0] - self.pieces[first - 1][1] if first else height
        is_end = last + 1 == len(self.pieces)
        after = height if is_end else self.pieces[last + 1][0] - self.pieces[last][1]
        return min(before, height), min(after, height)

    def key(self, first: int, last: int) -> bytes:
        """Give what stands for the pixels of some pieces."""
        return crop_key(self.crop[:, self.pieces[first][0] : self.pieces[last][1]])


def cut_at_blanks(crop: Pixels) -> PiecedLine:
    """Cut a line where columns show nothing but its ground; underlined words stay whole."""
    shades = np.ascontiguousarray(crop).view(np.uint32)[:, :, 0]
    ground = np.sort(shades[0])[shades.shape[1] // 2]
    least = max(_LEAST_BLANK_PX, round(_BLANK_SHARE * crop.shape[0]))
    pieces: list[Piece] = []
    for start, end in runs((shades != ground).any(axis=0)):
        if pieces and start - pieces[-1][1] < least:
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return PiecedLine(crop, tuple(pieces))


class WordMemory:
    """Remembers words by their pixels, within bounds; lives in memory only."""

    def __init__(self) -> None:
        self._known: LineCache[_Known] = LineCache(_MOST_WORDS)

    def recall(self, line: PiecedLine) -> list[Stretch]:
        """Give the line's pieces in order, as stretches that are known or not."""
        found: list[Stretch] = []
        at = 0
        while at < len(line.pieces):
            stretch = self._recall_at(line, at)
            if stretch.words is None and found and found[-1].words is None:
                found[-1] = Stretch(found[-1].first, stretch.last, None)
            else:
                found.append(stretch)
            at = stretch.last + 1
        return found

    def learn(self, line: PiecedLine, first: int, last: int, words: Sequence[Word]) -> None:
        """Remember what was read of some pieces in one go.

        The outermost count only where the line ends: what lies behind was not seen.
        """
        for stretch in read_stretches(line, first, last, words):
            ends_well = stretch.first in {0, *range(first + 1, last + 1)}
            ends_well &= stretch.last in {len(line.pieces) - 1, *range(first, last)}
            if ends_well and stretch.words and _is_sure(line, stretch, stretch.words):
                self._keep(line, stretch, stretch.words)

    def _recall_at(self, line: PiecedLine, first: int) -> Stretch:
        for last in range(min(first + _MOST_PIECES, len(line.pieces)) - 1, first - 1, -1):
            known = self._known.get(line.key(first, last))
            before, after = line.blanks(first, last)
            if known and before >= known.before and after >= known.after:
                left = line.pieces[first][0]
                return Stretch(first, last, tuple(replace(w, x=w.x + left) for w in known.words))
        return Stretch(first, first, None)

    def _keep(self, line: PiecedLine, stretch: Stretch, words: Sequence[Word]) -> None:
        key = line.key(stretch.first, stretch.last)
        before, after = line.blanks(stretch.first, stretch.last)
        known = self._known.get(key)
        if known:
            before, after = min(before, known.before), min(after, known.after)
        left = line.pieces[stretch.first][0]
        moved = tuple(replace(word, x=word.x - left) for word in words)
        self._known.put(key, _Known(moved, before, after))


def read_stretches(
    line: PiecedLine, first: int, last: int, words: Sequence[Word]
) -> Iterator[Stretch]:
    """Give some pieces as the shortest stretches that no word lies across.

    Args:
        line: The line.
        first: The first piece that was read.
        last: The last one.
        words: What was read of them, from the left.
    """
    pieces = line.pieces
    gaps = [(pieces[at][1], pieces[at + 1][0]) for at in range(first, last)]
    cuts = [
        at
        for at, (start, end) in enumerate(gaps, first)
        if not any(word.x < start and word.x + word.w > end for word in words)
    ]
    for before, cut in itertools.pairwise([first - 1, *cuts, last]):
        left = -1 if before < first else sum(gaps[before - first])
        right = None if cut == last else sum(gaps[cut - first])
        inside = (
            word
            for word in words
            if 2 * word.x + word.w > left and (right is None or 2 * word.x + word.w <= right)
        )
        yield Stretch(before + 1, cut, tuple(inside))


def _is_sure(line: PiecedLine, stretch: Stretch, words: Sequence[Word]) -> bool:
    """Tell whether the words are sure and nothing between the stretch's sides was left out."""
    slack = slack_px(line.crop.shape[0])
    sides = [line.pieces[stretch.first][0], *(x for w in words for x in (w.x, w.x + w.w))]
    sides.append(line.pieces[stretch.last][1])
    is_whole = all(b - a <= slack for a, b in zip(sides[::2], sides[1::2], strict=True))
    return is_whole and all(word.confidence >= _SURE for word in words)
