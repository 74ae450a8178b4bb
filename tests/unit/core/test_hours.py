"""Hours of a week: what a clock on the wall shows decides, also when it is put forward or back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.core.hours import Hours, NoHours, read_hours

MON, FRI, SAT, SUN = 0, 4, 5, 6
BERLIN = ZoneInfo("Europe/Berlin")


def hours(days: str, spans: str) -> Hours:
    found = read_hours(days, spans)
    assert found is not None
    return found


def minutes_within(found: Hours, begin: datetime, length: timedelta) -> list[str]:
    """Give the local minutes within the hours, one real minute after the other."""
    steps = int(length / timedelta(minutes=1))
    local = (
        (begin.astimezone(UTC) + timedelta(minutes=step)).astimezone(BERLIN)
        for step in range(steps)
    )
    return [f"{at:%H:%M}" for at in local if found.holds(at.weekday(), at.hour * 60 + at.minute)]


def test_a_working_week_ends_on_friday_and_begins_on_monday() -> None:
    found = hours("mon-fri", "09:00-17:30")
    assert found.holds(MON, 9 * 60)
    assert found.holds(FRI, 17 * 60 + 29)
    assert not found.holds(FRI, 17 * 60 + 30)
    assert not found.holds(MON, 9 * 60 - 1)
    assert not found.holds(SAT, 12 * 60)


def test_a_shift_over_midnight_belongs_to_the_day_it_began_on() -> None:
    found = hours("mon-fri", "22:00-06:00")
    assert found.holds(FRI, 23 * 60)
    assert found.holds(SAT, 5 * 60 + 59)
    assert not found.holds(SAT, 6 * 60)
    assert not found.holds(SAT, 22 * 60)
    assert not found.holds(MON, 5 * 60)


def test_no_setting_means_no_bounds_and_one_of_them_means_all_of_the_other() -> None:
    assert read_hours("", " ") is None
    assert hours("sat", "").holds(SAT, 0)
    assert not hours("sat", "").holds(FRI, 0)
    assert all(hours("", "09:00-10:00").holds(day, 9 * 60) for day in range(7))


def test_days_may_be_listed_and_go_over_the_weekend() -> None:
    assert hours("Sat-mon, wed", "").days == {SAT, SUN, MON, 2}


def test_an_hour_that_is_skipped_ends_what_would_end_in_it() -> None:
    night = datetime(2026, 3, 29, 1, 57, tzinfo=BERLIN)
    assert minutes_within(hours("", "01:58-02:30"), night, timedelta(minutes=10)) == [
        "01:58", "01:59",
    ]  # fmt: skip
    assert minutes_within(hours("", "02:30-03:02"), night, timedelta(minutes=10)) == [
        "03:00", "03:01",
    ]  # fmt: skip


def test_an_hour_that_comes_twice_counts_twice() -> None:
    night = datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN)
    found = minutes_within(hours("", "02:58-03:01"), night, timedelta(hours=4))
    assert found == ["02:58", "02:59", "02:58", "02:59", "03:00"]


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 10, 25, tzinfo=BERLIN)]
)
def test_a_working_day_is_as_long_as_ever_when_clocks_change(day: datetime) -> None:
    found = minutes_within(hours("sun", "09:00-17:30"), day, timedelta(hours=25))
    assert (len(found), found[0], found[-1]) == (8 * 60 + 30, "09:00", "17:29")


@given(st.integers(1, 1438), st.integers(1, 1438), st.integers(0, 6), st.integers(0, 1439))
def test_a_span_and_the_one_that_fills_the_day_share_no_minute(
    begin: int, end: int, weekday: int, minute: int
) -> None:
    if begin == end:
        end += 1
    every_day = frozenset(range(7))
    one, other = Hours(every_day, ((begin, end),)), Hours(every_day, ((end, begin),))
    assert one.holds(weekday, minute) is not other.holds(weekday, minute)


@pytest.mark.parametrize(
    ("days", "spans"),
    [
        ("", "9-17"), ("", "25:00-26:00"), ("", "09:00-09:00"), ("", "17:60-18:00"),
        ("", "09:00"), ("", "09:00-17:30,"), ("", "always"), ("monday", ""), ("mon-", ""),
        ("fri-xyz", ""), ("mon,,tue", ""), ("", "24:00-06:00"),
    ],
)  # fmt: skip
def test_what_is_no_day_and_no_hour_is_refused(days: str, spans: str) -> None:
    with pytest.raises(NoHours):
        read_hours(days, spans)


def test_a_day_may_end_at_midnight() -> None:
    found = hours("", "18:00-24:00")
    assert found.holds(MON, 1439)
    assert not found.holds(MON, 0)
