"""Rule for names and addresses that no pattern tells: a trained tagger reads the line.

How it was trained, and how to train it again: `docs/decisions/name-tagger.md`.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from recorder.redaction.hits import MARK, Hit
from recorder.redaction.public_names import is_public
from recorder.redaction.tagger_features import is_code
from recorder.redaction.tagger_model import load
from recorder.redaction.tagger_tokens import Token, tokens

_LEAST: Final = {"PERSON": 0.45, "ADDRESS": 0.5}
"""Probability of person and address together from which a word is removed, by the likelier."""
_ONE_BLANK: Final = "1"
_LEAST_BESIDE: Final = 0.08
"""And from which a capitalised word is removed that stands beside a removed name."""
_WORDY: Final = re.compile(r"[^\W\d_]")
_SIGN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_THREE_LETTERS: Final = re.compile(rf"[^\W\d_]{{3}}|{_SIGN.pattern}")
_MIXED: Final = re.compile(r"(?=\S*\d\S*\d)\S+|\S*[+]\S*")
"""A piece of a token or hash, no name."""
_HASH: Final = re.compile(r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}")
_UNIT: Final = re.compile(
    r"(?:[^\W\d_]+ )?(?:unit|room|floor|level|gate|platform|gleis|zimmer|etage|page|step|no\.?) \d{1,4}[a-z]?",
    re.IGNORECASE,
)
"""Part of a building or a text, which alone is nobody's address."""
_MEMBER: Final = re.compile(r"[a-z_]{2}\.[a-z_]{2}")
_MONTH: Final = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?=[ ]{1,2}\d{1,2}(?:[ ,]+\d\d\d\d|[ ]\d\d:\d\d))"
)
"""As programs print a date: `Jun  7 2023`."""
_MONTH_CHARS: Final = 3
_TITLE: Final = re.compile(
    r"(?<!\w)(?:mr|mrs|ms|mx|miss|dr|prof|professor|sir|herrn?|frau|fru|hr|mme|mlle|madame|monsieur|sra?|"
    r"señora?|sig|signora?|dott|dhr|mevr|pan|pani|rev|judge|captain|sgt|lt|col|med)\b\.?",
    re.IGNORECASE,
)
_TITLES_BEFORE: Final = re.compile(rf"(?:{_TITLE.pattern}[ ]?)+\Z", re.IGNORECASE)
_LONGEST_TITLES: Final = 24
_ORDINARY: Final = frozenset("WI")
"""Lists of words that are no names."""
_CODE_BEFORE: Final = "_.'\"(|-=$/\\<[{@#&"
_CODE_AFTER: Final = "_('\"|=)[>/\\{]}"


def has_letters(text: str) -> bool:
    """Tell whether the text has a letter at all."""
    return _WORDY.search(text) is not None


def names_and_addresses(text: str) -> Iterator[Hit]:
    """Give the names of people and the postal addresses in the text."""
    row = tokens(text)
    probabilities = load().probabilities(text, row)
    kinds = [_kind(*p) for p in probabilities]
    if not any(kinds):
        return
    _grow(row, kinds, [person for person, _ in probabilities])
    kinds = _smooth(row, kinds)
    for kind, group in groupby(range(len(row)), key=kinds.__getitem__):
        if kind:
            places = list(group)
            found = _hit(text, row, places[0], places[-1], kind)
            if found is not None:
                yield found


def _kind(person: float, address: float) -> str:
    kind = "PERSON" if person >= address else "ADDRESS"
    return kind if person + address >= _LEAST[kind] else ""


def _grow(row: Sequence[Token], kinds: list[str], persons: Sequence[float]) -> None:
    """Take along a capitalised word beside one of a name: `Verity` of `Verity Quayle`."""
    for at in range(len(row)):
        beside = (at + 1, row[at + 1].gap) if at + 1 < len(row) else (at, "")
        for here, other in ((at, beside[0]), (beside[0], at)):
            if (
                beside[1] == _ONE_BLANK
                and kinds[other] == "PERSON"
                and not kinds[here]
                and persons[here] >= _LEAST_BESIDE
                and row[here].word.istitle()
            ):
                kinds[here] = "PERSON"


