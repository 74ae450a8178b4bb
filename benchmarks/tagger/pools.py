"""Names, streets, towns and companies of a hundred languages, from Faker's lists.

Everything is drawn with fixed seeds: the same version of Faker gives the same pools.
"""

import random
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from anyascii import anyascii
from faker import Faker
from faker.config import AVAILABLE_LOCALES

_SEED: Final = 20261122
_KNOWN_PERCENT: Final = 65
"""Share of the words that the tagger's lists hold: it must learn names outside of them too."""
_ORDINARY: Final = "WI"
"""Lists of words that are no names."""
_LEAST_NAMES: Final = 20
_LATIN_END: Final = 0x250
_ORDER: Final = 3
_LONGEST_NAME: Final = 13


@dataclass(frozen=True, slots=True)
class Pool:
    """What one locale of Faker gives; every tuple sorted, without doubles."""

    locale: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[str, ...]
    addresses: tuple[str, ...]
    postcodes: tuple[str, ...]
    states: tuple[str, ...]
    countries: tuple[str, ...]
    companies: tuple[str, ...]
    jobs: tuple[str, ...]
    sentences: tuple[str, ...]
    words: tuple[str, ...]


def pools() -> list[Pool]:
    """Give a pool for each locale that has names of its own."""
    found = (_pool(locale) for locale in sorted(AVAILABLE_LOCALES))
    return [pool for pool in found if pool is not None]


def _pool(locale: str) -> Pool | None:
    fake = Faker(locale)
    fake.seed_instance(_SEED)
    people = _provider(fake, "person", locale)
    if people is None:
        return None
    first = _names(people, "first_") | set(_drawn(fake, "first_name", 120))
    last = _names(people, "last_") | set(_drawn(fake, "last_name", 200))
    if len(first) < _LEAST_NAMES or len(last) < _LEAST_NAMES:
        return None
    own = _provider(fake, "address", locale) is not None
    company = _provider(fake, "company", locale) is not None
    lorem = _provider(fake, "lorem", locale) is not None
    return Pool(
        locale,
        _sorted(first),
        _sorted(last),
        _drawn(fake, "street_name", 400) if own else (),
        _drawn(fake, "city", 400) if own else (),
        _drawn(fake, "address", 250) if own else (),
        _drawn(fake, "postcode", 60) if own else (),
        _drawn(fake, "administrative_unit", 80) if own else (),
        _drawn(fake, "country", 200) if own else (),
        _drawn(fake, "company", 250) if company else (),
        _drawn(fake, "job", 200),
        _drawn(fake, "sentence", 80) if lorem else (),
        _drawn(fake, "word", 1200) if lorem else (),
    )


def _provider(fake: Faker, room: str, locale: str) -> object | None:
    """Give the locale's own provider; None where Faker falls back to another language."""
    for provider in fake.get_providers():
        name = type(provider).__module__
        if f".{room}." in name and name.endswith(locale):
            own: object = provider
            return own
    return None


def _names(provider: object, kind: str) -> set[str]:
    found: set[str] = set()
    for name in dir(provider):
        value = getattr(provider, name)
        if name.startswith(kind) and isinstance(value, Mapping | tuple | list):
            found.update(item for item in value if isinstance(item, str))
    return found


def _drawn(fake: Faker, what: str, times: int) -> tuple[str, ...]:
    make: Callable[[], str] | None = getattr(fake, what, None)
    if make is None:
        return ()
    return _sorted(make() for _ in range(times))


def _sorted(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({item.strip() for item in items} - {""}))


def is_latin(text: str) -> bool:
    """Tell whether all letters are Latin ones."""
    return all(ord(char) < _LATIN_END or not char.isalpha() for char in text)


def romanised(text: str) -> str:
    """Give the text in ASCII letters, each word with a capital."""
    words = anyascii(text).split()
    return " ".join(word[:1].upper() + word[1:] for word in words) or text


class Inventor:
    """Invents words that sound like those of a list, by letters that follow three letters."""

    def __init__(self, words: Iterable[str]) -> None:
        self._next: defaultdict[str, list[str]] = defaultdict(list)
        for word in words:
            padded = "^" * _ORDER + word.lower() + "$"
            for at in range(_ORDER, len(padded)):
                self._next[padded[at - _ORDER : at]].append(padded[at])

    def invent(self, rng: random.Random) -> str:
        """Give a word of at most 13 letters with capitals where a name has them."""
        word, before = "", "^" * _ORDER
        while len(word) < _LONGEST_NAME:
            char = rng.choice(self._next[before])
            if char == "$":
                break
            word, before = word + char, before[1:] + char
        return re.sub(r"(^|[-' ])(\w)", lambda match: match[1] + match[2].upper(), word)


def word_lists(
    found: Iterable[Pool], ordinary: Iterable[str], interface: Iterable[str], places: Iterable[str]
) -> dict[str, str]:
    """Give for each word (lower case) the letters of its lists, see `LISTS`."""
    lists: defaultdict[str, set[str]] = defaultdict(set)
    for pool in found:
        for letter, values in zip("FLCS", _listed(pool), strict=True):
            for word in _parts(values):
                lists[word].add(letter)
    for word in _parts(ordinary):
        lists[word].add("W")
    for word in interface:
        lists[word].add("I")
    for word in _parts(places):
        lists[word].add("C")
    return {word: "".join(sorted(letters)) for word, letters in sorted(lists.items())}


def learned_lists(lists: Mapping[str, str]) -> dict[str, str]:
    """Give the words that training knows: a hash of the word decides."""
    return {word: letters for word, letters in lists.items() if _is_known(word)}


def shipped_lists(lists: Mapping[str, str]) -> dict[str, str]:
    """Give the words that the tagger carries: those, and all that are in no list of names."""
    return {
        word: letters
        for word, letters in lists.items()
        if _is_known(word) or not set(letters) - set(_ORDINARY)
    }


def _listed(pool: Pool) -> Iterator[tuple[str, ...]]:
    for values in (pool.first, pool.last, pool.cities, pool.streets):
        yield values + tuple(romanised(value) for value in values if not is_latin(value))


def _parts(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from re.findall(r"[^\W\d_]{2,}", value.lower())


def _is_known(word: str) -> bool:
    return zlib.crc32(f"known {word}".encode()) % 100 < _KNOWN_PERCENT
