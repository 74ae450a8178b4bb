"""People who type: the ways in which a text gets into a field, as scripts of keys."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_NEAR: Final = "asdfghjkl"
_TYPO_SHARE: Final = 0.06
_LEAST_CHARS: Final = 4


class Manner(StrEnum):
    """How a person types; the value is its name in tables."""

    PLAIN = "straight through"
    TYPOS = "typos and backspace"
    CARET = "goes back with the arrows and mends"
    WORDS = "erases words and types them again"
    SELECTS = "selects and types over"
    PAUSES = "pauses for seconds inside"
    CLICKS = "clicks inside the field and goes on"
    PASTES = "pastes a part"
    COMPLETES = "lets the program complete it"
    FIELDS = "goes on in the next field by tab"


class Do(StrEnum):
    """What a step of a script does."""

    TYPE = "type"
    KEY = "key"
    SELECT = "select"
    ERASE_WORD = "erase word"
    WAIT = "wait"
    CLICK = "click"
    PASTE = "paste"
    NEXT_FIELD = "next field"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the text for `TYPE`, the key's name and times otherwise."""

    do: Do
    text: str = ""
    times: int = 1


def script(text: str, manner: Manner, chance: random.Random) -> list[Step]:
    """Give the steps by which a person gets this text into a field."""
    return list(_WAYS[manner](text, chance))


def _plain(text: str, _chance: random.Random) -> Iterator[Step]:
    yield Step(Do.TYPE, text)


def _typos(text: str, chance: random.Random) -> Iterator[Step]:
    for char in text:
        if chance.random() < _TYPO_SHARE * 2:
            wrong = "".join(chance.choices(_NEAR, k=chance.randint(1, 3)))
            yield Step(Do.TYPE, wrong)
            yield Step(Do.KEY, "backspace", len(wrong))
        yield Step(Do.TYPE, char)


def _caret(text: str, chance: random.Random) -> Iterator[Step]:
    at = chance.randrange(len(text))
    yield Step(Do.TYPE, text[:at] + text[at + 1 :])
    back = len(text) - at - 1
    yield Step(Do.KEY, "left", back)
    yield Step(Do.TYPE, text[at])
    yield Step(Do.KEY, "end" if chance.random() < 0.5 else "right", max(1, back))  # noqa: PLR2004


def _words(text: str, chance: random.Random) -> Iterator[Step]:
    first, _, last = text.rpartition(" ")
    wrong = "".join(chance.choices(_NEAR, k=5))
    yield Step(Do.TYPE, f"{first} {wrong}" if first else wrong)
    yield Step(Do.ERASE_WORD)
    yield Step(Do.TYPE, last)


def _selects(text: str, chance: random.Random) -> Iterator[Step]:
    count = chance.randint(1, min(6, len(text)))
    wrong = "".join(chance.choices(_NEAR, k=count))
    yield Step(Do.TYPE, text[:-count] + wrong)
    yield Step(Do.SELECT, "left", count)
    yield Step(Do.TYPE, text[-count:])


def _pauses(text: str, chance: random.Random) -> Iterator[Step]:
    for piece in _cut(text, chance):
        yield Step(Do.TYPE, piece)
        yield Step(Do.WAIT, times=chance.randint(2, 6))


def _clicks(text: str, chance: random.Random) -> Iterator[Step]:
    first, *rest = _cut(text, chance)
    yield Step(Do.TYPE, first)
    yield Step(Do.CLICK)
    yield Step(Do.TYPE, "".join(rest))


def _pastes(text: str, chance: random.Random) -> Iterator[Step]:
    first, *rest = _cut(text, chance)
    yield Step(Do.TYPE, first)
    yield Step(Do.PASTE)
    yield Step(Do.TYPE, "".join(rest[1:]))


def _completes(text: str, chance: random.Random) -> Iterator[Step]:
    yield Step(Do.TYPE, text[: max(_LEAST_CHARS, len(text) * 2 // 3)])
    yield Step(Do.KEY, "down")
    if chance.random() < 0.5:  # noqa: PLR2004
        yield Step(Do.KEY, "enter")


def _fields(text: str, _chance: random.Random) -> Iterator[Step]:
    """Go on as forms ask for it: digits by four, names and addresses word by word."""
    digits = sum(map(str.isdigit, text))
    parts = re.findall(r"[^\s\-]{1,4}", text) if digits * 2 > len(text) else text.split()
    for part in parts:
        yield Step(Do.TYPE, part)
        yield Step(Do.NEXT_FIELD)


def _cut(text: str, chance: random.Random) -> Sequence[str]:
    """Give the text in three parts."""
    first, second = sorted((chance.randrange(1, len(text)), chance.randrange(1, len(text))))
    return text[:first], text[first:second], text[second:]


_WAYS: Final = {
    Manner.PLAIN: _plain, Manner.TYPOS: _typos, Manner.CARET: _caret, Manner.WORDS: _words,
    Manner.SELECTS: _selects, Manner.PAUSES: _pauses, Manner.CLICKS: _clicks,
    Manner.PASTES: _pastes, Manner.COMPLETES: _completes, Manner.FIELDS: _fields,
}  # fmt: skip
