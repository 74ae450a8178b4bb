"""What the tagger of names and addresses looks at around a token. Pure.

Training and tagging share these features; a change needs the model to be trained again.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol

from recorder.redaction.tagger_tokens import Token

_LONGEST: Final = 24
"""Letters of a word that are looked at."""
_LETTERS: Final = "xXu"
"""First characters of the kinds of words made of letters."""
_SURROGATES: Final = "\ud800"
"""Stand-ins for bytes that are no text; they cannot be hashed."""
_SHORT: Final = 6
_LONG_RUN: Final = 6
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_SYNTAX: Final = re.compile(r"[;{}=\[\]\\`$]|\w\(|::|->|=>|\w_\w|</")
"""Marks of code, commands and logs."""


class WordFeatures(NamedTuple):
    """Features that a word gives to itself and to its neighbours.

    Attributes:
        own: For the word itself.
        behind: For the word that follows it.
        ahead: For the word before it.
        far_behind: For the next but one.
        far_ahead: For the one before the last.
        kind: Coarse shape, such as `Xx` or `d5`.
        flags: Letters of the word lists that hold the word.
    """

    own: tuple[str, ...]
    behind: tuple[str, ...]
    ahead: tuple[str, ...]
    far_behind: tuple[str, ...]
    far_ahead: tuple[str, ...]
    kind: str
    flags: str


class Shaped(Protocol):
    """What is known of a word's shape and of the lists that hold it."""

    @property
    def kind(self) -> str:
        """As in `WordFeatures`."""

    @property
    def flags(self) -> str:
        """As in `WordFeatures`."""


def word_features(word: str, flags: str) -> WordFeatures:
    """Give the features of a word; `flags` names the lists in which it stands."""
    shown = word[:_LONGEST].lower()
    kind = _kind(word)
    known = shown if kind[0] in _LETTERS else kind
    own = [f"k={kind}", f"n={kind}{min(len(word), 9)}"]
    if kind[0] in _LETTERS:
        own += [f"w={shown}", *_edges(shown)]
    if flags:
        own.append(f"l={flags}")
    return WordFeatures(
        tuple(own),
        (f"-w={known}", f"-e={known[-3:]}"),
        (f"+w={known}", f"+e={known[-3:]}"),
        (f"--w={known}",),
        (f"++w={known}",),
        kind,
        flags,
    )


def _edges(word: str) -> list[str]:
    """Give the beginnings of three and four letters and the ends of two to five."""
    size = len(word)
    if size < _SHORT:
        return _short_edges(word, size)
    return [
        "2>" + word[-2:], "3>" + word[-3:], "4>" + word[-4:], "5>" + word[-5:],
        "3<" + word[:3], "4<" + word[:4],
    ]  # fmt: skip


def _short_edges(word: str, size: int) -> list[str]:
    ends = [f"{n}>{word[-n:]}" for n in (2, 3, 4) if n < size]
    return ends + [f"{n}<{word[:n]}" for n in (3, 4) if n < size]


def _kind(word: str) -> str:
    first = word[0]
    if word.isdigit():
        year = "y" if len(word) == 4 and _YEAR.fullmatch(word) else ""  # noqa: PLR2004
        zero = "0" if first == "0" else ""
        return f"d{min(len(word), _LONG_RUN)}{zero}{year}"
    if first == "<" and len(word) > 1:
        return f"m{word[1:-1].rpartition('_')[0]}"
    if not first.isalpha():
        return (
            "line" if first == "\n" else first if first < _SURROGATES or first > "\udfff" else "?"
        )
    return _case(word) + ("1" if len(word) == 1 else "") + ("" if word.isascii() else "n")


def _case(word: str) -> str:
    if word.islower():
        return "x"
    if word.isupper():
        return "X"
    if word.istitle():
        return "Xx"
    if word[0].isupper():
        return "XxX"
    return "xX" if word[0].islower() else "u"


def behind_features(far: str, kind: str, gap: str, here: str) -> list[str]:
    """Give the features of the shapes behind: next but one, next, the gap, the place itself."""
    if not kind:
        return [f"G{gap}{here}", "first"]
    found = [f"G{gap}{here}", f"-s={kind}{gap}{here}"]
    return [*found, f"--s={far}{kind} {here}"] if far else found


def ahead_features(here: str, gap: str, kind: str, far: str) -> list[str]:
    """Give the features of the shapes ahead, as `behind_features`."""
    if not kind:
        return ["last"]
    found = [f"+s={here}{gap}{kind}"]
    return [*found, f"++s={here} {kind}{far}"] if far else found


def list_features(behind: str, flags: str, ahead: str) -> list[str]:
    """Give the features of the word lists that hold a word and its neighbours."""
    found = []
    if flags or behind:
        found.append(f"-l={behind}|{flags}")
    if flags or ahead:
        found.append(f"+l={flags}|{ahead}")
    return found


def manner_features(manner: str, kind: str, flags: str) -> list[str]:
    """Give the features of a word in a line that is written in this manner."""
    found = [f"m={manner}{kind}"]
    return [*found, f"M={manner}{flags}"] if flags else found


def place_keys(
    row: Sequence[Token], words: Sequence[Shaped], how: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Give for each place what the four functions above take, in their order.

    Args:
        row: The text's tokens.
        words: Their shapes and lists.
        how: How each token's line is written (`manners`).
    """
    kinds = ["", "", *(word.kind for word in words), "", ""]
    flags = ["", *(word.flags for word in words), ""]
    gaps = [*(token.gap for token in row), ""]
    for at, manner in enumerate(how):
        here, lists = kinds[at + 2], flags[at + 1]
        yield (
            (kinds[at], kinds[at + 1], gaps[at], here),
            (here, gaps[at + 1], kinds[at + 3], kinds[at + 4]),
            (flags[at], lists, flags[at + 2]),
            (manner, here, lists),
        )


PLACE_FEATURES: Final[tuple[Callable[..., list[str]], ...]] = (
    behind_features, ahead_features, list_features, manner_features,
)  # fmt: skip


def manners(text: str, row: Sequence[Token]) -> list[str]:
    """Tell for each token how its line is written: case of its letters, marks of code."""
    if "\n" not in text:
        return [_manner(text)] * len(row)
    ends = [token.start for token in row if token.word == "\n"]
    found: list[str] = []
    start = 0
    for end in [*ends, len(text)]:
        manner = _manner(text[start:end])
        while len(found) < len(row) and row[len(found)].start <= end:
            found.append(manner)
        start = end
    return found


def _manner(line: str) -> str:
    if line == line.lower():
        case = "x"
    elif line == line.upper():
        case = "X"
    else:
        case = "T" if line.istitle() else "a"
    return case + ("s" if is_code(line) else "")


def is_code(line: str) -> bool:
    """Tell whether the line has marks of code, commands or logs."""
    return _SYNTAX.search(line) is not None
