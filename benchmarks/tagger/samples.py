"""Draws the labelled lines that the tagger learns from."""

import random
from collections.abc import Sequence
from typing import Final

from benchmarks.tagger.negatives import Negatives
from benchmarks.tagger.noise import disturbed
from benchmarks.tagger.writer import Piece, Writer, templates

_FILES: Final = {
    "chat": 8, "mail": 6, "records": 9, "titles": 7, "machines": 4, "addresses": 14, "prose": 12,
    "interface": 6,
}  # fmt: skip
_FROM_TEMPLATES: Final = 0.53
_PLANTED: Final = 0.695
_BROKEN: Final = 0.05
"""Share of lines that end anywhere, as on a screen or while they are typed."""
_JOINED: Final = 0.15
_LONGEST: Final = 400
_SLOTS: Final = {
    "{full}": 9, "{first}": 6, "{last}": 5, "{oneline}": 4, "{line}": 2, "{org}": 3, "{city}": 2, "{country}": 1,
    "{titled}": 1, "{work}": 2, "{people}": 1, "{product}": 1, "{state}": 1, "{app}": 1,
}  # fmt: skip
_JOINTS: Final = ("\n", "\n", "\n", " ", "  ", " | ", "\t")


class Samples:
    """Draws lines: from templates, values planted in prose or code, lines without people."""

    def __init__(
        self, writer: Writer, prose: Sequence[str], code: Sequence[str], rng: random.Random
    ) -> None:
        self._writer = writer
        self._negatives = Negatives(writer, code, rng)
        self._prose = prose
        self._code = code
        self._rng = rng

    def line(self) -> list[Piece]:
        """Draw a line, of at most 400 characters, sometimes two joined, with its labels."""
        pieces = self._plain()
        if self._rng.random() < _JOINED:
            more = self._from_template() if self._rng.random() < 0.5 else self._negatives.line()
            pieces = [*pieces, (self._rng.choice(_JOINTS), "O"), *more]
        whole = sum(len(text) for text, _ in pieces)
        broken = self._rng.random() < _BROKEN
        longest = self._rng.randint(min(4, whole), whole) if broken else _LONGEST
        return disturbed(_cut(pieces, longest), self._rng)

    def _plain(self) -> list[Piece]:
        drawn = self._rng.random()
        if drawn < _FROM_TEMPLATES:
            return self._from_template()
        return self._planted() if drawn < _PLANTED else self._negatives.line()

    def _from_template(self) -> list[Piece]:
        name = self._rng.choices(list(_FILES), list(_FILES.values()))[0]
        return self._writer.fill(self._rng.choice(templates(name)))

    def _planted(self) -> list[Piece]:
        """Give a line of prose, speech or code with one or two values at places of chance."""
        rng = self._rng
        drawn = rng.random()
        line = (
            rng.choice(self._code)
            if drawn < 0.12
            else rng.choice(self._prose)
            if drawn < 0.42
            else self._writer.interface_line()
            if drawn < 0.5
            else self._writer.phrase()
        )
        words = line.split(" ")
        replace = rng.random() < 0.5
        for _ in range(rng.choice((1, 1, 1, 2))):
            at = rng.randrange(len(words) + 1)
            slot = rng.choices(list(_SLOTS), list(_SLOTS.values()))[0]
            tail = rng.choices(
                ("", "'s", ",", ".", "?", "!", ":", " -", "'"), (70, 9, 7, 4, 2, 2, 2, 2, 1)
            )[0]
            words[at : at + replace] = ["\0" + slot + tail]
        template = " ".join(
            w[1:] if w[:1] == "\0" else w.replace("{", "{{").replace("}", "}}") for w in words
        )
        return self._writer.fill(template)


def _cut(pieces: Sequence[Piece], longest: int) -> list[Piece]:
    found, left = [], longest
    for text, label in pieces:
        if left > 0:
            found.append((text[:left], label))
            left -= len(text)
    return found
