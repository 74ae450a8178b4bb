"""Look-alike characters folded to ASCII, so that a rule cannot be passed by typography."""

import re
from dataclasses import dataclass, field
from typing import Final

_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ONE_TO_ONE: Final = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    | dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
                    "\u202f\u205f\u3000", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | {chr(0x0660 + digit): str(digit) for digit in range(10)}  # Arabic-Indic digits
    | {chr(0x06F0 + digit): str(digit) for digit in range(10)}
    | {chr(0x0966 + digit): str(digit) for digit in range(10)}  # Devanagari digits
    | {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"'}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back to the offsets of the original."""

    text: str = field(repr=False)
    offsets: tuple[int, ...] | None = field(repr=False, default=None)
    """Original offset of each folded character and of the end; None when they are equal."""

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Give the original's offsets; invisible characters inside are included."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def fold(text: str) -> Folded:
    """Give the text with look-alikes folded one to one and invisible characters dropped."""
    if text.isascii():
        return Folded(text)
    if not _INVISIBLE.search(text):
        return Folded(text.translate(_ONE_TO_ONE))
    kept = [(at, char) for at, char in enumerate(text) if not _INVISIBLE.match(char)]
    folded = "".join(char for _, char in kept).translate(_ONE_TO_ONE)
    return Folded(folded, tuple(at for at, _ in kept))
