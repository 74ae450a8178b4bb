"""What changed between two pictures, so that only those lines are looked for again."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from recorder.core.geometry import Rect
from recorder.redaction.lines import Pixels, find_lines
from recorder.redaction.parts import components

_TILE_H_PX: Final = 32
_TILE_W_PX: Final = 64
_GRID_PX: Final = 8
"""Cells are four pixels wide, of text twice as tall eight; halves begin at even rows."""
_AROUND_PX: Final = 32
"""Lines this near to a change are looked for again: they may have been one line with it."""


def changed_parts(before: Pixels, now: Pixels) -> list[Rect]:
    """Give rectangles that hold all that differs, in whole tiles; both have one size."""
    height, width = now.shape[:2]
    columns = range(0, width, _TILE_W_PX)
    tiles = np.zeros((-(-height // _TILE_H_PX), len(columns)), np.bool_)
    for row, top in enumerate(range(0, height, _TILE_H_PX)):
        one = before[top : top + _TILE_H_PX].view(np.uint32)[:, :, 0]
        other = now[top : top + _TILE_H_PX].view(np.uint32)[:, :, 0]
        if not np.array_equal(one, other):
            tiles[row] = np.logical_or.reduceat((one != other).any(axis=0), columns)
    frame = Rect(0, 0, width, height)
    return [
        Rect(
            part.left * _TILE_W_PX,
            part.top * _TILE_H_PX,
            (part.right - part.left) * _TILE_W_PX,
            (part.bottom - part.top) * _TILE_H_PX,
        ).intersect(frame)
        for part in components(tiles)
    ]


def refresh_lines(picture: Pixels, known: Sequence[Rect], changed: Sequence[Rect]) -> list[Rect]:
    """Give the lines of the picture: known ones away from the changes, the rest found anew."""
    height, width = picture.shape[:2]
    parts = _grown(changed, known, Rect(0, 0, width, height))
    lines = [box for box in known if not any(_meet(box, part) for part in parts)]
    for part in parts:
        inside = picture[part.y : part.bottom, part.x : part.right]
        lines += [box.moved(part.x, part.y) for box in find_lines(inside)]
    return sorted(lines, key=lambda box: (box.y, box.x))


def _grown(changed: Sequence[Rect], known: Sequence[Rect], frame: Rect) -> list[Rect]:
    """Widen the changes until no known line lies across a side and none meets another."""
    parts = [part.grow(_AROUND_PX).intersect(frame) for part in changed]
    while True:
        around = [_on_grid(_around(part, known)).intersect(frame) for part in parts]
        wider = _joined(around)
        if wider == parts:
            return wider
        parts = wider


def _on_grid(part: Rect) -> Rect:
    """Widen a part to where the detector's cells begin on the whole picture: same lines."""
    x, y = part.x // _GRID_PX * _GRID_PX, part.y // _GRID_PX * _GRID_PX
    right, bottom = -(-part.right // _GRID_PX) * _GRID_PX, -(-part.bottom // _GRID_PX) * _GRID_PX
    return Rect(x, y, right - x, bottom - y)


def _around(part: Rect, known: Sequence[Rect]) -> Rect:
    """Give the part with the lines that it meets."""
    for box in known:
        if _meet(box, part):
            part = part.union(box)
    return part


def _joined(parts: Sequence[Rect]) -> list[Rect]:
    """Join parts that meet."""
    joined: list[Rect] = []
    for part in parts:
        whole = part
        while mates := [other for other in joined if _meet(other, whole)]:
            for mate in mates:
                joined.remove(mate)
                whole = whole.union(mate)
        joined.append(whole)
    return joined


def _meet(one: Rect, other: Rect) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )
