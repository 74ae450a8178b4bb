"""Hours of a week, by the local clock on the wall: when recording may go on. Pure."""

import re
from dataclasses import dataclass
from typing import Final

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24:00))")
_WHOLE_DAY: Final = (0, 24 * 60)


class NoHours(ValueError):
    """A text names no days or no hours."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Days and hours of a week.

    Attributes:
        days: Weekdays on which a span begins; Monday is 0.
        spans: (begin, end) in minutes of the day; an end before its begin is on the next day.
    """

    days: frozenset[int]
    spans: tuple[tuple[int, int], ...]

    def holds(self, weekday: int, minute: int) -> bool:
        """Tell whether a minute of the week is within them.

        A shift over midnight belongs to the day on which it began. What counts is what a
        clock on the wall shows: where it is put back, the hour that comes twice counts twice.

        Args:
            weekday: Monday is 0.
            minute: Minute of the day, 0 to 1439.
        """
        return any(self._is_in(span, weekday, minute) for span in self.spans)

    def _is_in(self, span: tuple[int, int], weekday: int, minute: int) -> bool:
        begin, end = span
        if begin < end:
            return weekday in self.days and begin <= minute < end
        is_evening = weekday in self.days and minute >= begin
        return is_evening or ((weekday - 1) % len(_DAYS) in self.days and minute < end)


def read_hours(days: str, hours: str) -> Hours | None:
    """Give the hours of two settings; None, without bounds, when both are empty.

    Args:
        days: `mon-fri`, `mon,wed,sat-sun`; "" for every day.
        hours: `09:00-17:30`, `09:00-12:00,13:00-17:00`, `22:00-06:00`; "" for the whole day.

    Raises:
        NoHours: One of them is nothing of that kind.
    """
    if not days.strip() and not hours.strip():
        return None
    return Hours(read_days(days), read_spans(hours))


def read_days(text: str) -> frozenset[int]:
    """Give the weekdays of a list; all of them for "".

    Raises:
        NoHours: It is no such list.
    """
    if not text.strip():
        return frozenset(range(len(_DAYS)))
    return frozenset(day for part in text.lower().split(",") for day in _days(part.strip()))


def read_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Give (begin, end) in minutes of the day; the whole day for "".

    Raises:
        NoHours: It is no list of spans, or a span ends when it begins.
    """
    if not text.strip():
        return (_WHOLE_DAY,)
    return tuple(_span(part.strip()) for part in text.split(","))


def _days(part: str) -> list[int]:
    first, dash, last = part.partition("-")
    if first not in _DAYS or (dash and last not in _DAYS):
        raise NoHours(part)
    begin = _DAYS.index(first)
    length = (_DAYS.index(last) - begin) % len(_DAYS) if dash else 0
    return [(begin + step) % len(_DAYS) for step in range(length + 1)]


def _span(part: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise NoHours(part)
    begin = int(found[1]) * 60 + int(found[2])
    end = _WHOLE_DAY[1] if found[5] else int(found[3]) * 60 + int(found[4])
    if begin == end:
        raise NoHours(part)
    return begin, end
