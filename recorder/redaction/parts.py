"""Connected parts of a two-tone picture, joined run by run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.bool_]
"""(H, W) bool: where something is drawn."""


@dataclass(slots=True)
class Part:
    """One connected part: sides in cells, top and bottom in pixels; the ends lie outside."""

    left: int
    top: int
    right: int
    bottom: int


def runs(marked: Ink) -> list[tuple[int, int]]:
    """Give start and end of each run in one row; the ends lie outside."""
    inside = np.zeros(len(marked) + 2, np.bool_)
    inside[1:-1] = marked
    edges = np.flatnonzero(inside[1:] != inside[:-1]).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def components(cells: Ink) -> list[Part]:
    """Give the connected parts, in cells sideways and pixels downwards."""
    height, width = cells.shape
    padded = np.zeros((height, width + 2), np.bool_)
    padded[:, 1:-1] = cells
    rows, edges = np.divmod(np.flatnonzero(padded[:, 1:] != padded[:, :-1]), width + 1)
    starts, ends = edges[::2], edges[1::2]
    parts: list[Part] = []
    owner: list[int] = []
    above: list[tuple[int, int, int]] = []
    current: list[tuple[int, int, int]] = []
    last_row = -2
    for row, start, end in zip(rows[::2].tolist(), starts.tolist(), ends.tolist(), strict=True):
        if row != last_row:
            above = current if row == last_row + 1 else []
            current, last_row, seek = [], row, 0
        while seek < len(above) and above[seek][1] <= start:
            seek += 1
        mine = -1
        touching = seek
        while touching < len(above) and above[touching][0] < end:
            root = _root(owner, above[touching][2])
            mine = root if mine < 0 else _merge(parts, owner, mine, root)
            touching += 1
        if mine < 0:
            mine = len(parts)
            parts.append(Part(start, row, end, row + 1))
            owner.append(mine)
        part = parts[mine]
        part.left, part.right = min(part.left, start), max(part.right, end)
        part.bottom = row + 1
        current.append((start, end, mine))
    return [part for index, part in enumerate(parts) if owner[index] == index]


def _root(owner: list[int], index: int) -> int:
    while owner[index] != index:
        owner[index] = owner[owner[index]]
        index = owner[index]
    return index


def _merge(parts: list[Part], owner: list[int], one: int, other: int) -> int:
    if one == other:
        return one
    kept, gone = min(one, other), max(one, other)
    owner[gone] = kept
    a, b = parts[kept], parts[gone]
    a.left, a.top = min(a.left, b.left), min(a.top, b.top)
    a.right, a.bottom = max(a.right, b.right), max(a.bottom, b.bottom)
    return kept
