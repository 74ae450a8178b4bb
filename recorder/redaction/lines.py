"""Where text stands on a picture, found from contrast alone, without reading it.

Text is where brightness or colour steps sideways many times on a small area. The detector
never asks a recogniser, so a line in any script is found, read or painted.
"""

import itertools
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recorder.core.geometry import Rect
from recorder.redaction.parts import Ink, Part, components, runs

Pixels = NDArray[np.uint8]
"""(H, W, 4) uint8 BGRX."""

_STEP: Final = 22
"""Least step of one colour channel between neighbours; grey hints on white give 30 and more."""
_CHANNELS: Final = 4
_COLOURS: Final = np.array([1, 1, 1, 0], np.uint8).view(np.uint32)[0]
"""Three flags of a pixel; what its fourth byte holds is not seen."""
_RULE_HEIGHT_PX: Final = 26
"""Upright strokes at least this tall are borders or huge letters, not 9-30 px text."""
_CELL_PX: Final = 4
_GAP_CELLS: Final = 3
"""Letters and words at most this many cells apart touch."""
_SPECK_PX: Final = 2
_SPECK_CELLS: Final = 2
_MOST_PARTS: Final = 4000
"""A screen full of small type has some 500 parts; more is a photograph or noise."""
_BLOCK_PX: Final = 128
_LEAST_HEIGHT_PX: Final = 5
_LEAST_CORE_DISTANCE_PX: Final = 8
"""Two text lines are at least this far apart, middle to middle."""
_JOIN_SHARE: Final = 0.9
"""Parts at most this share of their height apart are one line; cells stand wider."""


def find_lines(pixels: Pixels) -> list[Rect]:
    """Give the boxes of all text lines, tight around their ink, from top to bottom.

    Cells of a table, and words further apart than a line is high, are boxes of their own.
    """
    ink = find_ink(pixels)
    found = _lines_of(ink)
    tall = _lines_of(_halve(ink))
    for box in tall:
        large = Rect(box.x * 2, box.y * 2, box.w * 2, box.h * 2)
        if large.h >= _RULE_HEIGHT_PX and not any(_covers(line, large) for line in found):
            found.append(large)
    return sorted(found, key=lambda box: (box.y, box.x))


