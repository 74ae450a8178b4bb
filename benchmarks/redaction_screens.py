"""How much of drawn pages redaction of screens paints over, and what else it paints."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.cases.drawing import Ink
from benchmarks.cases.pages import Page, pages
from benchmarks.cases.words import Part
from benchmarks.shares import share
from recorder.core.frames import RawFrame
from recorder.core.geometry import Monitor, Rect
from recorder.core.levels import ScreenLevel
from recorder.core.scenes import Field, Gate, Paint, Scene, Window
from recorder.redaction.ocr import LineReader
from recorder.redaction.screens import FrameRedactor
from recorder.redaction.text import TextRedactor

Figures = dict[str, object]
FOREVER_NS: Final = 1 << 62

_COVERED: Final = 0.9
"""Share of a value's drawn pixels that must be painted over."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one page."""

    page: Page
    covered: tuple[bool, ...]
    extra: float
    """Share of the page that was painted without need."""

    @property
    def look(self) -> str:
        return self.page.name.partition(",")[0]


def measure_screens(part: Part, seed: int, *, quick: bool) -> Figures:
    """Give recall by kind and by look, clean frames, and other pixels painted."""
    done = list(_outcomes(part, seed, quick=quick))
    known = [outcome for outcome in done if not outcome.page.is_foreign]
    kinds: dict[str, list[bool]] = defaultdict(list)
    looks: dict[str, list[bool]] = defaultdict(list)
    for outcome in done:
        looks[outcome.look] += outcome.covered
        for (kind, _), hit in zip(outcome.page.values, outcome.covered, strict=True):
            if not outcome.page.is_foreign:
                kinds[kind].append(hit)
    return {
        "pages": len(done),
        "clean_pages": share(all(outcome.covered) for outcome in known).as_json(),
        "all": share(hit for hits in kinds.values() for hit in hits).as_json(),
        "recall": {kind: share(hits).as_json() for kind, hits in sorted(kinds.items())},
        "by_look": {look: share(hits).as_json() for look, hits in looks.items()},
        "other_pixels_painted": round(sum(o.extra for o in known) / len(known), 4),
    }


def missed_on_screens(part: Part, seed: int) -> Iterator[str]:
    """Give one line for each page with values left visible, for whoever improves it."""
    for outcome in _outcomes(part, seed, quick=False):
        pairs = zip(outcome.page.values, outcome.covered, strict=True)
        left = [f"{kind} at {ink[0]},{ink[1]}" for (kind, ink), hit in pairs if not hit]
        yield f"{outcome.page.name:28} extra {outcome.extra:.3f}  {', '.join(left)}"


def _outcomes(part: Part, seed: int, *, quick: bool) -> Iterator[_Outcome]:
    text, reader = TextRedactor(), LineReader()
    for page in pages(part, seed, quick=quick):
        redactor = FrameRedactor(text, lambda _k, _v: 1, ScreenLevel.REDACTED, reader=reader)
        frame, scene = on_screen(page)
        painted = np.zeros(page.picture.shape[:2], np.bool_)
        for box in redactor.redact(frame, scene, FOREVER_NS).boxes:
            rect = box.rect
            painted[rect.y : rect.bottom, rect.x : rect.right] = True
        covered = tuple(_is_covered(ink, painted) for _, ink in page.values)
        yield _Outcome(page, covered, _extra(page, painted))
    print(f"screens: {part} done", file=sys.stderr)


def on_screen(page: Page) -> tuple[RawFrame, Scene]:
    """Give a page as the grab of a screen that one allowed window fills."""
    height, width = page.picture.shape[:2]
    area = Rect(0, 0, width, height)
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[:, :, :3] = page.picture[:, :, ::-1]
    windows = [Window(1, area, Paint.REDACT)]
    if page.cover:
        windows.insert(0, Window(2, page.cover, Paint.HIDE))
    scene = Scene(0, (Monitor(0, area),), tuple(windows), (), 1, Gate.OPEN, Field.PLAIN)
    return RawFrame(pixels.tobytes(), area, 0, 1.0, 0, 0), scene


def _is_covered(ink: Ink, painted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> bool:
    left, top, dark = ink
    part = painted[top : top + dark.shape[0], left : left + dark.shape[1]]
    return bool((part & dark).sum() >= _COVERED * dark.sum())


def _extra(page: Page, painted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    wanted = painted.copy()
    for _, (left, top, dark) in page.values:
        wanted[top : top + dark.shape[0], left : left + dark.shape[1]] = False
    if page.cover:
        wanted[page.cover.y : page.cover.bottom, page.cover.x : page.cover.right] = False
    return float(wanted.mean())
