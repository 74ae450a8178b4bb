"""What redaction of a 1080p frame costs: CPU of one core, peak memory."""

import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

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

Figures = dict[str, object]

_WIDTH, _HEIGHT = 1920, 1080
_FOREVER_NS: Final = 1 << 62
_SCENE: Final = Scene(0, windows=(Window(1, Rect(0, 0, _WIDTH, _HEIGHT), Paint.REDACT),))
_LINES: Final = 50
_ROW_PX: Final = 20


def measure_cpu() -> Figures:
    """Give milliseconds of CPU for each case, and megabytes at the peak."""
    redactor = _redactor(ScreenLevel.REDACTED)
    redactor.redact(_frame(_page("warm up", range(0), lines=1)), _SCENE, _FOREVER_NS)
    page = _page("a")
    found = {"encoding alone": _cpu_ms(lambda: encode(page, "redacted", ()))}
    whole = partial(redactor.redact, _frame(page), _SCENE, _FOREVER_NS)
    found["full first page, 50 lines"] = _cpu_ms(whole)
    changed = {
        "the same page again": page,
        "ten changed lines": _page("b", range(20, 30)),
        "one changed line": _page("c", range(20, 21)),
        "scrolled by one line": np.roll(page, -_ROW_PX, axis=0),
    }
    for name, picture in changed.items():
        whole()
        found[name] = _cpu_ms(partial(redactor.redact, _frame(picture), _SCENE, _FOREVER_NS))
    layout = _redactor(ScreenLevel.LAYOUT)
    found["full first page at layout"] = _cpu_ms(
        partial(layout.redact, _frame(page), _SCENE, _FOREVER_NS)
    )
    return {"cpu_ms": found, "peak_memory_mb": round(_peak_kb() / 1024)}


def _peak_kb() -> int:
    """Give this program's peak; that of `getrusage` counts the program that started it too."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def _redactor(level: ScreenLevel) -> FrameRedactor:
    return FrameRedactor(TextRedactor(), lambda _kind, _value: 1, level)


def _cpu_ms(work: Callable[[], object]) -> int:
    began_s = time.process_time()
    work()
    return round((time.process_time() - began_s) * 1000)


def _page(word: str, changed: range = range(0), lines: int = _LINES) -> NDArray[np.uint8]:
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), (250, 250, 250))
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(14)
    for number in range(lines):
        mark = f"changed {word}" if number in changed else "steady"
        text = f"Row {number}: the {mark} line shows order {number * 7919} and some words"
        pen.text((20, 10 + _ROW_PX * number), text, fill=(30, 30, 30), font=font)
    bgrx = np.zeros((_HEIGHT, _WIDTH, 4), np.uint8)
    bgrx[:, :, :3] = np.asarray(picture)[:, :, ::-1]
    return bgrx


def _frame(picture: NDArray[np.uint8]) -> RawFrame:
    return RawFrame(picture.tobytes(), Rect(0, 0, _WIDTH, _HEIGHT), 0, 1.0, 0, 0)


if __name__ == "__main__":
    print(json.dumps(measure_cpu()))
