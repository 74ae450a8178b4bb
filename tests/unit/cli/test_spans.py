"""Times and boxes as people write them."""

import pytest

from recorder.cli.output import UsageError
from recorder.cli.spans import box, clock_text, time_range
from recorder.core.geometry import Rect
from recorder.episodes.selection import END_NS

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "start_s", "end_s"),
    [
        ("10:00..12:30", 600, 750),
        ("1:05:00..1:05:01", 3900, 3901),
        ("90s..2m", 90, 120),
        ("0:00.5..0:01", 0.5, 1),
        ("1.5s..3s", 1.5, 3),
        ("..30s", 0, 30),
        ("2m..1h", 120, 3600),
    ],
)
def test_ranges_are_read(text: str, start_s: float, end_s: float) -> None:
    found = time_range(text)
    assert (found.start_ns, found.end_ns) == (start_s * SECOND, end_s * SECOND)


def test_without_an_end_it_is_the_episodes() -> None:
    assert time_range("1:00..").end_ns == END_NS


@pytest.mark.parametrize("text", ["", "..", "1:00", "2:00..1:00", "1:00..1:00", "a..b", "1:60..2:00", "1:60:00..2:00:00", "-1s..2s"])  # fmt: skip
def test_other_words_are_no_range(text: str) -> None:
    with pytest.raises(UsageError, match="no range"):
        time_range(text)


def test_boxes_are_read() -> None:
    assert box("1, 2,30,40") == Rect(1, 2, 30, 40)


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,0,4", "1,2,3,-4", "a,b,c,d", "1,2,3,4,5", f"1,2,3,{1 << 30}"])  # fmt: skip
def test_other_words_are_no_box(text: str) -> None:
    with pytest.raises(UsageError, match="no box"):
        box(text)


def test_clock_text() -> None:
    assert [clock_text(s * SECOND) for s in (0, 59, 3661)] == ["0:00:00", "0:00:59", "1:01:01"]
