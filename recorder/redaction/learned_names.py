"""Names of people proven once, and met again bare: `Jane Doe <jane@…>`, later only `Doe`.

A name is known by keyed digests of its words, in the memory of one episode only.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from recorder.redaction.hits import Hit

KIND: Final = "NAME"
"""Kind of the digests that tell that a word is part of a name; never a mark."""
Knows = Callable[[str], bool]
"""Whether a word, or words with a blank between, in lower case, are a proven name."""

_UP: Final = "[A-Z\u00c0-\u00de\u0100-\u017f\u0391-\u03a9\u0400-\u042f]"
_WORD: Final = rf"{_UP}[^\W\d_]{{1,24}}(?:[-'\u2019]{_UP}?[^\W\d_]{{1,24}})?"
_NAME: Final = rf"{_WORD}(?:[ ]{_WORD}){{0,3}}"
_TITLE_WORD: Final = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herrn?|Frau|Mme|M|Sra?|Sig|Dhr|Mevr|Pani?)"
_TITLE: Final = rf"(?:{_TITLE_WORD}\.? )*"
_TITLES: Final = re.compile(rf"\A(?:{_TITLE_WORD}\.? )+", re.IGNORECASE)
_GREETED: Final = (
    r"^[ \t]{0,8}(?i:dear|hi|hello|hallo|liebe[rs]?|sehr geehrte[rn]?|bonjour|ch(?:er|\u00e8re)|hola|"
    rf"estimad[oa]|querid[oa]|ciao|gentile|ol\u00e1|beste|hej|drogi|droga)[ ]{_TITLE}(?P<name>{_NAME})[,!:]?[ \t]*$"
)
_LABELLED: Final = (
    r"(?:^|[\n,;|>(])[ \t]{0,8}(?i:(?:full |first |last |given |family |sur|contact |customer |patient |vor|nach)?name|"
    r"nom|pr\u00e9nom|nombre|apellidos?|nome|cognome|naam|nazwisko|imi\u0119|namn|navn|\u0438\u043c\u044f|\u0444\u0430\u043c\u0438\u043b\u0438\u044f|\u0444\u0438\u043e)"
    rf"[ ]?:[ \t]{{1,12}}{_TITLE}(?P<name>{_NAME})[ \t]*(?=$|[\n,;|<)])"
)
_ADDRESSED: Final = (
    rf"(?<!\w)(?P<name>{_WORD}(?:[ ]{_WORD}){{1,3}})[\"']?[ ]?[<(\[](?:mailto:)?[\w.+\-]{{1,64}}@\w"
)
_PROOFS: Final = tuple(re.compile(p, re.MULTILINE) for p in (_GREETED, _LABELLED, _ADDRESSED))
_MAILBOX: Final = re.compile(
    r"(?<![\w.+\-])(?P<first>[a-z]{3,20})[._](?P<last>[a-z]{3,24})\d{0,4}@\w", re.IGNORECASE
)
_CANDIDATE: Final = re.compile(rf"(?<![\w@]){_WORD}")
_FEWEST_CHARS: Final = 3
_MOST_WORDS: Final = 4


def proven_names(text: str) -> Iterator[str]:
    """Give the names that a greeting, a label or an e-mail address proves."""
    for pattern in _PROOFS:
        for match in pattern.finditer(text):
            yield match["name"]
    for match in _MAILBOX.finditer(text):
        yield f"{match['first']} {match['last']}"


def name_keys(name: str) -> list[str]:
    """Give under what a proven name is known: its words that mean nothing else, and the whole."""
    words = bare_name(name).split()
    while words and words[0] in _words_of("no_names.txt"):  # From, To, Cc
        words.pop(0)
    long = [word for word in words if len(word) >= _FEWEST_CHARS]
    telling = [word for word in long if not _is_common(word)]
    if not telling:
        return []
    return [*telling, *([" ".join(words)] if len(words) > 1 else [])]


def bare_name(name: str) -> str:
    """Give a name in lower case without titles: the same for `Ms Doe` and `DOE`."""
    return _TITLES.sub("", " ".join(name.casefold().split()))


def learned_names(text: str, knows: Knows) -> Iterator[Hit]:
    """Give names that were proven before, the longest run of their words as one."""
    words = [(m.start(), m.end()) for m in _CANDIDATE.finditer(text)]
    at = 0
    while at < len(words):
        last = max(
            (to for to in range(at, min(at + _MOST_WORDS, len(words)))
             if knows(" ".join(text[words[at][0] : words[to][1]].casefold().split()))),
            default=None,
        )  # fmt: skip
        if last is not None:
            while last + 1 < len(words) and _follows(text, words[last], words[last + 1], knows):
                last += 1
            yield Hit(words[at][0], words[last][1], "PERSON")
        at = at + 1 if last is None else last + 1


def _follows(text: str, word: tuple[int, int], after: tuple[int, int], knows: Knows) -> bool:
    return text[word[1] : after[0]] == " " and knows(text[after[0] : after[1]].casefold())


def _is_common(word: str) -> bool:
    return word in _words_of("no_names.txt") or word in _words_of("not_names_alone.txt")


@cache
def _words_of(name: str) -> frozenset[str]:
    """Read a list of words, when the first name comes, never at import."""
    text = files("recorder.redaction").joinpath("data", name).read_text("utf-8")
    return frozenset(word for word in text.split("\n") if word and word[0] != "#")
