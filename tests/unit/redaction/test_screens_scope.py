"""Pixels that belong to no allowed window are all one colour."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from recorder.core.frames import RawFrame
from recorder.core.geometry import Rect
from recorder.core.levels import ScreenLevel
from recorder.core.scenes import LEFT_BEHIND, Paint, Scene, Window
from recorder.pictures import PAINT_VALUE
from recorder.redaction.painting import divide, without_blank
from recorder.redaction.screens import FrameRedactor, FrameUnusable
from recorder.redaction.text import TextRedactor

WIDTH, HEIGHT = 96, 64
AREA = Rect(-20, 10, WIDTH, HEIGHT)

rects = st.builds(
    Rect, st.integers(-60, 90), st.integers(-30, 90), st.integers(1, 120), st.integers(1, 90)
)
stacks = st.lists(
    st.builds(Window, st.integers(1, 99), rects, st.sampled_from(Paint)), max_size=6
).map(tuple)


def _noise() -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(0, 256, (HEIGHT, WIDTH, 4), np.uint8)


def _redact(scene: Scene) -> NDArray[np.uint8]:
    redactor = FrameRedactor(TextRedactor(), lambda _k, _v: 1, ScreenLevel.LAYOUT)
    frame = RawFrame(_noise().tobytes(), AREA, 0, 1.0, 0, 0)
    painted = redactor.redact(frame, scene, 0)
    return np.asarray(Image.open(io.BytesIO(painted.image)).convert("RGB"))


@settings(max_examples=25, deadline=None)
@given(stacks, st.lists(rects, max_size=2).map(tuple))
def test_pixels_out_of_scope_are_one_colour(
    windows: tuple[Window, ...], secure: tuple[Rect, ...]
) -> None:
    scene = Scene(0, windows=windows, secure=secure)
    shown = _redact(scene)
    for y in range(0, HEIGHT, 3):
        for x in range(0, WIDTH, 3):
            top = scene.window_at(x + AREA.x, y + AREA.y)
            hidden = top is None or top.paint is Paint.HIDE
            if hidden or any(r.contains(x + AREA.x, y + AREA.y) for r in secure):
                assert (shown[y, x] == PAINT_VALUE).all()


@settings(max_examples=40, deadline=None)
@given(stacks)
def test_the_areas_cover_the_frame_once(windows: tuple[Window, ...]) -> None:
    areas = divide(Scene(0, windows=windows), AREA)
    count = np.zeros((HEIGHT, WIDTH), np.uint8)
    for rect in areas.hidden + areas.layout + areas.redact:
        count[rect.y : rect.bottom, rect.x : rect.right] += 1
    assert (count == 1).all()


def test_a_frame_of_the_wrong_size_is_refused() -> None:
    redactor = FrameRedactor(TextRedactor(), lambda _k, _v: 1, ScreenLevel.LAYOUT)
    with pytest.raises(FrameUnusable):
        redactor.redact(RawFrame(b"\0" * 8, AREA, 0, 1.0, 0, 0), Scene(0), 0)


def test_no_redactor_exists_for_a_screen_that_is_off() -> None:
    with pytest.raises(ValueError, match="off"):
        FrameRedactor(TextRedactor(), lambda _k, _v: 1, ScreenLevel.OFF)


def test_what_a_hidden_window_left_is_hidden_unless_it_is_blank() -> None:
    left, blank = Window(LEFT_BEHIND, Rect(0, 20, 8, 8), Paint.HIDE), Rect(20, 20, 8, 8)
    below = Window(7, AREA, Paint.REDACT)
    scene = Scene(0, windows=(left, Window(LEFT_BEHIND, blank, Paint.HIDE), below))
    pixels = _noise()
    pixels[10:18, 40:48] = 250
    assert without_blank(scene, pixels, AREA).windows == (left, below)
    assert scene.window_at(1, 21) == below, "the pointer is over the window below"
