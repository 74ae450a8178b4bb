import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recorder.core.geometry import Rect
from recorder.redaction.changes import changed_parts, refresh_lines
from recorder.redaction.lines import find_lines, split_at


def _pixels(picture: Image.Image) -> NDArray[np.uint8]:
    bgrx = np.zeros((picture.height, picture.width, 4), np.uint8)
    bgrx[:, :, :3] = np.asarray(picture)[:, :, ::-1]
    return bgrx


def _page(texts: list[tuple[int, int, str]], size_px: int, *, dark: bool) -> NDArray[np.uint8]:
    ground, ink = ((25, 25, 28), (200, 200, 200)) if dark else ((255, 255, 255), (60, 60, 60))
    picture = Image.new("RGB", (700, 240), ground)
    pen = ImageDraw.Draw(picture)
    for x, y, text in texts:
        pen.text((x, y), text, fill=ink, font=ImageFont.load_default(size_px))
    return _pixels(picture)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size_px", [9, 12, 16, 22, 30])
def test_each_line_of_text_is_one_box(size_px: int, dark: bool) -> None:  # noqa: FBT001
    step = int(size_px * 1.5)
    texts = [(20, 10 + step * n, f"The quick brown fox {n} jumps") for n in range(4)]
    lines = find_lines(_page(texts, size_px, dark=dark))
    assert len(lines) == 4
    assert all(box.x <= 24 and box.h <= size_px * 1.3 for box in lines)


def test_cells_are_boxes_of_their_own_and_borders_are_none() -> None:
    picture = Image.new("RGB", (600, 200), (255, 255, 255))
    pen = ImageDraw.Draw(picture)
    for y in (20, 80, 140):
        pen.line((10, y, 590, y), fill=(0, 0, 0))
    for x in (10, 300, 590):
        pen.line((x, 20, x, 140), fill=(0, 0, 0))
    font = ImageFont.load_default(14)
    for x in (30, 320):
        for y in (40, 100):
            pen.text((x, y), "Cell text", fill=(0, 0, 0), font=font)
    boxes = find_lines(_pixels(picture))
    assert [(box.x // 10 * 10, box.y // 60) for box in boxes] == [
        (30, 0),
        (320, 0),
        (30, 1),
        (320, 1),
    ]


def test_a_plain_picture_has_no_lines() -> None:
    assert find_lines(np.full((100, 200, 4), 90, np.uint8)) == []


def test_lines_are_cut_at_the_side_of_a_window() -> None:
    cut = split_at([Rect(10, 10, 100, 12)], [Rect(60, 0, 100, 100), Rect(70, 50, 9, 9)])
    assert cut == [Rect(10, 10, 50, 12), Rect(60, 10, 50, 12)]


def test_lines_are_not_cut_at_the_side_of_a_window_that_lies_under_another() -> None:
    line, dialog, under = Rect(10, 10, 100, 12), Rect(0, 0, 150, 60), Rect(0, 0, 60, 200)
    assert split_at([line], [dialog, under]) == [line]
    assert len(split_at([line], [under, dialog])) == 2


def test_only_changed_rows_are_looked_at_again() -> None:
    before = _page([(20, 20, "first line"), (20, 180, "second line")], 14, dark=False)
    now = _page([(20, 20, "first line"), (20, 180, "another line")], 14, dark=False)
    parts = changed_parts(before, now)
    assert all(160 <= part.y < part.bottom <= 224 for part in parts)
    assert refresh_lines(now, find_lines(before), parts) == find_lines(now)
    assert changed_parts(now, now) == []


def test_lines_around_a_change_are_found_as_on_the_whole_picture() -> None:
    rows = [(23 + row % 3, 13 + 19 * row, f"line {row} of a page, iii lll") for row in range(9)]
    before = _page(rows, 11, dark=False)
    rows[4] = (*rows[4][:2], "changed, of another length altogether")
    now = _page(rows, 11, dark=False)
    assert refresh_lines(now, find_lines(before), changed_parts(before, now)) == find_lines(now)


def test_noise_is_covered_in_bounded_work() -> None:
    dots = np.random.default_rng(1).random((540, 960)) < 0.02
    picture = np.zeros((540, 960, 4), np.uint8)
    picture[dots] = 255
    boxes = find_lines(picture)
    assert len(boxes) < 200
    assert sum(box.w * box.h for box in boxes) > 0.9 * 540 * 960
