"""Rectangles and monitors in physical pixels of the virtual desktop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

_MOST_STACKED: Final = 200


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle: left, top, width, height; empty when a side is not positive."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First pixel column that is no longer inside."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First pixel row that is no longer inside."""
        return self.y + self.h

    @property
    def is_empty(self) -> bool:
        """Whether it covers no pixel."""
        return self.w <= 0 or self.h <= 0

    def contains(self, x: int, y: int) -> bool:
        """Tell whether the pixel lies inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def intersect(self, other: Self) -> "Rect":
        """Give the common part, empty when there is none."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        w, h = min(self.right, other.right) - x, min(self.bottom, other.bottom) - y
        return Rect(x, y, max(w, 0), max(h, 0))

    def union(self, other: Self) -> "Rect":
        """Give the smallest rectangle that holds both; an empty one adds nothing."""
        if self.is_empty:
            return Rect(other.x, other.y, other.w, other.h)
        if other.is_empty:
            return Rect(self.x, self.y, self.w, self.h)
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def grow(self, margin_px: int) -> "Rect":
        """Give the rectangle with a margin added on every side."""
        return Rect(
            self.x - margin_px, self.y - margin_px, self.w + 2 * margin_px, self.h + 2 * margin_px
        )

    def moved(self, dx: int, dy: int) -> "Rect":
        """Give the rectangle shifted by whole pixels."""
        return Rect(self.x + dx, self.y + dy, self.w, self.h)


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor: its number in this episode, its rectangle and its scale."""

    monitor_id: int
    rect: Rect
    scale: float = 1.0
    is_primary: bool = False


def monitor_at(monitors: tuple[Monitor, ...], x: int, y: int) -> Monitor | None:
    """Give the monitor that shows the pixel, None when the pixel is on none."""
    return next((m for m in monitors if m.rect.contains(x, y)), None)


def monitor_near(monitors: tuple[Monitor, ...], x: int, y: int) -> Monitor | None:
    """Give the monitor that shows the pixel, else the nearest one; None without any."""
    return min(monitors, key=lambda m: _distance_px(m.rect, x, y), default=None)


def _distance_px(rect: Rect, x: int, y: int) -> int:
    """Give how far a pixel is from a rectangle, along both sides together; 0 inside."""
    across = max(rect.x - x, x - rect.right + 1, 0)
    return across + max(rect.y - y, y - rect.bottom + 1, 0)


def topmost(rects: Sequence[Rect]) -> list[bool]:
    """Tell of each rectangle, from the top of a stack down, whether a pixel of it is seen.

    Paints the stack on a grid of its edges: 0.2 ms for twenty. Of very many all count as seen.
    """
    if len(rects) > _MOST_STACKED:
        return [not rect.is_empty for rect in rects]
    columns = {x: at for at, x in enumerate(sorted({e for r in rects for e in (r.x, r.right)}))}
    rows = {y: at for at, y in enumerate(sorted({e for r in rects for e in (r.y, r.bottom)}))}
    grid = [[-1] * len(columns) for _ in rows]
    for number, rect in reversed(list(enumerate(rects))):
        first, last = columns[rect.x], columns[rect.right]
        for row in grid[rows[rect.y] : rows[rect.bottom]]:
            row[first:last] = [number] * (last - first)
    seen = set().union(*grid)
    return [number in seen for number in range(len(rects))]