def _smooth(row: Sequence[Token], kinds: list[str]) -> list[str]:
    """Give each token its kind: gaps of one mark are closed, glued characters stay together.

    A name inside an address is part of it. Nothing is joined across a redaction mark.
    """
    found = ["" if _is_mark(token) else kind for token, kind in zip(row, kinds, strict=True)]
    for at in range(1, len(row) - 1):
        before, after = found[at - 1], found[at + 1]
        if not found[at] and before and before == after and _is_between(row[at], before):
            found[at] = before
    _complete(row, found)
    runs = [(kind, len(list(group))) for kind, group in groupby(found)]
    for at in range(1, len(runs) - 1):
        if runs[at][0] == "PERSON" and runs[at - 1][0] == runs[at + 1][0] == "ADDRESS":
            runs[at] = ("ADDRESS", runs[at][1])
    return [kind for kind, size in runs for _ in range(size)]


def _is_mark(token: Token) -> bool:
    return len(token.word) > 1 and MARK.fullmatch(token.word) is not None


def _is_between(token: Token, kind: str) -> bool:
    if token.word == "\n":
        return kind == "ADDRESS"
    return not token.word[0].isalpha() and not _is_mark(token)


def _complete(row: Sequence[Token], kinds: list[str]) -> None:
    """Take along letters and digits that are glued to a removed word."""
    for at in range(1, len(row)):
        if kinds[at - 1] and not kinds[at] and _are_glued(row[at - 1], row[at]):
            kinds[at] = kinds[at - 1]
    for at in range(len(row) - 2, -1, -1):
        if kinds[at + 1] and not kinds[at] and _are_glued(row[at], row[at + 1]):
            kinds[at] = kinds[at + 1]


def _are_glued(left: Token, right: Token) -> bool:
    return right.gap == "0" and left.word[-1].isalnum() and right.word[0].isalnum()


def _hit(text: str, row: Sequence[Token], first: int, last: int, kind: str) -> Hit | None:
    """Give the run of tokens as a hit, trimmed to what can be a value; None if nothing is left."""
    while first <= last and not _may_end(row[first], kind):
        first += 1
    while last >= first and not _may_end(row[last], kind):
        last -= 1
    if first > last:
        return None
    start, end = row[first].start, row[last].end
    if is_public(text, start, end):
        return None
    if kind == "ADDRESS":
        is_one = _is_address(text[start:end]) and not _is_one_ordinary(row[first : last + 1])
        return Hit(start, end, kind) if is_one else None
    return _person(text, start, end)


def _may_end(token: Token, kind: str) -> bool:
    if kind == "ADDRESS":
        return token.word[0].isalnum()
    is_word = token.word[0].isalpha()
    return is_word and not (token.word.islower() and _is_ordinary(token))


def _is_address(value: str) -> bool:
    if not _THREE_LETTERS.search(value) or not re.search(r"[\s,]|[^\x00-\x7f]", value):
        return False
    if _UNIT.fullmatch(value):
        return False
    return not any(_HASH.fullmatch(word) for word in re.split(r"\W+", value))


def _is_one_ordinary(row: Sequence[Token]) -> bool:
    """Tell whether it is one ordinary word with numbers, such as `Enter 482910`."""
    words = [token for token in row if token.word[0].isalpha()]
    return len(words) == 1 and _is_ordinary(words[0])


def _is_ordinary(token: Token) -> bool:
    """Tell whether a word is listed as ordinary and not as a part of names or streets."""
    flags = load().flags(token.word)
    return bool(flags) and not set(flags) - _ORDINARY


def _person(text: str, start: int, end: int) -> Hit | None:
    if _is_no_name(text, start, end):
        return None
    titles = _TITLES_BEFORE.search(text, max(0, start - _LONGEST_TITLES), start)
    return Hit(titles.start() if titles else start, end, "PERSON")


def _is_no_name(text: str, start: int, end: int) -> bool:
    """Tell whether it is one letter, a title alone, or a piece of code or of a hash."""
    value = text[start:end]
    if sum(map(str.isalpha, value)) < 2 and not _SIGN.search(value):  # noqa: PLR2004
        return True
    if not _TITLE.sub("", value).strip(" .") or _MIXED.fullmatch(value):
        return True
    if _MONTH.match(text, start) and end - start == _MONTH_CHARS:
        return True
    if any(map(str.isspace, value)):
        return _MEMBER.search(value) is not None
    return not value.istitle() and _is_in_code(text, start, end)


def _is_in_code(text: str, start: int, end: int) -> bool:
    """Tell whether marks of code stand beside the word or elsewhere in its line."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if (before and before in _CODE_BEFORE) or (after and after in _CODE_AFTER):
        return True
    if after == "." and text[end + 1 : end + 2].isalnum():
        return True
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    return "." in text[start:end] or is_code(text[begin : len(text) if stop < 0 else stop])
