"""What changed between two pictures, so that only those lines are looked for again."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from recorder.core.geometry import Rect
from recorder.redaction.lines import Pixels, find_lines
from recorder.redaction.parts import runs

Band = tuple[int, int]
"""First row of a changed stretch and the first row behind it."""

_STRIPE_PX: Final = 64
_AROUND_PX: Final = 32
"""Lines this near to a change are looked for again: they may have been one line with it."""


def changed_bands(before: Pixels, now: Pixels) -> list[Band]:
    """Give the stretches of rows that differ, in order; both pictures have one size."""
    height = now.shape[0]
    changed = np.zeros(height, np.bool_)
    for top in range(0, height, _STRIPE_PX):
        one = before[top : top + _STRIPE_PX].view(np.uint32)
        other = now[top : top + _STRIPE_PX].view(np.uint32)
        if not np.array_equal(one, other):
            changed[top : top + _STRIPE_PX] = (one != other).any(axis=(1, 2))
    return runs(changed)


def refresh_lines(
    picture: Pixels, known: Sequence[Rect], bands: Sequence[Band] | None
) -> list[Rect]:
    """Give the lines of the picture: known ones away from the changes, the rest found anew."""
    stretches = _grown(bands or [], known, picture.shape[0])
    lines = [box for box in known if not _within(box, stretches)]
    for top, bottom in stretches:
        lines += [box.moved(0, top) for box in find_lines(picture[top:bottom])]
    return sorted(lines, key=lambda box: (box.y, box.x))


def _within(box: Rect, stretches: Sequence[Band]) -> bool:
    return any(box.y < bottom and box.bottom > top for top, bottom in stretches)


def _grown(bands: Sequence[Band], known: Sequence[Rect], height: int) -> list[Band]:
    """Widen the bands until no known line lies across an edge; join those that meet."""
    grown: list[Band] = []
    for top, bottom in bands:
        start, end = max(top - _AROUND_PX, 0), min(bottom + _AROUND_PX, height)
        if grown and start <= grown[-1][1]:
            grown[-1] = (grown[-1][0], end)
        else:
            grown.append((start, end))
    settled = [_settle(band, known) for band in grown]
    joined: list[Band] = []
    for band in sorted(settled):
        if joined and band[0] <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], band[1]))
        else:
            joined.append(band)
    return joined


def _settle(band: Band, known: Sequence[Rect]) -> Band:
    top, bottom = band
    while True:
        across = [b for b in known if b.y < bottom and b.bottom > top]
        wider = (min([top, *(b.y for b in across)]), max([bottom, *(b.bottom for b in across)]))
        if wider == (top, bottom):
            return wider
        top, bottom = wider
