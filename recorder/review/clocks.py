"""Times and sizes in words, for people; local time."""

from datetime import date, datetime
from typing import Final

SECOND_NS: Final = 1_000_000_000
_MINUTE_S: Final = 60


def local(wall_ns: int) -> datetime:
    """Give the local time of nanoseconds since the epoch."""
    return datetime.fromtimestamp(wall_ns / SECOND_NS).astimezone()


def day_text(day: date) -> str:
    """Give a day as Wednesday, 18 November 2026."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def clock_text(wall_ns: int) -> str:
    """Give the time of day as 14:05:09."""
    return f"{local(wall_ns):%H:%M:%S}"


def length_text(seconds: float) -> str:
    """Give a length as 40 s, 12 min or 2 h 05 min."""
    minutes, rest = divmod(round(seconds), _MINUTE_S)
    if minutes == 0:
        return f"{rest} s"
    if minutes < _MINUTE_S:
        return f"{minutes} min"
    return f"{minutes // _MINUTE_S} h {minutes % _MINUTE_S:02d} min"


def offset_text(t_ns: int) -> str:
    """Give an instant of an episode as 1:02:03."""
    minutes, seconds = divmod(max(0, t_ns) // SECOND_NS, _MINUTE_S)
    return f"{minutes // _MINUTE_S}:{minutes % _MINUTE_S:02d}:{seconds:02d}"
