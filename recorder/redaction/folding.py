"""Look-alike characters folded to ASCII, so that a rule cannot be passed by typography."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_MARK: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""Marks upon letters that have a composed form or none; other scripts' vowels are no marks."""
_STYLED: Final = re.compile(
    "[\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02b8\u1d2c-\u1d6a\u2070-\u209c\u2100-\u214f\u2160-\u217f"
    "\u2460-\u24ff\U0001d400-\U0001d7ff\U0001f130-\U0001f149]"
)
"""Letters and digits drawn bold, italic, raised, in circles."""
_ONE_TO_ONE: Final = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    | dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
                    "\u202f\u205f\u3000", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-")
    | {chr(0x0660 + digit): str(digit) for digit in range(10)}  # Arabic-Indic digits
    | {chr(0x06F0 + digit): str(digit) for digit in range(10)}
    | {chr(0x0966 + digit): str(digit) for digit in range(10)}  # Devanagari digits
    | {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"'}
    | {"\u2024": ".", "\ufe52": ".", "\ufe6b": "@", "\ua789": ":", "\u2236": ":", "\ufe55": ":"}
)  # fmt: skip
_HOMOGLYPHS: Final = str.maketrans(
    # Cyrillic, Greek, Latin beyond ASCII: what is drawn like the ASCII letter below it
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u043a"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u03bf\u03b1\u03bd\u03c1\u03b9\u03ba\u03c5\u03c7\u03b3"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0131\u0261\u0251\u1d0f\u029c",
    "aeopcyxijshdqwk" "ABEKMHOPCTYXSIJ" "oavpikuxy" "ABEZHIKMNOPTYX" "igaoh",
)  # fmt: skip
_WORD: Final = re.compile(r"(?<!\w)[^\WA-Za-z]*+[A-Za-z]\w*+")
"""Tried once a word: a text in another script that has no blanks is one long word."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back to the offsets of the original."""

    text: str = field(repr=False)
    places: tuple[tuple[int, int], ...] | None = field(repr=False, default=None)
    """Original start and end of each folded character; None when they are its own."""

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Give the original's offsets; invisible characters inside are included."""
        if self.places is None:
            return start, end
        return self.places[start][0], self.places[end - 1][1]


def fold(text: str) -> Folded:
    """Give the text as it looks: composed, without invisible characters and look-alikes."""
    if text.isascii():
        return Folded(text)
    if not (_INVISIBLE.search(text) or _MARK.search(text) or _STYLED.search(text)):
        return Folded(_as_drawn(text))
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    for at, char in enumerate(text):
        if _INVISIBLE.match(char):
            continue
        if chars and _MARK.match(char):
            composed = unicodedata.normalize("NFC", chars[-1] + char)
            chars[-1] = composed if len(composed) == 1 else chars[-1]
            places[-1] = (places[-1][0], at + 1)
        else:
            chars.append(_plain(char))
            places.append((at, at + 1))
    return Folded(_as_drawn("".join(chars)), tuple(places))


def _plain(char: str) -> str:
    """Give the letter or digit that a styled one stands for."""
    if not _STYLED.match(char):
        return char
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


def _as_drawn(text: str) -> str:
    """Give a text of the same length with ASCII in place of its look-alikes.

    Letters of another script count as look-alikes within a word that has ASCII letters too,
    accents as ornaments within one that has digits too.
    """
    return _WORD.sub(_word_as_drawn, text.translate(_ONE_TO_ONE))


def _word_as_drawn(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii():
        return word
    word = word.translate(_HOMOGLYPHS)
    if not any(map(str.isdigit, word)):
        return word
    bases = (unicodedata.normalize("NFD", char)[0] for char in word)
    return "".join(base if base.isascii() else char for base, char in zip(bases, word, strict=True))
