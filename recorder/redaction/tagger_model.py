"""The trained tables of the tagger and the probabilities that they give.

A linear-chain conditional random field (Lafferty, McCallum, Pereira 2001). Weights are kept
relative to those of the label `O`, as one signed byte each.
"""

import struct
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import exp
from typing import Final, NamedTuple
from zlib import crc32, decompress

from recorder.redaction.tagger_features import (
    PLACE_FEATURES,
    manners,
    place_keys,
    word_features,
)
from recorder.redaction.tagger_tokens import Token

LABELS: Final = ("O", "PER", "ADR", "ORG", "LOC")
"""Other, person, postal address, organisation, place. All are told apart, two are removed."""
LISTS: Final = "FLCSWI"
"""Word lists: first names, last names, cities, streets, ordinary words, words of interfaces."""
MAGIC: Final = b"names and addresses 1\n"
HEAD: Final = struct.Struct("<fII25f")
"""Worth of one step, places for features, places for words, transitions row to column."""
_MOST_WORDS: Final = 8192
_MOST_PLACES: Final = 16_384
_QUIET: Final = 2.0
"""A line in which no token's own factor for person or address is above this holds neither.

In all lines with a hit, generated and others, one token had more than 10.
"""

Row = tuple[float, float, float, float]
"""Weights of PER, ADR, ORG and LOC; that of O is 0."""
_Five = tuple[float, float, float, float, float]
_NOTHING: Final[Row] = (0.0, 0.0, 0.0, 0.0)


class HashTable:
    """Finds the place of a string by its hash, 16 bits of which are kept.

    One in some 30,000 unknown strings is taken for a known one.

    Args:
        marks: Two bytes for each place, 0 where it is free; their number is a power of two.
    """

    def __init__(self, marks: bytes) -> None:
        self._marks = array("H", marks)
        self._mask = len(self._marks) - 1

    def find(self, key: str) -> int:
        """Give the place of the key, or -1."""
        return self.find_all((key,))[0] if self._marks else -1

    def find_all(self, keys: Iterable[str]) -> list[int]:
        """Give the places of those keys that are there, -1 for the others."""
        marks, mask = self._marks, self._mask
        found = []
        for key in keys:
            value = crc32(key.encode())
            at, wanted = value & mask, value >> 16 or 1
            while (mark := marks[at]) and mark != wanted:
                at = (at + 1) & mask
            found.append(at if mark else -1)
        return found


class _WordRows(NamedTuple):
    kind: str
    flags: str
    own: Row
    behind: Row
    ahead: Row
    far_behind: Row
    far_ahead: Row


_NO_WORD: Final = _WordRows("", "", _NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING)


@dataclass(frozen=True, slots=True)
class Model:
    """The tables, and a bounded memory of the rows of words met lately.

    Attributes:
        features: Places of the features.
        weights: Four signed bytes for each place: PER, ADR, ORG, LOC.
        step: What one unit of a weight is worth.
        transitions: Factors, five by five, from the label before to the label.
        words: Places of the listed words.
        lists: One byte for each place; bits in the order of `LISTS`.
    """

    features: HashTable
    weights: "array[int]"
    step: float
    transitions: tuple[tuple[float, ...], ...]
    words: HashTable
    lists: bytes
    _met: dict[str, _WordRows] = field(default_factory=dict, repr=False)
    _places: tuple[dict[tuple[str, ...], Row], ...] = field(
        default_factory=lambda: tuple({} for _ in PLACE_FEATURES), repr=False
    )

    def flags(self, word: str) -> str:
        """Give the letters of the lists in which the word stands."""
        at = self.words.find(word.lower())
        if at < 0:
            return ""
        bits = self.lists[at]
        return "".join(name for bit, name in enumerate(LISTS) if bits >> bit & 1)

    def probabilities(self, text: str, row: Sequence[Token]) -> list[tuple[float, float]]:
        """Give for each token the probabilities of person and of address."""
        factors = self._factors(text, row)
        if not any(person > _QUIET or address > _QUIET for person, address, _, _ in factors):
            return [(0.0, 0.0)] * len(row)
        return _posterior(factors, self.transitions)

    def _factors(self, text: str, row: Sequence[Token]) -> list[Row]:
        met = self._met
        found = [met.get(token.word) or self._word(token.word) for token in row]
        keys = place_keys(row, found, manners(text, row))
        padded = [_NO_WORD, _NO_WORD, *found, _NO_WORD, _NO_WORD]
        behind, ahead, lists, manner = self._places
        factors = []
        for at, (rows, (key, other, third, last)) in enumerate(zip(found, keys, strict=True)):
            parts = (
                rows.own,
                padded[at].far_behind,
                padded[at + 1].behind,
                padded[at + 3].ahead,
                padded[at + 4].far_ahead,
                behind.get(key) or self._place(0, key),
                ahead.get(other) or self._place(1, other),
                lists.get(third) or self._place(2, third),
                manner.get(last) or self._place(3, last),
            )
            factors.append(_factor(parts))
        return factors

    def _word(self, word: str) -> _WordRows:
        if len(self._met) >= _MOST_WORDS:
            self._met.clear()
        flags = self.flags(word) if word[0].isalpha() else ""
        found = word_features(word, flags)
        at = self.features.find_all(
            (*found.behind, *found.ahead, *found.far_behind, *found.far_ahead, *found.own)
        )
        cuts = (slice(6, None), slice(0, 2), slice(2, 4), slice(4, 5), slice(5, 6))
        rows = _WordRows(found.kind, flags, *(self._row(at[cut]) for cut in cuts))
        self._met[word] = rows
        return rows

    def _place(self, which: int, key: tuple[str, ...]) -> Row:
        known = self._places[which]
        if len(known) >= _MOST_PLACES:
            known.clear()
        known[key] = row = self._row(self.features.find_all(PLACE_FEATURES[which](*key)))
        return row

    def _row(self, places: Iterable[int]) -> Row:
        person = address = organisation = place = 0
        weights = self.weights
        for at in places:
            if at >= 0:
                first = 4 * at
                person += weights[first]
                address += weights[first + 1]
                organisation += weights[first + 2]
                place += weights[first + 3]
        if not (person or address or organisation or place):
            return _NOTHING
        step = self.step
        return (person * step, address * step, organisation * step, place * step)