def split_at(boxes: list[Rect], windows: Sequence[Rect]) -> list[Rect]:
    """Cut lines where the visible side of a window runs through them.

    Args:
        boxes: Lines.
        windows: From the top of the stack down; the side of one that lies under another
            is not seen, and a value cut there would be judged in halves.
    """
    parts: list[Rect] = []
    for box in boxes:
        near = [w for w in windows if w.y < box.bottom and w.bottom > box.y]
        sides = {x for w in near for x in (w.x, w.right) if box.x < x < box.right}
        rows = (box.y, box.y + box.h // 2, box.bottom - 1)
        seen = (x for x in sides if any(_at(near, x - 1, y) != _at(near, x, y) for y in rows))
        cuts = [box.x, *sorted(seen), box.right]
        parts += [Rect(a, box.y, b - a, box.h) for a, b in itertools.pairwise(cuts)]
    return parts


def _at(windows: Sequence[Rect], x: int, y: int) -> int:
    """Give the place of the topmost window at a pixel, -1 for none."""
    return next((at for at, window in enumerate(windows) if window.contains(x, y)), -1)


def find_ink(pixels: Pixels) -> Ink:
    """Give where a colour channel steps sideways; works on dark and light alike.

    Compares rows byte by byte, whole pixels at the end: a quarter of the time.
    """
    height, width = pixels.shape[:2]
    ink = np.zeros((height, width), np.bool_)
    for top in range(0, height, 64):
        part = pixels[top : top + 64]
        row = part.reshape(len(part), -1)
        right, left = row[:, _CHANNELS:], row[:, :-_CHANNELS]
        step = np.maximum(right, left)
        step -= np.minimum(right, left)
        strong = (step >= _STEP).view(np.uint32)
        np.not_equal(strong & _COLOURS, 0, out=ink[top : top + 64, 1:])
    return ink


def _lines_of(ink: Ink) -> list[Rect]:
    strokes = ink & ~_rules(ink)
    return _lines_in(strokes, components(_close(_cells(strokes))))


def _covers(line: Rect, other: Rect) -> bool:
    common = line.intersect(other)
    return common.w * common.h * 2 > other.w * other.h


def _halve(ink: Ink) -> Ink:
    height, width = (side // 2 * 2 for side in ink.shape)
    even = ink[:height, :width]
    rows = even[::2] | even[1::2]
    return np.asarray(rows[:, ::2] | rows[:, 1::2])


def _cells(ink: Ink) -> Ink:
    """Give (H, ceil(W / 4)): whether a cell holds ink."""
    height, width = ink.shape
    padded = -width % _CELL_PX
    if padded:
        ink = np.pad(ink, ((0, 0), (0, padded)))
    packed = ink.view(np.uint8).reshape(height, -1, _CELL_PX).view(np.uint32)[:, :, 0]
    return np.asarray(packed != 0)


def _rules(ink: Ink) -> Ink:
    """Give the ink that belongs to upright strokes of `_RULE_HEIGHT_PX` and more."""
    size = _RULE_HEIGHT_PX
    if ink.shape[0] < size:
        return np.zeros_like(ink)
    tall, reach = ink, 1
    while reach < size:
        shift = min(reach, size - reach)
        tall = tall[:-shift] & tall[shift:]
        reach += shift
    found = np.zeros_like(ink)
    found[: tall.shape[0]] = tall
    reach = 1
    while reach < size:
        shift = min(reach, size - reach)
        found[shift:] |= found[:-shift].copy()
        reach += shift
    return found


def _close(cells: Ink) -> Ink:
    """Fill sideways gaps of up to `_GAP_CELLS` cells."""
    closed = cells.copy()
    for gap in range(1, _GAP_CELLS + 1):
        both = cells[:, : -gap - 1] & cells[:, gap + 1 :]
        for offset in range(1, gap + 1):
            closed[:, offset : offset + both.shape[1]] |= both
    return closed


def _lines_in(ink: Ink, parts: list[Part]) -> list[Rect]:
    """Give tight boxes; parts that hold several lines are split, neighbours joined."""
    boxes: list[Rect] = []
    parts = [part for part in parts if not _is_speck(part)]
    if len(parts) > _MOST_PARTS:
        return _blocks(ink, parts)
    for part in parts:
        left, right = part.left * _CELL_PX, min(part.right * _CELL_PX, ink.shape[1])
        for top, bottom in _split(ink[part.top : part.bottom, left:right]):
            box = _tight(ink, Rect(left, part.top + top, right - left, bottom - top))
            if not box.is_empty:
                boxes.append(box)
    return [box for box in join_neighbours(boxes) if box.h >= _LEAST_HEIGHT_PX]


def _is_speck(part: Part) -> bool:
    """Tell whether it is too small to be more than a dot; margins cover those of letters."""
    return part.bottom - part.top <= _SPECK_PX and part.right - part.left <= _SPECK_CELLS


def _blocks(ink: Ink, parts: list[Part]) -> list[Rect]:
    """Give coarse blocks that hold the parts: for photographs and noise."""
    height, width = ink.shape
    places = {
        (y // _BLOCK_PX, x // _BLOCK_PX)
        for part in parts
        for y in range(part.top, part.bottom + _BLOCK_PX - 1, _BLOCK_PX)
        for x in range(part.left * _CELL_PX, part.right * _CELL_PX + _BLOCK_PX - 1, _BLOCK_PX)
    }
    frame = Rect(0, 0, width, height)
    size = _BLOCK_PX
    blocks = (Rect(x * size, y * size, size, size).intersect(frame) for y, x in sorted(places))
    return [block for block in blocks if not block.is_empty]


def _tight(ink: Ink, box: Rect) -> Rect:
    inside = ink[box.y : box.bottom, box.x : box.right]
    columns = np.flatnonzero(inside.any(axis=0))
    rows = np.flatnonzero(inside.any(axis=1))
    if not columns.size:
        return Rect(box.x, box.y, 0, 0)
    left, top = int(columns[0]), int(rows[0])
    return Rect(box.x + left, box.y + top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1)


def _split(ink: Ink) -> list[tuple[int, int]]:
    """Give the vertical ranges of the text lines that touch each other in one part.

    The rows of small letters hold the most ink; between two such bands the row with the
    least ink parts the lines.
    """
    height = ink.shape[0]
    if height < 2 * _LEAST_CORE_DISTANCE_PX:
        return [(0, height)]
    profile = ink.sum(axis=1)
    cores = runs(profile >= np.maximum(_rolling_max(profile) * 0.5, 1))
    cuts = [0]
    last = cores[0]
    for core in cores[1:]:
        if sum(core) - sum(last) < 2 * _LEAST_CORE_DISTANCE_PX:
            last = (last[0], core[1])
            continue
        between = profile[last[1] : core[0]]
        if between.size and between.min() * 4 <= min(
            profile[slice(*last)].max(), profile[slice(*core)].max()
        ):
            cuts.append(last[1] + int(between.argmin()))
            last = core
        else:
            last = (last[0], core[1])
    return list(zip(cuts, [*cuts[1:], height], strict=True))


def _rolling_max(profile: NDArray[np.int64], reach: int = 12) -> NDArray[np.int64]:
    padded = np.pad(profile, reach)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.asarray(windows.max(axis=1))


def join_neighbours(boxes: list[Rect]) -> list[Rect]:
    """Join boxes of one row that stand closer than a share of their height."""
    boxes = sorted(boxes, key=lambda box: box.x)
    joined: list[Rect] = []
    open_boxes: list[Rect] = []
    for box in boxes:
        mate = next((other for other in open_boxes if _belongs(other, box)), None)
        if mate is not None:
            open_boxes.remove(mate)
            box = mate.union(box)  # noqa: PLW2901 - the grown box takes the place of both
        gone = [other for other in open_boxes if other.right + 80 < box.x]
        joined.extend(gone)
        open_boxes = [other for other in open_boxes if other.right + 80 >= box.x]
        open_boxes.append(box)
    return joined + open_boxes


def _belongs(left: Rect, right: Rect) -> bool:
    shared = min(left.bottom, right.bottom) - max(left.y, right.y)
    height = max(left.h, right.h)
    if shared * 2 < min(left.h, right.h) or left.union(right).h > height * 1.5:
        return False
    return right.x - left.right <= max(_JOIN_SHARE * height, _GAP_CELLS * _CELL_PX)
