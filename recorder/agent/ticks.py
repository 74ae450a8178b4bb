"""Rows that time alone brings: wall-clock anchors, and sleep of the machine."""

import time
from collections.abc import Callable
from typing import Final

from recorder.core.clocks import Clock
from recorder.core.context import ContextKind, ContextRow

ANCHOR_NS: Final = 60 * 10**9
_ASLEEP_NS: Final = 10**9
_JUMP_NS: Final = 10**9
"""A wall clock that moved so far against the monotonic one was set by somebody."""


def slept_ns() -> int:
    """Give how long the machine slept so far; the monotonic clock leaves sleep out."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    if clock is None:
        return 0
    return time.clock_gettime_ns(clock) - time.monotonic_ns()


class Ticks:
    """Asked often; tells what is due.

    Args:
        clock: Both times.
        slept: How long the machine slept so far, in nanoseconds.
    """

    def __init__(self, clock: Clock, slept: Callable[[], int] = slept_ns) -> None:
        self._clock = clock
        self._slept = slept
        self._anchor_ns = clock.monotonic_ns()
        self._offset_ns = clock.wall_ns() - self._anchor_ns
        self._slept_ns = slept()

    def due(self) -> list[ContextRow]:
        """Give the rows that time brought since the last call.

        An anchor each minute, after sleep, and when the wall clock jumped.
        """
        now_ns, wall_ns, slept = self._clock.monotonic_ns(), self._clock.wall_ns(), self._slept()
        rows = []
        if slept - self._slept_ns > _ASLEEP_NS:
            rows = [ContextRow(now_ns, ContextKind.SUSPEND), ContextRow(now_ns, ContextKind.RESUME)]
        has_jumped = abs(wall_ns - now_ns - self._offset_ns) > _JUMP_NS
        if rows or has_jumped or now_ns - self._anchor_ns >= ANCHOR_NS:
            self._anchor_ns, self._offset_ns = now_ns, wall_ns - now_ns
            rows.append(ContextRow(now_ns, ContextKind.CLOCK, wall_ns=wall_ns))
        self._slept_ns = slept
        return rows
