"""Paints rectangles in one solid colour and turns a picture into its stored form.

Mosaic and blur can be reversed; a solid colour cannot. Widths lie on a coarse grid, so
that a box does not tell how long the value was.
"""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from recorder.core.frames import PaintedBox
from recorder.core.geometry import Rect
from recorder.core.scenes import LEFT_BEHIND, Paint, Scene
from recorder.pictures import PAINT_GRID_PX, PAINT_VALUE, coded, difference_hash, within
from recorder.redaction.lines import Pixels

_MARGIN_PX: Final = 3


@dataclass(frozen=True, slots=True)
class PaintedFrame:
    """A finished frame.

    Attributes:
        image: Lossless WebP of the painted picture.
        sha256: Hex digest of `image`.
        phash64: Difference hash of the painted picture, signed.
        level: layout or redacted.
        boxes: What was painted, relative to the frame's top left.
    """

    image: bytes = field(repr=False)
    sha256: str
    phash64: int
    level: str
    boxes: tuple[PaintedBox, ...]


@dataclass(frozen=True, slots=True)
class Areas:
    """A frame divided by treatment; rectangles are relative to its top left.

    Attributes:
        hidden: Painted out; the rectangles of the first three do not overlap.
        layout: Every line of text painted.
        redact: Values painted.
        windows: All windows, from the top of the stack down.
    """

    hidden: tuple[Rect, ...]
    layout: tuple[Rect, ...]
    redact: tuple[Rect, ...]
    windows: tuple[Rect, ...]

    def window_of(self, box: Rect) -> int:
        """Give the place in `windows` of the one that shows the box's middle, else -1."""
        x, y = box.x + box.w // 2, box.y + box.h // 2
        return next((at for at, w in enumerate(self.windows) if w.contains(x, y)), -1)


def divide(scene: Scene, frame: Rect) -> Areas:
    """Divide a frame by the topmost window at each pixel; no window means hidden.

    Args:
        scene: Windows from the top of the stack down, virtual desktop pixels.
        frame: The frame's rectangle on the virtual desktop.
    """
    seen = [(w.rect.intersect(frame).moved(-frame.x, -frame.y), w.paint) for w in scene.windows]
    seen = [(rect, paint) for rect, paint in seen if not rect.is_empty]
    xs = sorted({0, frame.w, *(e for rect, _ in seen for e in (rect.x, rect.right))})
    ys = sorted({0, frame.h, *(e for rect, _ in seen for e in (rect.y, rect.bottom))})
    found: dict[Paint, list[Rect]] = {paint: [] for paint in Paint}
    for top, bottom in itertools.pairwise(ys):
        row: list[tuple[Rect, Paint]] = []
        for left, right in itertools.pairwise(xs):
            paint = next((p for rect, p in seen if rect.contains(left, top)), Paint.HIDE)
            piece = Rect(left, top, right - left, bottom - top)
            if row and row[-1][1] is paint:
                piece = row.pop()[0].union(piece)
            row.append((piece, paint))
        for piece, paint in row:
            _stack(found[paint], piece)
    hidden, layout, redact = (tuple(found[p]) for p in (Paint.HIDE, Paint.LAYOUT, Paint.REDACT))
    return Areas(hidden, layout, redact, tuple(rect for rect, _ in seen))


def without_blank(scene: Scene, pixels: Pixels, frame: Rect) -> Scene:
    """Give the scene without areas left behind that show one colour: the server cleared them.

    A program need not draw on an empty ground, so nobody tells that it is its own again.
    """
    windows = tuple(
        w
        for w in scene.windows
        if w.window_id != LEFT_BEHIND or not _is_blank(pixels, w.rect.intersect(frame), frame)
    )
    return scene if len(windows) == len(scene.windows) else replace(scene, windows=windows)


def _is_blank(pixels: Pixels, rect: Rect, frame: Rect) -> bool:
    x, y = rect.x - frame.x, rect.y - frame.y
    inside = pixels[y : y + rect.h, x : x + rect.w, :3]
    return bool((inside == inside[:1, :1]).all())


def _stack(pieces: list[Rect], piece: Rect) -> None:
    """Add a piece; one right above it with the same sides grows instead."""
    for index, above in enumerate(pieces):
        if above.bottom == piece.y and above.x == piece.x and above.w == piece.w:
            pieces[index] = above.union(piece)
            return
    pieces.append(piece)


def secure_boxes(scene: Scene, frame: Rect) -> list[Rect]:
    """Give the secure fields on the frame, relative to its top left."""
    parts = (rect.grow(_MARGIN_PX).intersect(frame) for rect in scene.secure)
    return [part.moved(-frame.x, -frame.y) for part in parts if not part.is_empty]


def paint(pixels: Pixels, rects: Iterable[Rect]) -> None:
    """Fill the rectangles of a picture of our own."""
    for rect in rects:
        pixels[within(rect)] = PAINT_VALUE


@contextmanager
def painted_over(pixels: Pixels, rects: Sequence[Rect]) -> Iterator[None]:
    """Paint the rectangles while it lasts; what was there comes back."""
    under = [pixels[within(rect)].copy() for rect in rects]
    paint(pixels, rects)
    try:
        yield
    finally:
        for rect, was in zip(rects, under, strict=True):
            pixels[within(rect)] = was


def widened(line: Rect, left: int, right: int, frame: Sequence[int]) -> Rect:
    """Give the box to paint over part of a line: margins added, sides on the grid.

    Args:
        line: The text line's box.
        left: First pixel column of what is to go, a character's width included.
        right: First pixel column behind it, likewise.
        frame: Height and width of the frame.
    """
    x = (left - _MARGIN_PX) // PAINT_GRID_PX * PAINT_GRID_PX
    end = -(-(right + _MARGIN_PX) // PAINT_GRID_PX) * PAINT_GRID_PX
    box = Rect(x, line.y - _MARGIN_PX, end - x, line.h + 2 * _MARGIN_PX)
    return box.intersect(Rect(0, 0, frame[1], frame[0]))


def encode(pixels: Pixels, level: str, boxes: Sequence[PaintedBox]) -> PaintedFrame:
    """Give the stored form of a picture that is painted already."""
    image = coded(pixels, level)
    digest = hashlib.sha256(image).hexdigest()
    return PaintedFrame(image, digest, difference_hash(pixels), level, tuple(boxes))
