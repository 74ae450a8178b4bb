"""Values that go on in the next row, as in a terminal: two rows read as one text. Pure."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from recorder.redaction.reading import Word
from recorder.redaction.rows import Line

_NEAR_PX: Final = 24
"""A row that is cut ends so near to the right side of all text in its window, or so few
characters, whichever is more."""
_NEAR_CHARS: Final = 3
_PITCH: Final = 2.2
"""The next row begins at most so many heights below."""
_WORDS: Final = 4
_TELLING: Final = re.compile(r"[\d@:/_+]")
_GROUP: Final = re.compile(r"[\doOQlI|]{2,6}")
_LOOK_ALIKES: Final = str.maketrans("oOQlI|", "000111")
_LONG_CHARS: Final = 18
"""Two halves of plain prose are shorter than this together and hold no such mark."""


@dataclass(frozen=True, slots=True)
class Place:
    """One word of a joint: its line, its number there, and its characters in the text."""

    line: int
    word: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Joint:
    """The end of one row and the beginning of the next one as one text.

    Attributes:
        text: Both, with a space between them or without.
        cut: Where the first row ends in it.
        places: Its words.
    """

    text: str = field(repr=False)
    cut: int
    places: tuple[Place, ...]

    def touched(self, start: int, end: int) -> dict[int, tuple[int, int]]:
        """Give first and last word by line of what lies across the cut; else nothing."""
        if not start < self.cut < end:
            return {}
        found: dict[int, tuple[int, int]] = {}
        for place in self.places:
            if place.start < end and place.end > start:
                first, _ = found.get(place.line, (place.word, 0))
                found[place.line] = (first, place.word)
        return found


def joints(lines: Sequence[Line], rows: Sequence[Sequence[int]]) -> Iterator[Joint]:
    """Give the joints at which a value may have been cut, each with and without a space."""
    rights: dict[int, int] = {}
    for line in lines:
        rights[line.window] = max(rights.get(line.window, 0), line.box.right)
    for above, below in itertools.pairwise(rows):
        one, other = lines[above[-1]], lines[below[0]]
        if one.reading and other.reading and _goes_on(one, other, rights[one.window]):
            yield from _joined(above[-1], one.reading.words, below[0], other.reading.words)


def _goes_on(one: Line, other: Line, right: int) -> bool:
    if one.window != other.window or not 0 < other.box.y - one.box.y <= _PITCH * one.box.h:
        return False
    char_px = one.box.w / max(len(one.text), 1)
    is_cut = right - one.box.right <= max(_NEAR_PX, _NEAR_CHARS * char_px)
    return is_cut and other.box.x <= one.box.x + _NEAR_PX


def _joined(at: int, above: Sequence[Word], then: int, below: Sequence[Word]) -> Iterator[Joint]:
    if not above or not below:
        return
    middle = above[-1].text + below[0].text
    if not _TELLING.search(middle) and len(middle) < _LONG_CHARS:
        return
    first = max(len(above) - _WORDS, 0)
    ends = [(at, place, above[place].text) for place in range(first, len(above))]
    starts = [(then, place, word.text) for place, word in enumerate(below[:_WORDS])]
    for gap in ("", " "):
        text, places, cut = "", [], 0
        for number, (line, place, word) in enumerate((*ends, *starts)):
            if number == len(ends):
                cut = len(text)
            if number:
                text += gap if number == len(ends) else " "
            places.append(Place(line, place, len(text), len(text) + len(word)))
            text += _digits(word)
        yield Joint(text, cut, tuple(places))


def _digits(word: str) -> str:
    """Give a group of figures that a cut left without any sure digit as one."""
    return word.translate(_LOOK_ALIKES) if _GROUP.fullmatch(word) else word
