"""What typing, reading and pasting do to a line: case, accents, misread letters, marks."""

import random
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.tagger.writer import Piece

_MISREAD: Final = {
    "l": "1I|", "I": "l1|", "O": "0", "o": "0", "0": "O", "1": "l", "S": "5", "s": "5", "B": "8", "é": "e", "ü": "u",
    "ö": "o", "á": "a", "ł": "l", "ş": "s", "č": "c", "e": "c", ".": ",", "-": " ", "g": "q", "Z": "2", "i": "l", "t": "f",
    "h": "b", "u": "v", "ø": "o", "ß": "B", "ä": "a", "å": "a", "í": "i", "ó": "o", "c": "e", "n": "ri", "m": "rn",
}  # fmt: skip
_LOWER: Final = 0.2
_UPPER: Final = 0.25
_PLAIN: Final = 0.29
_READ: Final = 0.06
_MARKED: Final = 0.04
_MARKS: Final = {"PER": "PERSON", "ADR": "ADDRESS"}


def disturbed(pieces: Sequence[Piece], rng: random.Random) -> list[Piece]:
    """Give the line as it is or in lower case, capitals, without accents, misread, marked."""
    drawn = rng.random()
    change: Callable[[str], str] = str
    if drawn < _LOWER:
        change = str.lower
    elif drawn < _UPPER:
        change = str.upper
    elif drawn < _PLAIN:
        change = _without_accents
    found = [(change(text), label) for text, label in pieces]
    if rng.random() < _READ:
        found = [(_misread(text, rng), label) for text, label in found]
    if rng.random() < _MARKED:
        found = [_marked(piece, rng) for piece in found]
    return found


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parts if not unicodedata.combining(char))


def _misread(text: str, rng: random.Random) -> str:
    chars = (rng.choice(_MISREAD[c]) if c in _MISREAD and rng.random() < 0.05 else c for c in text)
    return "".join(chars)


def _marked(piece: Piece, rng: random.Random) -> Piece:
    """Give a redaction mark in place of a value: its neighbours are to be told all the same."""
    text, label = piece
    if label in _MARKS and rng.random() < 0.5:
        return f"<{_MARKS[label]}_{rng.randint(1, 30)}>", label
    return text, label
