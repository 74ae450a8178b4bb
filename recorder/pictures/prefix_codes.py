"""Prefix codes of lossless WebP: made from counts, and told in a file.

Source: RFC 9649, sections 6.1 and 6.2. A field is a value and its width in bits; fields
stand in a file one behind the other, lowest bit first.
"""

import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Field = tuple[int, int]

LONGEST: Final = 15
_LONGEST_OF_LENGTHS: Final = 7
_ORDER: Final = (17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
_FEWEST_TOLD: Final = 4
_REPEAT, _ZEROS, _MANY_ZEROS = 16, 17, 18
_REPEATS: Final = {_REPEAT: (3, 6, 2), _ZEROS: (3, 10, 3), _MANY_ZEROS: (11, 138, 7)}
"""Least and most repetitions, and the width of what is above the least."""


@dataclass(frozen=True, slots=True)
class PrefixCode:
    """A code for the symbols 0, 1, …; a symbol that is never used has length 0.

    Attributes:
        bits: As they stand in the file, by symbol.
        lengths: Their widths; all 0 where there is one symbol only.
        told: The fields that tell the code.
    """

    bits: Numbers
    lengths: Numbers
    told: tuple[Field, ...]


def make_code(counts: Numbers) -> PrefixCode:
    """Give the code for symbols that are used so often; at most one of them is 256 or more."""
    used = np.flatnonzero(counts)
    if len(used) <= 1:
        nothing = np.zeros_like(counts)
        only = int(used[0]) if len(used) else 0
        return PrefixCode(nothing, nothing, ((1, 1), (0, 1), (1, 1), (only, 8)))
    lengths = _lengths(counts, LONGEST)
    return PrefixCode(_canonical(lengths), lengths, ((0, 1), *_told(lengths.tolist())))


def _lengths(counts: Numbers, longest: int) -> Numbers:
    """Give Huffman's lengths; rare symbols count as more frequent until none is too long."""
    least = 1
    while True:
        lengths = _huffman(np.where(counts, np.maximum(counts, least), 0))
        if lengths.max() <= longest:
            return lengths
        least *= 2


def _huffman(counts: Numbers) -> Numbers:
    """Give the depth of each used symbol; at least two are used."""
    used = np.flatnonzero(counts).tolist()
    heap = [(int(counts[symbol]), place) for place, symbol in enumerate(used)]
    heapq.heapify(heap)
    parents = [0] * (2 * len(used) - 1)
    for node in range(len(used), len(parents)):
        first, second = heapq.heappop(heap), heapq.heappop(heap)
        parents[first[1]] = parents[second[1]] = node
        heapq.heappush(heap, (first[0] + second[0], node))
    depths = [0] * len(parents)
    for node in range(len(parents) - 2, -1, -1):
        depths[node] = depths[parents[node]] + 1
    lengths = np.zeros_like(counts)
    lengths[used] = depths[: len(used)]
    return lengths


def _canonical(lengths: Numbers) -> Numbers:
    """Give the bits by symbol: shorter codes first, among equal ones in order of the symbols."""
    bits = np.zeros_like(lengths)
    code, last = 0, 0
    for length, symbol in sorted((n, at) for at, n in enumerate(lengths.tolist()) if n):
        code <<= length - last
        bits[symbol] = int(f"{code:0{length}b}"[::-1], 2)
        code, last = code + 1, length
    return bits


def _told(lengths: Sequence[int]) -> Iterator[Field]:
    words = list(_words(lengths))
    counts = np.bincount([symbol for symbol, _ in words], minlength=len(_ORDER))
    counts[[0, _REPEAT]] += counts.astype(bool).sum() == 1  # one symbol alone has no bits
    own = _lengths(counts, _LONGEST_OF_LENGTHS)
    bits = _canonical(own)
    told = [int(own[symbol]) for symbol in _ORDER]
    while len(told) > _FEWEST_TOLD and not told[-1]:
        told.pop()
    yield len(told) - _FEWEST_TOLD, 4
    yield from ((length, 3) for length in told)
    yield 0, 1  # every symbol's length follows
    for symbol, extra in words:
        yield int(bits[symbol]), int(own[symbol])
        if symbol in _REPEATS:
            yield extra, _REPEATS[symbol][2]


def _words(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give the lengths as symbols, with the repetitions above the least."""
    for length, group in itertools.groupby(lengths):
        count = len(list(group))
        if length:
            yield length, 0
            count -= 1
        for symbol in (_REPEAT,) if length else (_MANY_ZEROS, _ZEROS):
            least, most, _ = _REPEATS[symbol]
            while count >= least:
                taken = min(count, most)
                yield symbol, taken - least
                count -= taken
        yield from [(length, 0)] * count
