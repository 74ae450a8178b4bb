"""The growth of a long recording, from looks at it, and what happens in its day."""

from dataclasses import replace

import pytest

from benchmarks.endurance import Look, Outcome, as_text, leaks, slope_mb_per_hour
from benchmarks.whole_day import BREAKS, breaks_of, ends_with_a_stop


def _looks(descriptors: int = 20) -> tuple[Look, ...]:
    """Give an agent of two minutes, then one of eight: two fill caches, then 0.1 MB a minute."""
    first = [Look(n + 1, 1, 60.0 * n, 50.0 + 9 * n, 100.0, 20, 9) for n in range(2)]
    sizes = [50.0, 80.0, *(90 + 0.1 * minute for minute in range(6))]
    second = [
        Look(n + 3, 2, 60.0 * (n + 2), size, 2 * size, descriptors if n == 7 else 20, 9)
        for n, size in enumerate(sizes)
    ]
    return (*first, *second)


def test_the_slope_is_of_the_longest_life_and_leaves_its_warming_up_out() -> None:
    assert slope_mb_per_hour(_looks()) == pytest.approx(6.0)
    assert slope_mb_per_hour(_looks()[:4]) is None


@pytest.mark.parametrize(("descriptors", "grows"), [(22, False), (23, True)])
def test_descriptors_that_grow_are_a_leak(descriptors: int, *, grows: bool) -> None:
    assert leaks(_looks(descriptors)) is grows


def test_a_new_agent_with_more_descriptors_than_the_one_before_is_no_leak() -> None:
    first, *_, last = _looks()
    assert not leaks((first, replace(last, descriptors=first.descriptors + 9)))


def test_the_table_tells_eight_hours_the_first_and_the_last_among_them() -> None:
    told = as_text(Outcome(_looks(), 5, {"lock": 4}, {"screen scene_changed": 1})).splitlines()
    assert told[0].split() == [
        "hour",
        "start",
        "agent",
        "MB",
        "all",
        "MB",
        "descriptors",
        "threads",
    ]
    assert told[1].split() == ["1", "1", "50.0", "100.0", "20", "9"]
    assert told[8].split()[:3] == ["10", "2", "90.5"]
    assert told[9:] == [
        "10 hours of a minute; the agent that ran longest grew 6.0 MB an hour of the clock",
        "episodes: 5; lock 4",
        "lost: screen scene_changed 1",
    ]


def test_a_short_day_has_no_slope_and_may_lose_nothing() -> None:
    told = as_text(Outcome(_looks()[:2], 1, {}, {}))
    assert "too few for a slope" in told
    assert told.endswith("lost: nothing")


@pytest.mark.parametrize("hours", [4, 24])
def test_a_day_has_every_break_and_two_stops_that_leave_most_of_it_whole(hours: int) -> None:
    assert {name for hour in range(hours) for name in breaks_of(hour)} == set(BREAKS)
    stops = [hour for hour in range(hours) if ends_with_a_stop(hour, hours)]
    assert len(stops) == 2
    assert stops[-1] <= hours // 4
