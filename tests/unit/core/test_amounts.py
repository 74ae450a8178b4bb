"""Sizes and counts as people read them."""

import pytest

from recorder.core.amounts import count_text, size_text


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 kB"), (1, "1 kB"), (34_304, "34 kB"), (999_499, "999 kB"), (1_000_000, "1.0 MB"),
        (340_000_000, "340.0 MB"), (2_500_000_000, "2.5 GB"),
    ],
)  # fmt: skip
def test_a_size_is_told_in_the_unit_that_fits(size_bytes: int, text: str) -> None:
    assert size_text(size_bytes) == text


def test_a_count_goes_with_its_noun() -> None:
    assert [count_text(n, "click") for n in (0, 1, 1200)] == ["0 clicks", "1 click", "1,200 clicks"]
    assert count_text(2, "label of a task", "labels of tasks") == "2 labels of tasks"
