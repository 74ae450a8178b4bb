"""Near-identical pictures: difference hashes of which few bits differ."""

import base64
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

NEAR_BITS: Final = 3
"""Of 64. The same page with another clock differs by none to three, other pages by 10 and more
(dHash, https://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html)."""
_BANDS: Final = 4
"""With at most three bits differing, one of four quarters is the same (pigeonhole)."""
_BAND_BITS: Final = 16
_DIGEST_BYTES: Final = 8

Hashes = npt.NDArray[np.int64]
_PAIR: Final = np.dtype([("phash", "<i8"), ("sha", "<u8")])


class NearSet:
    """Hashes that others are compared with."""

    def __init__(self, hashes: Iterable[int]) -> None:
        self.hashes: Hashes = np.unique(np.fromiter(hashes, np.int64))
        self._orders = [np.argsort(_band(self.hashes, n), kind="stable") for n in range(_BANDS)]
        self._keys = [_band(self.hashes, n)[order] for n, order in enumerate(self._orders)]

    def has_near(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Tell of each hash whether one of the set is near."""
        if not self.hashes.size:
            return np.zeros(hashes.size, bool)
        different, back = np.unique(hashes, return_inverse=True)
        near = np.array([self._is_near(one) for one in different], bool)
        return near[back]

    def _is_near(self, one: np.int64) -> bool:
        for number, (order, keys) in enumerate(zip(self._orders, self._keys, strict=True)):
            key = _band(np.array([one]), number)[0]
            first, last = np.searchsorted(keys, [key, key + 1])
            others = self.hashes[order[first:last]]
            bits = np.bitwise_count((others ^ one).view(np.uint64))
            if bits.size and bits.min() <= NEAR_BITS:
                return True
        return False


def _band(hashes: Hashes, number: int) -> npt.NDArray[np.int64]:
    """Give 16 bits of each hash."""
    return (hashes >> (number * _BAND_BITS)) & ((1 << _BAND_BITS) - 1)


def packed(pictures: Iterable[tuple[int, str]]) -> bytes:
    """Give difference hashes and the beginnings of SHA-256s as text for a file's metadata."""
    rows = [
        (phash, int.from_bytes(bytes.fromhex(sha)[:_DIGEST_BYTES], "little"))
        for phash, sha in sorted(set(pictures))
    ]
    return base64.b64encode(np.array(rows, _PAIR).tobytes())


def unpacked(text: bytes) -> Any:  # noqa: ANN401 - a structured array
    """Give the rows of `packed`: `phash`, `sha`."""
    return np.frombuffer(base64.b64decode(text), _PAIR)
