"""A line that changed in a word is read around that word, and says what it shows."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recorder.core.geometry import Rect
from recorder.redaction.lines import Pixels, find_lines
from recorder.redaction.ocr import LineReader
from recorder.redaction.reading import Reading, Word

FOREVER_NS = 1 << 62
BEFORE = "The order for customer Meadow leaves the harbour today at noon"
AFTER = BEFORE.replace("Meadow", "Garden")


class Watched(LineReader):
    """Notes how wide each crop was that it recognised."""

    def __init__(self) -> None:
        super().__init__()
        self.widths: list[int] = []

    def _recognise(self, grey: NDArray[np.uint8], left_px: int) -> tuple[Word, ...]:
        self.widths.append(grey.shape[1])
        return super()._recognise(grey, left_px)


@pytest.fixture(scope="module")
def reader() -> Watched:
    return Watched()


def _shown(text: str, x: int = 20) -> Pixels:
    picture = Image.new("RGB", (700, 40), (255, 255, 255))
    font = ImageFont.load_default(16)
    ImageDraw.Draw(picture).text((x, 10), text, fill=(20, 20, 20), font=font)
    pixels = np.zeros((40, 700, 4), np.uint8)
    pixels[:, :, :3] = np.asarray(picture)[:, :, ::-1]
    return pixels


def _read(reader: LineReader, pixels: Pixels) -> tuple[Rect, Reading]:
    (box,) = find_lines(pixels)
    (reading,) = reader.read(pixels, [box], FOREVER_NS)
    assert reading is not None
    return box, reading


def test_one_new_word_costs_a_part_of_the_line(reader: Watched) -> None:
    assert _read(reader, _shown(BEFORE))[1].text == BEFORE
    reader.widths.clear()
    box, reading = _read(reader, _shown(AFTER))
    assert (reading.text, reading.missed) == (AFTER, ())
    assert sum(reader.widths) < box.w / 2
    alone = _read(LineReader(), _shown(AFTER))[1]
    places = zip(reading.words, alone.words, strict=True)
    assert all(abs(one.x - other.x) <= 3 and abs(one.w - other.w) <= 6 for one, other in places)


def test_a_word_that_grows_while_it_is_typed_is_read_whole(reader: Watched) -> None:
    line = "Please write to Hanne.Brandt"
    for end in range(len("Please write to H"), len(line) + 1):
        said = _read(reader, _shown(line[:end]))[1].text
        assert said.replace(" ", "") == line[:end].replace(" ", "")


def test_a_line_of_known_words_in_another_order_is_not_read(reader: Watched) -> None:
    assert _read(reader, _shown("Garden gate garden gate open gate"))[1].words
    reader.widths.clear()
    assert _read(reader, _shown("Garden gate garden gate open gate", x=50))[1].words
    assert not reader.widths


def test_words_begin_where_they_stand_at_the_screens_left_side(reader: Watched) -> None:
    pixels = _shown("Harbour lights", x=20)[:, 20:]
    box, reading = _read(reader, np.ascontiguousarray(pixels))
    assert box.x <= 3
    assert abs(reading.words[0].x) <= 2
