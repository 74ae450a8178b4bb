"""Rows that time alone brings: a wall-clock anchor each minute, and sleep of the machine."""

import time
from typing import Final

from recorder.core.clocks import Clock
from recorder.core.context import ContextKind, ContextRow

ANCHOR_NS: Final = 60 * 10**9
_ASLEEP_NS: Final = 10**9


class Ticks:
    """Asked often; tells what is due."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._anchor_ns = clock.monotonic_ns()
        self._slept_ns = _slept_ns()

    def due(self) -> list[ContextRow]:
        """Give the rows that time brought since the last call."""
        now_ns = self._clock.monotonic_ns()
        slept_ns = _slept_ns()
        rows = []
        if slept_ns - self._slept_ns > _ASLEEP_NS:
            rows = [ContextRow(now_ns, ContextKind.SUSPEND), ContextRow(now_ns, ContextKind.RESUME)]
        if rows or now_ns - self._anchor_ns >= ANCHOR_NS:
            self._anchor_ns = now_ns
            rows.append(_clock_row(self._clock))
        self._slept_ns = slept_ns
        return rows


def _clock_row(clock: Clock) -> ContextRow:
    """Give an anchor: the wall clock at this instant."""
    return ContextRow(clock.monotonic_ns(), ContextKind.CLOCK, wall_ns=clock.wall_ns())


def _slept_ns() -> int:
    """Give how long the machine slept so far; the monotonic clock leaves sleep out."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    if clock is None:
        return 0
    return time.clock_gettime_ns(clock) - time.monotonic_ns()
