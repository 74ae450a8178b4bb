"""The growth of a long recording, from looks at it."""

import pytest

from benchmarks.endurance import Look, as_text, leaks, slope_mb_per_hour


def _looks(descriptors: int = 20) -> list[Look]:
    """Give eight minutes in which the first two fill caches; then 0.1 MB a minute."""
    sizes = [50.0, 80.0, *(90 + 0.1 * minute for minute in range(6))]
    return [
        Look(60.0 * n, size, 2 * size, descriptors if n == 7 else 20, 9)
        for n, size in enumerate(sizes)
    ]


def test_the_slope_leaves_the_warming_up_out() -> None:
    assert slope_mb_per_hour(_looks()) == pytest.approx(6.0)
    assert slope_mb_per_hour(_looks()[:2]) is None


@pytest.mark.parametrize(("descriptors", "grows"), [(22, False), (23, True)])
def test_descriptors_that_grow_are_a_leak(descriptors: int, *, grows: bool) -> None:
    assert leaks(_looks(descriptors)) is grows


def test_the_table_tells_the_first_and_the_last_hour() -> None:
    told = as_text(_looks(), {"screen": {"scene_changed": 1}})
    assert "first hour        50.0" in told
    assert "6.0 MB an hour" in told
    assert "scene_changed" in told
