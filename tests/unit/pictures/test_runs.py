"""Pictures coded by runs: what a general decoder reads is what was coded."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from recorder.pictures import coded, decoded
from recorder.pictures.prefix_codes import LONGEST, make_code
from recorder.pictures.runs import Colours, coded_by_runs

_ALL = 1 << 30


def _shown(image: bytes) -> Colours:
    """Give the picture as 0x00RRGGBB, read by Pillow's decoder."""
    with Image.open(io.BytesIO(image)) as picture:
        assert picture.format == "WEBP"
        rgb = np.asarray(picture.convert("RGB")).astype(np.uint32)
    return np.asarray(rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2], np.uint32)


def _read(image: bytes | None) -> Colours:
    assert image is not None
    return _shown(image)


@given(
    st.integers(1, 40), st.integers(1, 40), st.integers(1, 9), st.integers(1, 9),
    st.sampled_from([1, 2, 3, 30, 2000, 2**32 - 1]), st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_every_picture_comes_back(  # noqa: PLR0913, PLR0917 - what a picture is made of
    width: int, height: int, wide: int, high: int, colours: int, seed: int
) -> None:
    made = np.random.default_rng(seed)
    blocks = made.integers(0, colours, (-(-height // high), -(-width // wide)), np.uint32)
    picture = np.kron(blocks, np.ones((high, wide), np.uint32))[:height, :width].copy()
    assert np.array_equal(_read(coded_by_runs(picture, _ALL)), picture & 0xFFFFFF)


def test_runs_longer_than_a_copy_come_back() -> None:
    picture = np.full((200, 300), 0xABCDEF, np.uint32)
    picture[100:, 150:] = 7
    image = coded_by_runs(picture, _ALL)
    assert np.array_equal(_read(image), picture)
    assert image is not None
    assert len(image) < 200


def test_colours_that_share_a_place_of_the_cache_come_back() -> None:
    colours = np.arange(5000, dtype=np.uint32) * 2654435761 & 0xFFFFFF
    picture = np.tile(colours, 2).reshape(100, 100)
    assert np.array_equal(_read(coded_by_runs(picture, _ALL)), picture)


def test_a_picture_of_many_different_pixels_is_left_to_the_general_encoder() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (120, 120, 4), np.uint8)
    assert coded_by_runs(noise.view(np.uint32)[:, :, 0], 5000) is None
    assert np.array_equal(decoded(coded(noise, "layout"))[:, :, :3], noise[:, :, :3])


def test_a_picture_without_text_is_coded_by_runs() -> None:
    pixels = np.full((60, 80, 4), 200, np.uint8)
    pixels[20:30, 10:50] = (1, 2, 3, 0)
    image = coded(pixels, "layout")
    assert image == coded_by_runs(pixels.view(np.uint32)[:, :, 0], _ALL)
    assert np.array_equal(decoded(image)[:, :, :3], pixels[:, :, :3])


def test_a_picture_too_wide_for_webp_is_refused() -> None:
    assert coded_by_runs(np.zeros((1, 16385), np.uint32), _ALL) is None


@pytest.mark.parametrize("used", [2, 3, 24, 40])
def test_no_code_is_longer_than_a_file_can_tell(used: int) -> None:
    counts = np.array([2**at for at in range(used)])
    code = make_code(counts)
    assert code.lengths.max() <= LONGEST
    assert sum(2.0 ** -int(length) for length in code.lengths) == pytest.approx(1)
    assert len(set(zip(code.bits.tolist(), code.lengths.tolist(), strict=True))) == used
