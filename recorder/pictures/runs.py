"""Codes pictures of few different pixels as lossless WebP, by runs alone.

A pixel is mostly like the one above it, else like the one before it, else its colour is
told. Looking for anything longer is what a general encoder spends its time on.

Source: RFC 9649, sections 3.8 and 6.2.
"""

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recorder.pictures.prefix_codes import Field, Numbers, PrefixCode, make_code

Colours = NDArray[np.uint32]
"""(H, W) uint32 0xXXRRGGBB; the topmost byte is not stored."""

_SHORTEST: Final = 3
"""A shorter run takes more room than its pixels."""
_LONGEST: Final = 4096
_LARGEST: Final = 1 << 14
_COLOUR: Final = 0xFFFFFF
_OPAQUE: Final = 0xFF000000
_ABOVE, _BEFORE = 0, 1
"""Symbols of the two distances: codes 1 and 2 of the neighbourhood."""
_LENGTHS: Final = 256
_CACHE: Final = 280
_DISTANCES: Final = 40
_MOST_CACHE_BITS: Final = 11
_MULTIPLIER: Final = 0x1E35A7BD
_WORD: Final = 64


@dataclass(frozen=True, slots=True)
class _Runs:
    """What the pixels are: `told` are places of pixels, the others first places and lengths."""

    told: Numbers
    above: tuple[Numbers, Numbers]
    before: tuple[Numbers, Numbers]


def coded_by_runs(picture: Colours, most_told: int) -> bytes | None:
    """Give lossless WebP; None where more than so many pixels are like neither neighbour.

    None too of a picture that WebP cannot hold.

    Args:
        picture: Not empty.
        most_told: Bound on colours to tell; each takes some 6 to 16 bits.
    """
    height, width = picture.shape
    if max(height, width) > _LARGEST:
        return None
    pixels = picture.reshape(-1)
    runs = _find_runs(pixels, width)
    if len(runs.told) > most_told:
        return None
    head = [(0x2F, 8), (width - 1, 14), (height - 1, 14), (0, 4), (0, 1)]
    data = _packed(*_fields(runs, pixels[runs.told] & np.uint32(_COLOUR), head))
    data += b"\0" * (len(data) & 1)
    chunk = b"WEBPVP8L" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunk)) + chunk


def _find_runs(pixels: Colours, width: int) -> _Runs:
    """Divide the pixels, row by row one long line."""
    size = len(pixels)
    rest = np.flatnonzero(pixels[width:] != pixels[:-width]) + width
    rest = _filled(np.concatenate([np.arange(width), rest]), size)
    ends = np.concatenate([rest[1:], [size]])
    is_last = ends != rest + 1
    above = (rest[is_last] + 1, (ends - rest)[is_last] - 1)
    is_same = pixels[rest] == pixels[rest - 1]
    is_same[0] = False
    begins = np.concatenate([[True], is_last[:-1]]) | np.concatenate([[True], ~is_same[:-1]])
    first = np.flatnonzero(is_same & begins)
    stop = np.flatnonzero(is_same & np.concatenate([is_last[:-1] | ~is_same[1:], [True]]))
    is_long = stop - first + 1 >= _SHORTEST
    first, stop = first[is_long], stop[is_long]
    lengths = stop - first + 1
    inside = np.zeros(len(rest) + 1, np.int64)
    inside[first] += 1
    inside[stop + 1] -= 1
    return _Runs(rest[np.cumsum(inside[:-1]) == 0], above, (rest[first], lengths))


def _filled(places: Numbers, size: int) -> Numbers:
    """Add the places of runs that are too short; `places` are in order, the first is 0."""
    gaps = np.diff(np.concatenate([places, [size]])) - 1
    added = [places[(gaps >= step) & (gaps < _SHORTEST)] + step for step in range(1, _SHORTEST)]
    return np.sort(np.concatenate([places, *added]), kind="stable")


@dataclass(frozen=True, slots=True)
class _Copies:
    """Copies in the file's symbols: lengths, what stands behind them, distances."""

    places: Numbers
    symbols: Numbers
    extra: Numbers
    extra_bits: Numbers
    distances: Numbers


def _copies(runs: _Runs) -> _Copies:
    at_above, length_above = _cut(*runs.above)
    at_before, length_before = _cut(*runs.before)
    symbols, extra, extra_bits = _length_symbols(np.concatenate([length_above, length_before]))
    distances = np.repeat([_ABOVE, _BEFORE], [len(at_above), len(at_before)])
    places = np.concatenate([at_above, at_before])
    return _Copies(places, symbols + _LENGTHS, extra, extra_bits, distances)


