"""Rows that time brings: an anchor each minute, after sleep, and when the clock was set."""

from dataclasses import dataclass

import pytest

from recorder.agent.ticks import Ticks
from recorder.core.context import ContextKind

SECOND = 10**9
CLOCK = [ContextKind.CLOCK]


@dataclass
class HandClock:
    now_ns: int = 1000 * SECOND
    offset_ns: int = 10**18
    slept: int = 5 * SECOND

    def monotonic_ns(self) -> int:
        return self.now_ns

    def wall_ns(self) -> int:
        return self.now_ns + self.offset_ns

    def slept_ns(self) -> int:
        return self.slept


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def ticks(clock: HandClock) -> Ticks:
    return Ticks(clock, clock.slept_ns)


def kinds(ticks: Ticks) -> list[ContextKind]:
    return [row.kind for row in ticks.due()]


def test_an_anchor_comes_each_minute(clock: HandClock, ticks: Ticks) -> None:
    clock.now_ns += 59 * SECOND
    assert kinds(ticks) == []
    clock.now_ns += SECOND
    (row,) = ticks.due()
    assert (row.kind, row.t_ns, row.wall_ns) == (CLOCK[0], clock.now_ns, clock.wall_ns())
    assert kinds(ticks) == []


@pytest.mark.parametrize("step_ns", [2 * SECOND, -2 * SECOND])
def test_a_wall_clock_that_was_set_gives_an_anchor_once(
    clock: HandClock, ticks: Ticks, step_ns: int
) -> None:
    clock.offset_ns += step_ns
    assert kinds(ticks) == CLOCK
    assert kinds(ticks) == []


def test_a_clock_that_drifts_gives_none(clock: HandClock, ticks: Ticks) -> None:
    clock.offset_ns += SECOND // 2
    assert kinds(ticks) == []


def test_sleep_is_told_with_an_anchor(clock: HandClock, ticks: Ticks) -> None:
    clock.slept += 3 * SECOND
    clock.offset_ns += 3 * SECOND
    assert kinds(ticks) == [ContextKind.SUSPEND, ContextKind.RESUME, ContextKind.CLOCK]
    assert kinds(ticks) == []
