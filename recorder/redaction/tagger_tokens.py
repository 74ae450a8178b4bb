"""Cuts a text into the tokens that the tagger of names and addresses works on. Pure."""

import re
from typing import Final, NamedTuple

from recorder.redaction.hits import MARK

_SINGLE: Final = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Scripts written without spaces, or whose names are one to three signs: a sign is a token."""
_SIGNS: Final = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0981-\u09e3\u0a01-\u0a5e\u0a81-\u0ae3"
    "\u0b01-\u0b63\u0b82-\u0bd7\u0c00-\u0c63\u0c81-\u0ce3\u0d00-\u0d63\u0e31-\u0e4e"
)
"""Accents and vowels that stand beside a letter and are no letters to `re`."""
_TOKEN: Final = re.compile(
    rf"{MARK.pattern}|[{_SINGLE}]|(?:[^\W\d_{_SINGLE}]|[{_SIGNS}])+|\d+|\n|_|[^\w\s]"
)
_GLUED, _SPACE, _WIDE, _FIRST = "0123"


class Token(NamedTuple):
    """A word, a run of digits, one punctuation mark, a line break or a redaction mark.

    Attributes:
        word: The characters, as written.
        start: First character's place in the text.
        end: Place behind the last character.
        gap: What stands before: 0 nothing, 1 one space, 2 other blanks, 3 a line begins.

    A plain tuple, as a text has one for each word; its `repr` tells places only.
    """

    word: str
    start: int
    end: int
    gap: str

    def __repr__(self) -> str:
        return f"Token({self.start}, {self.end})"


def tokens(text: str) -> list[Token]:
    """Give the tokens of the text in order."""
    found = []
    at, fresh = 0, True
    for match in _TOKEN.finditer(text):
        word = match[0]
        start, end = match.span()
        if fresh:
            gap = _FIRST
        elif start == at:
            gap = _GLUED
        else:
            gap = _SPACE if start == at + 1 and text[at] == " " else _WIDE
        found.append(Token(word, start, end, gap))
        at, fresh = end, word == "\n"
    return found
