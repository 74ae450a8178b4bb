"""A frame that shows what an earlier one showed, after something else has changed."""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from recorder.core.frames import RawFrame
from recorder.core.geometry import Rect
from recorder.core.levels import ScreenLevel
from recorder.core.scenes import Paint, Scene, Window
from recorder.redaction.lines import Pixels
from recorder.redaction.ocr import LineReader
from recorder.redaction.reading import Reading, Word
from recorder.redaction.screens import FrameRedactor
from recorder.redaction.text import TextRedactor

WORD = "zebra7"
WIDTH, HEIGHT = 320, 96
SCENE = Scene(0, windows=(Window(1, Rect(0, 0, 2 * WIDTH, HEIGHT), Paint.REDACT),))


class Reads(LineReader):
    """Reads the same word everywhere; raises when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.error: Exception | None = None
        self.boxes: list[Rect] = []

    def read(self, pixels: Pixels, boxes: Sequence[Rect], deadline_ns: int) -> list[Reading | None]:
        _ = pixels, deadline_ns
        self.boxes = list(boxes)
        if self.error is not None:
            raise self.error
        return [Reading((Word(WORD, 0, box.w, 95.0),)) for box in boxes]


class Screen:
    """Two monitors side by side that show a word, and the redactor that sees them."""

    def __init__(self) -> None:
        self.reader = Reads()
        self.typed: set[str] = set()
        self.redactor = FrameRedactor(
            TextRedactor(),
            lambda _kind, _value: 1,
            ScreenLevel.REDACTED,
            lambda _kind, value: value in self.typed,
            self.reader,
        )

    def kinds(self, monitor: int = 0, scene: Scene = SCENE) -> list[str]:
        """Redact what a monitor shows; give what was painted."""
        picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
        font = ImageFont.load_default(20)
        ImageDraw.Draw(picture).text((40, 40), f"{WORD} {WORD}", fill="black", font=font)
        pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
        pixels[:, :, :3] = np.asarray(picture)
        area = Rect(monitor * WIDTH, 0, WIDTH, HEIGHT)
        frame = RawFrame(pixels.tobytes(), area, monitor, 1.0, 0, 0)
        found = self.redactor.redact(frame, scene, time.monotonic_ns() + 10**10)
        return [box.reason for box in found.boxes]


def test_a_value_that_became_known_is_painted_on_every_monitor() -> None:
    screen = Screen()
    assert (screen.kinds(0), screen.kinds(1)) == ([], [])
    screen.typed.add(WORD)
    screen.redactor.reconsider()
    assert (screen.kinds(0), screen.kinds(1)) == (["PASSWORD_1"], ["PASSWORD_1"])


def test_a_value_that_became_known_is_painted_after_a_frame_that_failed() -> None:
    screen = Screen()
    assert screen.kinds() == []
    screen.typed.add(WORD)
    screen.redactor.reconsider()
    screen.reader.error = MemoryError()
    with pytest.raises(MemoryError):
        screen.kinds()
    screen.reader.error = None
    assert screen.kinds() == ["PASSWORD_1"]


def test_a_line_that_a_window_cut_is_read_whole_when_the_window_went() -> None:
    screen = Screen()
    glass = replace(SCENE.windows[0], window_id=2, rect=Rect(0, 0, 90, HEIGHT))
    screen.kinds()
    whole = list(screen.reader.boxes)
    screen.kinds(scene=replace(SCENE, windows=(glass, *SCENE.windows)))
    assert len(screen.reader.boxes) == len(whole) + 1
    screen.kinds()
    assert screen.reader.boxes == whole
