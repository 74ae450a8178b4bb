"""Gaps inside a value that only the recogniser sees: beside a j, t or 1 of a terminal. Pure."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from recorder.redaction.reading import Word
from recorder.redaction.rows import Line

_NARROW: Final = 0.95
"""Of a character's width. In a terminal the gaps that were none measured up to 0.84, the
others 1.2 and more; one key of 36 characters in ten has such a gap (460 keys, 2026-11)."""
_LEAST_CHARS: Final = 4
"""Words as long as this tell how wide a character is."""
_MIXED: Final = re.compile(
    r"(?=\S*\d)(?=\S*[A-Za-z])\S{6,}|\S*[a-z][A-Z]\S*[a-z][A-Z]\S*|\S*[a-z][A-Z]{2}\S*|\S*_\S{8,}"
)
"""Part of a key rather than a word: elsewhere narrow gaps are those of the typeface."""


def without_gaps(lines: Sequence[Line]) -> list[Line]:
    """Give the lines that have such gaps, with the words beside them as one."""
    return [closed for line in lines if (closed := _closed(line)) is not line]


def _closed(line: Line) -> Line:
    if line.reading is None:
        return line
    words = line.reading.words
    wholes = [_joined(group) for group in _groups(words) if group]
    if len(wholes) == len(words):
        return line
    return replace(line, reading=replace(line.reading, words=tuple(wholes)))


def _groups(words: Sequence[Word]) -> Iterator[list[Word]]:
    widths = [word.w / len(word.text) for word in words if len(word.text) >= _LEAST_CHARS]
    narrow = _NARROW * min(widths, default=0.0)
    group = list(words[:1])
    for before, word in itertools.pairwise(words):
        is_gap = word.x - before.x - before.w >= narrow
        if is_gap or not (_MIXED.fullmatch(before.text) or _MIXED.fullmatch(word.text)):
            yield group
            group = []
        group.append(word)
    yield group


def _joined(group: Sequence[Word]) -> Word:
    first, right = group[0], max(word.x + word.w for word in group)
    sure = min(word.confidence for word in group)
    return Word("".join(word.text for word in group), first.x, right - first.x, sure)
