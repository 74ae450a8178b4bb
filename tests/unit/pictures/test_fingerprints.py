"""Fingerprints of raw pictures."""

import os

import pytest

from recorder.pictures.fingerprints import fingerprint


@pytest.mark.parametrize("size", [0, 4, 8188, 8192, 40_004])
def test_equal_pixels_have_one_fingerprint(size: int) -> None:
    pixels = os.urandom(size)
    assert fingerprint(pixels) == fingerprint(bytearray(pixels))
    assert len(fingerprint(pixels)) == 32


@pytest.mark.parametrize("place", [0, 1, 6, 7, 8191, 8192, 20_000, 40_003])
@pytest.mark.parametrize("bit", [1, 128])
def test_every_changed_bit_changes_it(place: int, bit: int) -> None:
    pixels = bytearray(os.urandom(40_004))
    before = fingerprint(pixels)
    pixels[place] ^= bit
    assert fingerprint(pixels) != before


def test_swapped_words_change_it() -> None:
    pixels = bytearray(range(256)) * 64
    before = fingerprint(pixels)
    pixels[:8], pixels[8:16] = pixels[8:16], pixels[:8]
    assert fingerprint(pixels) != before