def _factor(parts: Iterable[Row]) -> Row:
    person = address = organisation = place = 0.0
    for a, b, c, d in parts:
        person += a
        address += b
        organisation += c
        place += d
    return (exp(person), exp(address), exp(organisation), exp(place))


def _posterior(
    factors: Sequence[Row], transitions: tuple[tuple[float, ...], ...]
) -> list[tuple[float, float]]:
    """Give the probabilities of person and address by the forward-backward algorithm, scaled at each step."""
    forward = _sweep(factors, tuple(zip(*transitions, strict=True)))
    reverse = _sweep(factors[::-1], transitions)[::-1]
    found = []
    for (a, b, c, d, e), (f, g, h, i, j), (k, o, m, n) in zip(
        forward, reverse, factors, strict=True
    ):
        person, address = b * g / k, c * h / o
        total = a * f + person + address + d * i / m + e * j / n
        found.append((person / total, address / total))
    return found


def _sweep(factors: Sequence[Row], onto: tuple[tuple[float, ...], ...]) -> list[_Five]:
    """Give the scaled sums over all paths up to each token, the token's factor included.

    `onto` holds for each label the factors of coming to it from each label. Written out, as
    a loop over five labels takes three times as long.
    """
    t0, t1, t2, t3, t4 = onto
    a, b, c, d, e = 1.0, *factors[0]
    found: list[_Five] = []
    for place, (g, h, i, j) in enumerate(factors):
        if place:
            a, b, c, d, e = (
                a * t0[0] + b * t0[1] + c * t0[2] + d * t0[3] + e * t0[4],
                (a * t1[0] + b * t1[1] + c * t1[2] + d * t1[3] + e * t1[4]) * g,
                (a * t2[0] + b * t2[1] + c * t2[2] + d * t2[3] + e * t2[4]) * h,
                (a * t3[0] + b * t3[1] + c * t3[2] + d * t3[3] + e * t3[4]) * i,
                (a * t4[0] + b * t4[1] + c * t4[2] + d * t4[3] + e * t4[4]) * j,
            )
        scale = 1.0 / (a + b + c + d + e)
        a, b, c, d, e = a * scale, b * scale, c * scale, d * scale, e * scale
        found.append((a, b, c, d, e))
    return found


@cache
def load() -> Model:
    """Read the trained tables when the first text comes, never at import."""
    return unpack(files("recorder.redaction").joinpath("data", "tagger.bin").read_bytes())


def unpack(packed: bytes) -> Model:
    """Give the model from its file's bytes.

    Raises:
        ValueError: The bytes are not those of a model of this version.
    """
    if not packed.startswith(MAGIC):
        raise ValueError(MAGIC)
    data = decompress(packed[len(MAGIC) :])
    step, features, words, *flat = HEAD.unpack_from(data)
    at = HEAD.size
    parts = []
    for size in (2 * features, 4 * features, 2 * words, words):
        parts.append(data[at : at + size])
        at += size
    rows = tuple(tuple(map(exp, flat[place : place + 5])) for place in range(0, 25, 5))
    return Model(
        HashTable(parts[0]),
        array("b", parts[1]),
        step,
        rows,
        HashTable(parts[2]),
        parts[3],
    )
