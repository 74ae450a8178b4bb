"""Draws text on a page and keeps the pixels of what is private."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks.cases.labelled import Case
from recorder.core.geometry import Rect

Ink = tuple[int, int, NDArray[np.bool_]]
"""Left, top and (H, W) bool: the pixels of one value on the page."""
Colour = tuple[int, int, int]

_DARK_ENOUGH: Final = 96
_IDEOGRAPHS: Final = 0x2E80
_STROKES: Final = 7
_BOLD: Final = {"DejaVuSans.ttf": "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf": "DejaVuSerif-Bold.ttf"}
_ROW: Final = 2.1
"""Height of a row in font sizes."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page looks. Sizes in pixels; an empty font name is Pillow's own font."""

    size_px: int = 14
    ink: Colour = (28, 28, 32)
    paper: Colour = (252, 252, 252)
    line: Colour = (205, 205, 210)
    font: str = ""
    page: tuple[int, int] | None = None
    turned_degrees: float = 0.0
    is_covered: bool = False


class Pen:
    """Draws one page."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self.width, self.height = look.page or (1100, 700)
        self.top = look.size_px * 2
        self._picture = Image.new("RGB", (self.width, self.height), look.paper)
        self._draw = ImageDraw.Draw(self._picture)
        self._font = _font(look.font, look.size_px)
        self._bold = _font(_BOLD.get(look.font, look.font), look.size_px)
        self._values: list[tuple[str, Ink]] = []

    def row(self, rows: float) -> int:
        """Give the height of so many rows."""
        return int(self._look.size_px * _ROW * rows)

    def text(self, x: int, y: int, text: str, *, is_bold: bool = False) -> int:
        """Draw a text; give where it ends."""
        return self._piece(x, y, text, is_bold=is_bold)

    def value(self, x: int, y: int, text: str, kind: str, most_px: int = 0) -> None:
        """Draw a private value, cut off at a width as tables do."""
        while most_px and len(text) > 4 and self._font.getlength(text) > most_px:  # noqa: PLR2004
            text = text[:-1]
        self._piece(x, y, text, kind)

    def case(self, x: int, y: int, case: Case) -> None:
        """Draw a labelled text; its values are kept."""
        at, line_at, left, top = 0, 0, x, y
        marks = [(v.start, v.end, v.kind) for v in case.values]
        for start, end, kind in [*marks, (len(case.text), len(case.text), "")]:
            for name, piece in (("", case.text[at:start]), (kind, case.text[start:end])):
                for number, line in enumerate(piece.replace("\t", "    ").split("\n")):
                    if number:
                        left, top, line_at = x, top + self.row(0.75), line_at + 1
                    left = self._piece(left, top, line, name)
            at = end

    def rule(self, y: int) -> None:
        """Draw a line across."""
        self._draw.line((10, y, self.width - 10, y), fill=self._look.line)

    def box(self, rect: Rect) -> None:
        """Draw the frame of a field."""
        self._draw.rectangle((rect.x, rect.y, rect.right, rect.bottom), outline=self._look.line)

    def finish(self) -> tuple[Image.Image, list[tuple[str, Ink]], Rect | None]:
        """Give the page, its values as they can be seen, and what covers it."""
        picture, values = self._picture, self._values
        if self._look.turned_degrees:
            turned = self._look.turned_degrees
            picture = picture.rotate(turned, Image.Resampling.BICUBIC, fillcolor=self._look.paper)
            values = [(kind, _turned(ink, picture.size, turned)) for kind, ink in values]
        cover = None
        if self._look.is_covered:
            cover = Rect(self.width * 2 // 5, self.height // 6, self.width // 3, self.height // 2)
            ImageDraw.Draw(picture).rectangle(
                (cover.x, cover.y, cover.right - 1, cover.bottom - 1), fill=(120, 130, 150)
            )
            values = [(kind, _uncovered(ink, cover)) for kind, ink in values]
        return picture, [(kind, ink) for kind, ink in values if ink[2].any()], cover

    def _piece(self, x: int, y: int, text: str, kind: str = "", *, is_bold: bool = False) -> int:
        if not text:
            return x
        font = self._bold if is_bold else self._font
        end = x + _write(self._draw, (x, y), text, Stroke(font, self._look.ink))
        if kind and text.strip():
            self._values.append((kind, self._ink(x, y, text, end)))
        return end

    def _ink(self, x: int, y: int, text: str, end: int) -> Ink:
        box = Rect(x - 2, y - 4, end - x + 8, self._look.size_px * 2)
        mask = Image.new("L", (box.w, box.h))
        _write(ImageDraw.Draw(mask), (x - box.x, y - box.y), text, Stroke(self._font, 255))
        dark = np.asarray(mask) > _DARK_ENOUGH
        left, top = max(0, -box.x), max(0, -box.y)
        dark = dark[top : self.height - box.y, left : max(0, self.width - box.x)]
        return box.x + left, box.y + top, dark


Fonts = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def _font(name: str, size_px: int) -> Fonts:
    return ImageFont.truetype(name, size_px) if name else ImageFont.load_default(size_px)


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a text is drawn."""

    font: Fonts
    fill: Colour | int


def _write(draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, stroke: Stroke) -> int:
    """Draw a text; ideographs, for which there may be no font, as strokes. Gives the width."""
    x, y = at
    run = ""
    for char in [*text, ""]:
        if char and ord(char) < _IDEOGRAPHS:
            run += char
            continue
        if run:
            draw.text((x, y), run, font=stroke.font, fill=stroke.fill)
            x += int(stroke.font.getlength(run) + 0.5)
            run = ""
        if char:
            x += _ideograph(draw, (x, y), char, int(stroke.font.getlength("M") * 1.2), stroke.fill)
    return x - at[0]


def _ideograph(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], char: str, side: int, fill: Colour | int
) -> int:
    """Draw strokes that look like an ideograph: the same for the same character."""
    drawn = np.random.default_rng(ord(char)).integers(0, side, (_STROKES, 3))
    for number, (a, b, c) in enumerate(drawn.tolist()):
        low, high = min(a, b), max(a, b) + 3
        ends = (low, c, high, c) if number % 2 else (c, low, c, high)
        draw.line(
            [(at[0] + ends[0], at[1] + ends[1] + 2), (at[0] + ends[2], at[1] + ends[3] + 2)], fill
        )
    return side + 2


def _turned(ink: Ink, size: tuple[int, int], degrees: float) -> Ink:
    left, top, dark = ink
    whole = Image.new("L", size)
    whole.paste(Image.fromarray(dark.astype(np.uint8) * 255), (left, top))
    found = np.asarray(whole.rotate(degrees, Image.Resampling.BICUBIC)) > _DARK_ENOUGH
    rows, columns = np.flatnonzero(found.any(1)), np.flatnonzero(found.any(0))
    if not len(rows):
        return left, top, np.zeros((1, 1), np.bool_)
    part = found[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return int(columns[0]), int(rows[0]), part


def _uncovered(ink: Ink, cover: Rect) -> Ink:
    left, top, dark = ink
    seen = dark.copy()
    rows = slice(max(0, cover.y - top), max(0, cover.bottom - top))
    columns = slice(max(0, cover.x - left), max(0, cover.right - left))
    seen[rows, columns] = False
    return left, top, seen
