"""Words known by their pixels: of a line that changed, only what is new is read again.

A word is taken for one read before only where its pixels are the same and the blanks
beside it are no narrower than those that parted it from its neighbours then: half a word
is never taken for a whole one. Only words that were sure are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from recorder.redaction.line_cache import LineCache, crop_key
from recorder.redaction.pieces import PiecedLine, Stretch, stretches_of
from recorder.redaction.reading import Word

_MOST_PIECES: Final = 3
"""A word has at most so many pieces: in a terminal blanks beside an i are wide too."""
_SURE: Final = 80.0
_SLACK: Final = 0.5
"""Of the line's height: the box of a word may end so far from its ink."""
_MOST_WORDS: Final = 8192
"""About 8 MB."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Words of a stretch, from its left; the narrowest blanks that parted it from others."""

    words: tuple[Word, ...] = field(repr=False)
    before: int
    after: int


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
                found[-1] = Stretch(found[-1].first, stretch.last)
            else:
                found.append(stretch)
            at = stretch.last + 1
        return found

    def learn(self, line: PiecedLine, first: int, last: int, words: Sequence[Word]) -> None:
        """Remember what was read of pieces `first` to `last` in one go.

        The outermost count only where the line ends: what lies behind them was not seen.
        """
        for stretch in stretches_of(line, first, last, words):
            ends_well = stretch.first > first or first == 0
            ends_well &= stretch.last < last or last == len(line.pieces) - 1
            if ends_well and _is_sure(line, stretch):
                self._keep(line, stretch)

    def _recall_at(self, line: PiecedLine, first: int) -> Stretch:
        for last in range(min(first + _MOST_PIECES, len(line.pieces)) - 1, first - 1, -1):
            known = self._known.get(crop_key(line.cut_out(first, last)))
            before, after = line.blanks(first, last)
            if known and before >= known.before and after >= known.after:
                return Stretch(first, last, _moved(known.words, line.pieces[first][0]))
        return Stretch(first, first)

    def _keep(self, line: PiecedLine, stretch: Stretch) -> None:
        key = crop_key(line.cut_out(stretch.first, stretch.last))
        before, after = line.blanks(stretch.first, stretch.last)
        known = self._known.get(key)
        if known:
            before, after = min(before, known.before), min(after, known.after)
        words = _moved(stretch.words or (), -line.pieces[stretch.first][0])
        self._known.put(key, _Known(words, before, after))


def _moved(words: Sequence[Word], px: int) -> tuple[Word, ...]:
    return tuple(replace(word, x=word.x + px) for word in words)


def _is_sure(line: PiecedLine, stretch: Stretch) -> bool:
    """Tell whether there are words, all of them sure, and no ink beside them."""
    words = stretch.words or ()
    starts = [word.x for word in words] + [line.pieces[stretch.last][1]]
    ends = [line.pieces[stretch.first][0]] + [word.x + word.w for word in words]
    slack = _SLACK * line.crop.shape[0]
    is_whole = all(start - end <= slack for start, end in zip(starts, ends, strict=True))
    return bool(words) and is_whole and all(word.confidence >= _SURE for word in words)
