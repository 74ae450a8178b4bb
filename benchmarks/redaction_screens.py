"""Times and memory of screen redaction on a 1080p page; prints one row per case.

usage: .venv/bin/python benchmarks/redaction_screens.py

Times are CPU of one core. Where a machine's speed would decide, a ratio to the cost of
encoding the same picture is printed beside them.
"""

import resource
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recorder.core.frames import RawFrame
from recorder.core.geometry import Rect
from recorder.core.levels import ScreenLevel
from recorder.core.scenes import Paint, Scene, Window
from recorder.redaction.painting import encode
from recorder.redaction.screens import FrameRedactor
from recorder.redaction.text import TextRedactor

WIDTH, HEIGHT = 1920, 1080
FOREVER_NS = 1 << 62
SCENE = Scene(0, windows=(Window(1, Rect(0, 0, WIDTH, HEIGHT), Paint.REDACT),))


def main() -> None:
    """Run every case and print its row."""
    redactor = FrameRedactor(TextRedactor(), lambda _k, _v: 1, ScreenLevel.REDACTED)
    redactor.redact(_frame(_page(1, "warm up")), SCENE, FOREVER_NS)
    page = _page(50, "a")
    unit_s = _cpu_s(lambda: encode(page, "redacted", ()))
    cases = [
        ("full first page, 50 lines", page),
        ("the same page again", page),
        ("ten changed lines", _page(50, "b", changed=range(20, 30))),
        ("one changed line", _page(50, "c", changed=range(20, 21))),
        ("scrolled by one line", np.roll(_page(50, "c", changed=range(20, 21)), -20, axis=0)),
    ]
    print(f"{'case':28}{'CPU ms':>9}{'x encode':>10}")
    print(f"{'encode alone':28}{unit_s * 1e3:9.0f}{1.0:10.1f}")
    for name, picture in cases:
        frame = _frame(picture)
        spent_s = _cpu_s(partial(redactor.redact, frame, SCENE, FOREVER_NS))
        print(f"{name:28}{spent_s * 1e3:9.0f}{spent_s / unit_s:10.1f}")
    layout = FrameRedactor(TextRedactor(), lambda _k, _v: 1, ScreenLevel.LAYOUT)
    spent_s = _cpu_s(lambda: layout.redact(_frame(page), SCENE, FOREVER_NS))
    print(f"{'full first page at layout':28}{spent_s * 1e3:9.0f}{spent_s / unit_s:10.1f}")
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{'peak memory MB':28}{peak_kb / 1024:9.0f}")


def _cpu_s(work: Callable[[], object]) -> float:
    began_s = time.process_time()
    work()
    return time.process_time() - began_s


def _page(lines: int, word: str, changed: range = range(0)) -> NDArray[np.uint8]:
    picture = Image.new("RGB", (WIDTH, HEIGHT), (250, 250, 250))
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(14)
    for number in range(lines):
        mark = f"changed {word}" if number in changed else "steady"
        text = f"Row {number}: the {mark} line shows order {number * 7919} and some words"
        pen.text((20, 10 + 20 * number), text, fill=(30, 30, 30), font=font)
    bgrx = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    bgrx[:, :, :3] = np.asarray(picture)[:, :, ::-1]
    return bgrx


def _frame(picture: NDArray[np.uint8]) -> RawFrame:
    return RawFrame(picture.tobytes(), Rect(0, 0, WIDTH, HEIGHT), 0, 1.0, 0, 0)


if __name__ == "__main__":
    main()
