"""A person's own words that are never stored: known by keyed digests only.

Compared without case, accents and width, over one to five words in a row. From six letters
on also without the gaps between words, with accents spelt out, and as a recogniser may
misread them.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from recorder.redaction.hits import Hit

KIND: Final = "PERSONAL"
KEY_BYTES: Final = 32
DIGEST_BYTES: Final = 16
FEWEST_CHARS: Final = 3
MOST_PARTS: Final = 5
_LOOSE_CHARS: Final = 6
"""Shorter ones are met by chance in this way: `Ali` would be `all`, `Ina` would be `in a`."""
_IDEOGRAPH: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_MARKS: Final = (
    # Accents; points of Hebrew and Arabic; vowels of Indic scripts; of Thai, Lao.
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d"
    "\u0a81-\u0a83\u0abc-\u0acd\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c4d\u0c81-\u0c83\u0cbc-\u0ccd"
    "\u0d00-\u0d03\u0d3b-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
)
_PART: Final = re.compile(
    rf"[{_IDEOGRAPH}][\u3099\u309a]?|(?:(?![{_IDEOGRAPH}])[^\W_][{_MARKS}]*)+"
)
"""A word; of scripts that are written without gaps each character."""
_LETTERS: Final = str.maketrans({
    "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00f0": "d", "\u0127": "h", "\u0131": "i",
    "\u00e6": "ae", "\u0153": "oe", "\u00fe": "th",
    "\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0445": "x",
    "\u0443": "y", "\u0456": "i", "\u0458": "j", "\u0455": "s", "\u03bf": "o", "\u03b1": "a",
    "\u03bd": "v", "\u03c1": "p", "\u03b9": "i", "\u03ba": "k",
})  # fmt: skip
"""Letters that have no accent to take off, and Cyrillic and Greek ones that look Latin."""
_FIGURES: Final = "0123456789"
_LOOK_ALIKES: Final = str.maketrans("01582i", "olsbzl")
_JOINED: Final = (("rn", "m"), ("vv", "w"))
_SPELT_OUT: Final = re.compile("(?<=[aou])e|(?<=a)a")
"""What stands for an accent where a keyboard has none: Mueller, Soerensen, Aase."""


Finds = Callable[[str], Iterable[Hit]]
"""What `PersonalWords.find` is; a caller may put one in front that reads a list anew."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list: its digests, and how many words it has."""

    digests: frozenset[bytes] = field(repr=False)
    parts: int


class UnusableWord(ValueError):
    """A word that cannot be kept out, with the reason in words of ours."""


@dataclass(frozen=True, slots=True)
class PersonalWords:
    """Digests under one key; gives hits, never a word.

    Attributes:
        key: 32 random bytes of this person.
        digests: Of the words; 16 bytes each.
        reach: So many words in a row are compared; one more than the longest entry has.
    """

    key: bytes = field(repr=False)
    digests: frozenset[bytes] = field(repr=False)
    reach: int = MOST_PARTS

    def find(self, text: str) -> Iterator[Hit]:
        """Give the words met in the text, the longest first where several begin."""
        if not self.digests:
            return
        hashed = _Hash(self.key)
        parts = [(m.start(), m.end(), m[0], _Part.of(m[0])) for m in _PART.finditer(text)]
        for first, (start, _, _, _) in enumerate(parts):
            row, end = _NOTHING, 0
            for _, part_end, word, part in parts[first : first + self.reach]:
                bare = [row.joined(_Part.of(less)) for less in _without_figures(word)]
                row = row.joined(part)
                if any(hashed(form) in self.digests for one in (row, *bare) for form in one.forms):
                    end = part_end
            if end:
                yield Hit(start, end, KIND)


def digests_of(key: bytes, word: str) -> Entry:
    """Give the digests by which a word, or up to five in a row, is known.

    Raises:
        UnusableWord: It has fewer than three letters or digits, or more than five words.
    """
    parts = [_Part.of(part) for part in _PART.findall(word)]
    if sum(len(part.exact) for part in parts) < FEWEST_CHARS:
        raise UnusableWord(f"it has fewer than {FEWEST_CHARS} letters or digits")
    if len(parts) > MOST_PARTS:
        raise UnusableWord(f"it has more than {MOST_PARTS} words")
    hashed, row = _Hash(key), _NOTHING
    for part in parts:
        row = row.joined(part)
    return Entry(frozenset(map(hashed, row.forms)), len(parts))


def _without_figures(word: str) -> Iterator[str]:
    """Give the word without figures at its end, at its beginning and at both: `kim` of `kim42`."""
    if word[-1] in _FIGURES or word[0] in _FIGURES:
        for less in {word.rstrip(_FIGURES), word.lstrip(_FIGURES), word.strip(_FIGURES)} - {word}:
            if len(less) >= FEWEST_CHARS:
                yield less


def check_of(key: bytes) -> bytes:
    """Give what tells whether digests were made with this key."""
    return _Hash(key)("")


@dataclass(frozen=True, slots=True)
class _Part:
    """A word, or words in a row: exact with gaps, loose without and with look-alikes alike."""

    exact: str
    loose: str

    @classmethod
    def of(cls, word: str) -> "_Part":
        exact = _folded(word)
        loose = exact
        for two, one in _JOINED:
            loose = loose.replace(two, one)
        return cls(exact, loose.translate(_LOOK_ALIKES))

    def joined(self, other: "_Part") -> "_Part":
        gap = " " if self.exact else ""
        return _Part(f"{self.exact}{gap}{other.exact}", self.loose + other.loose)

    @property
    def forms(self) -> set[str]:
        """What is hashed."""
        forms = {self.exact}
        if len(short := _SPELT_OUT.sub("", self.exact)) >= FEWEST_CHARS:
            forms.add(short)
        if len(self.loose) >= _LOOSE_CHARS:
            forms |= {"~" + self.loose, "~" + _SPELT_OUT.sub("", self.loose)}
        return forms


_NOTHING: Final = _Part("", "")


class _Hash:
    """Keyed BLAKE2b; with the key taken in once it takes half of the time."""

    def __init__(self, key: bytes) -> None:
        self._keyed = hashlib.blake2b(key=key, digest_size=DIGEST_BYTES)

    def __call__(self, form: str) -> bytes:
        one = self._keyed.copy()
        one.update(form.encode("utf-8", "surrogatepass"))
        return one.digest()


def _folded(part: str) -> str:
    """Give a word without case, accents and width."""
    if part.isascii():
        return part.lower()
    apart = unicodedata.normalize("NFKD", part.casefold())
    bare = "".join(char for char in apart if not unicodedata.combining(char))
    return bare.casefold().translate(_LETTERS)
