"""A line cut at its blanks, and which of its pieces have to be read. Pure."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from recorder.redaction.lines import Pixels
from recorder.redaction.parts import runs
from recorder.redaction.reading import Word

_LEAST_BLANK_PX: Final = 3
_BLANK_SHARE: Final = 0.2
"""Of the line's height: narrower blanks are those between letters; words stand 0.3 apart."""
_WHOLE: Final = 0.9
"""A line of which this share of the width has to be read is read whole."""

Piece = tuple[int, int]
"""Where ink between two blanks begins, and the column behind it, from the line's left."""


@dataclass(frozen=True, slots=True)
class PiecedLine:
    """A line's pixels, cut at its blanks.

    Attributes:
        crop: (H, W, 4) uint8 BGRX, tight around the line.
        pieces: From the left.
    """

    crop: Pixels = field(repr=False)
    pieces: tuple[Piece, ...]

    def cut_out(self, first: int, last: int) -> Pixels:
        """Give the pixels of some pieces, `last` included."""
        return self.crop[:, self.pieces[first][0] : self.pieces[last][1]]

    def blanks(self, first: int, last: int) -> tuple[int, int]:
        """Give the widths of the blanks beside some pieces, a line's height at most."""
        height = self.crop.shape[0]
        is_end = last + 1 == len(self.pieces)
        before = self.pieces[first][0] - self.pieces[first - 1][1] if first else height
        after = height if is_end else self.pieces[last + 1][0] - self.pieces[last][1]
        return min(before, height), min(after, height)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring pieces of a line, `first` to `last`, both included.

    Attributes:
        words: What they say, placed from the line's left; None when that is not known.
    """

    first: int
    last: int
    words: tuple[Word, ...] | None = field(default=None, repr=False)


def cut_at_blanks(crop: Pixels) -> PiecedLine:
    """Cut a line where columns show nothing but its ground; underlined words stay joined."""
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


def parts_to_read(line: PiecedLine, stretches: Sequence[Stretch]) -> list[Sequence[Stretch]] | None:
    """Give what to read in one go: what is unknown, with a known neighbour on each side.

    None when that is most of the line. Words read without a neighbour had 5 % more
    characters wrong, those with one had no more than in the whole line (2026-11).
    """
    ranges: list[tuple[int, int]] = []
    for at, stretch in enumerate(stretches):
        if stretch.words is None:
            start = max(at - 1, 0)
            if ranges and ranges[-1][1] > start:
                start = ranges.pop()[0]
            ranges.append((start, min(at + 2, len(stretches))))
    parts = [stretches[start:end] for start, end in ranges]
    width = sum(line.cut_out(part[0].first, part[-1].last).shape[1] for part in parts)
    return parts if width < _WHOLE * line.crop.shape[1] else None


def filled(part: Sequence[Stretch], read: Sequence[Stretch]) -> list[Stretch] | None:
    """Give the unknown stretches of a part with what was read of them.

    None where a word was read across the side of what is known, or none at all: then only
    the whole line tells.

    Args:
        part: Stretches, known or not.
        read: The same pieces as `stretches_of` gives them.
    """
    found = []
    for stretch in part:
        if stretch.words is not None:
            continue
        inside = [r for r in read if r.first <= stretch.last and r.last >= stretch.first]
        fits = inside[0].first >= stretch.first and inside[-1].last <= stretch.last
        if not fits or not all(r.words for r in inside):
            return None
        words = tuple(word for r in inside for word in r.words or ())
        found.append(Stretch(stretch.first, stretch.last, words))
    return found


def stretches_of(
    line: PiecedLine, first: int, last: int, words: Sequence[Word]
) -> Iterator[Stretch]:
    """Give some pieces as the shortest stretches that no word lies across.

    Args:
        line: The line.
        first: The first piece that was read.
        last: The last one.
        words: What was read of them, placed from the line's left.
    """
    if last < first:
        return
    blanks = {at: (line.pieces[at][1], line.pieces[at + 1][0]) for at in range(first, last)}
    cuts = [
        at
        for at, (start, end) in blanks.items()
        if not any(word.x < start and word.x + word.w > end for word in words)
    ]
    for before, cut in itertools.pairwise([first - 1, *cuts, last]):
        left = sum(blanks.get(before, (-1, -1))) / 2
        right = sum(blanks[cut]) / 2 if cut < last else float("inf")
        inside = tuple(word for word in words if left < word.x + word.w / 2 <= right)
        yield Stretch(before + 1, cut, inside)
