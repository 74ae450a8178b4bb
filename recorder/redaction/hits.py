"""What a rule gives: where in a text a value stands and what sort of value it is."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

KINDS: Final = (
    "EMAIL", "CARD", "IBAN", "PHONE", "IP", "MAC", "SECRET", "PASSWORD", "PRIVATE_KEY", "ID",
    "TAX_ID", "PASSPORT", "LICENCE", "ACCOUNT", "BIRTH_DATE", "PERSON", "USERNAME", "ADDRESS",
    "CRYPTO", "URL_CREDENTIAL", "PERSONAL",
)  # fmt: skip
"""Every kind of value that a mark may name."""

MARK: Final = re.compile(r"<(?:" + "|".join(KINDS) + r")_\d{1,6}>")
"""What stands in place of a removed value; never redacted again."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A value found by one rule: characters `start` to `end` (not included) of the text."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A named pure function from a text to the values it holds.

    Attributes:
        name: Shown where something was removed; never holds content.
        find: Text in, hits out; offsets in characters. May raise: the item is dropped.
        looks_for: Cheap test; False means that `find` cannot give a hit.
    """

    name: str
    find: Callable[[str], Iterable[Hit]] = field(repr=False)
    looks_for: Callable[[str], bool] = field(repr=False, default=lambda _: True)


def hits_of(pattern: re.Pattern[str], text: str, kind: str, group: int | str = 0) -> Iterator[Hit]:
    """Give a hit for each match of the pattern, covering one of its groups."""
    for match in pattern.finditer(text):
        start, end = match.span(group)
        if end > start:
            yield Hit(start, end, kind)


def has_digits(at_least: int) -> Callable[[str], bool]:
    """Give a test for texts with so many decimal digits."""
    return lambda text: sum(map(text.count, "0123456789")) >= at_least


def has_any(*parts: str) -> Callable[[str], bool]:
    """Give a test for texts that hold one of the parts (lower case), in any case."""

    def test(text: str) -> bool:
        lowered = text.lower()
        return any(part in lowered for part in parts)

    return test