def _fields(runs: _Runs, colours: Colours, head: list[Field]) -> tuple[NDArray[np.uint64], Numbers]:
    """Give the values and widths of all fields of the file, in order."""
    copies = _copies(runs)
    cache_bits, cached = _cached(colours)
    blue, green, red = (colours >> shift & 0xFF for shift in (0, 8, 16))
    told = np.flatnonzero(cached < 0)
    first = np.concatenate([np.where(cached < 0, green, cached + _CACHE), copies.symbols])
    uses = (
        (first, _CACHE + (1 << cache_bits)), (red[told], 256), (blue[told], 256),
        (np.array([0xFF]), 256), (copies.distances, _DISTANCES),
    )  # fmt: skip
    codes = [make_code(np.bincount(used, minlength=size)) for used, size in uses]
    values, widths = _coded(codes[0], first)
    _append(values, widths, told, *_coded(codes[1], red[told]))
    _append(values, widths, told, *_coded(codes[2], blue[told]))
    behind = np.arange(len(colours), len(first))
    _append(values, widths, behind, copies.extra.astype(np.uint64), copies.extra_bits)
    _append(values, widths, behind, *_coded(codes[4], copies.distances))
    order = np.argsort(np.concatenate([runs.told, copies.places]))
    head = [*head, (1, 1), (cache_bits, 4), (0, 1), *(f for code in codes for f in code.told)]
    begin = np.array(head, np.int64)
    return (
        np.concatenate([begin[:, 0].astype(np.uint64), values[order]]),
        np.concatenate([begin[:, 1], widths[order]]),
    )


def _cut(places: Numbers, lengths: Numbers) -> tuple[Numbers, Numbers]:
    """Cut runs that are longer than a copy may be."""
    counts = -(-lengths // _LONGEST)
    number = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    left = np.repeat(lengths, counts) - number * _LONGEST
    return np.repeat(places, counts) + number * _LONGEST, np.minimum(left, _LONGEST)


def _length_symbols(lengths: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Give the symbols of lengths, and what stands behind each: values and widths."""
    above = np.maximum(lengths - 1, 1)
    high = np.floor(np.log2(above)).astype(np.int64)
    widths = np.maximum(high - 1, 0)
    symbols = np.where(lengths <= 4, lengths - 1, 2 * high + (above >> widths & 1))  # noqa: PLR2004 - as in the source
    widths = np.where(lengths <= 4, 0, widths)  # noqa: PLR2004 - as above
    return symbols, above & ((1 << widths) - 1), widths


def _cached(colours: Colours) -> tuple[int, Numbers]:
    """Give the bits of the colour cache, and of each colour its place there, or -1.

    A colour is there from its second time on, if no other one has its place.
    """
    known, firsts, which = np.unique(colours, return_index=True, return_inverse=True)
    bits = min(len(known).bit_length() + 2, _MOST_CACHE_BITS)
    hashes = (known.astype(np.uint64) | np.uint64(_OPAQUE)) * np.uint64(_MULTIPLIER)
    places = ((hashes & np.uint64(0xFFFFFFFF)) >> np.uint64(32 - bits)).astype(np.int64)
    places[np.bincount(places)[places] > 1] = -1
    found = places[which]
    found[firsts] = -1
    return bits, found


def _coded(code: PrefixCode, symbols: Numbers) -> tuple[NDArray[np.uint64], Numbers]:
    return code.bits[symbols].astype(np.uint64), code.lengths[symbols]


def _append(
    values: NDArray[np.uint64],
    widths: Numbers,
    places: Numbers,
    more: NDArray[np.uint64],
    more_widths: Numbers,
) -> None:
    """Put a field behind those that stand at some places already."""
    values[places] |= more << widths[places].astype(np.uint64)
    widths[places] += more_widths


def _packed(values: NDArray[np.uint64], widths: Numbers) -> bytes:
    """Give the bytes of fields, each at most 64 bits wide."""
    ends = np.cumsum(widths)
    starts = ends - widths
    words = np.zeros(int(ends[-1]) // _WORD + 2, np.uint64)
    shift = (starts % _WORD).astype(np.uint64)
    np.bitwise_or.at(words, starts // _WORD, values << shift)
    over = np.flatnonzero(starts % _WORD + widths > _WORD)
    carried = values[over] >> (np.uint64(_WORD) - shift[over])
    np.bitwise_or.at(words, starts[over] // _WORD + 1, carried)
    return words.astype("<u8").tobytes()[: -(-int(ends[-1]) // 8)]
