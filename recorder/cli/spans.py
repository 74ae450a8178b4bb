"""Times and boxes on the command line: `10:00..12:30`, `90s..`, `40,60,200,24`."""

import re
from typing import Final

from recorder.cli.fast import duration_s
from recorder.cli.output import UsageError
from recorder.core.geometry import Rect
from recorder.episodes.selection import END_NS, TimeRange

RANGE_HELP: Final = "Times from its beginning, such as 10:00..12:30, 90s..2m or 1:05:00.. ."
_CLOCK: Final = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2}(?:\.\d{1,3})?)")
_SECONDS: Final = re.compile(r"\d{1,7}\.\d{1,3}s?|\d{1,7}s")
_FIX: Final = "write it as 10:00..12:30, 90s..2m or 1:05:00.."
_SIXTY: Final = 60
_SECOND_NS: Final = 1_000_000_000


def time_range(text: str) -> TimeRange:
    """Give the times of `A..B`; without B to the end, without A from the beginning.

    Raises:
        UsageError: It is no range.
    """
    first, dots, last = text.strip().partition("..")
    start_ns = _instant_ns(first, text) if first else 0
    end_ns = _instant_ns(last, text) if last else END_NS
    if not dots or not (first or last) or end_ns <= start_ns:
        raise UsageError(f"{text!r} is no range of times", _FIX)
    return TimeRange(start_ns, end_ns)


def box(text: str) -> Rect:
    """Give the rectangle of `x,y,w,h`, pixels within the frame.

    Raises:
        UsageError: It is no rectangle, or an empty one.
    """
    parts = text.replace(" ", "").split(",")
    try:
        found = Rect(*map(int, parts))
    except (TypeError, ValueError):
        found = Rect(0, 0, 0, 0)
    if found.is_empty or max(map(abs, (found.x, found.y, found.w, found.h))) >= 1 << 20:
        raise UsageError(f"{text!r} is no box", "write x,y,width,height in pixels: 40,60,200,24")
    return found


def clock_text(t_ns: int) -> str:
    """Give a time of an episode as h:mm:ss."""
    minutes, seconds = divmod(max(t_ns, 0) // _SECOND_NS, _SIXTY)
    return f"{minutes // _SIXTY}:{minutes % _SIXTY:02d}:{seconds:02d}"


def _instant_ns(text: str, whole: str) -> int:
    found = _CLOCK.fullmatch(text)
    if found:
        minutes, seconds = int(found[2]), float(found[3])
        if seconds >= _SIXTY or (found[1] and minutes >= _SIXTY):
            raise UsageError(f"{whole!r} is no range of times", _FIX)
        return int((int(found[1] or 0) * _SIXTY**2 + minutes * _SIXTY + seconds) * _SECOND_NS)
    if _SECONDS.fullmatch(text):
        return int(float(text.rstrip("s")) * _SECOND_NS)
    try:
        return int(duration_s(text) * _SECOND_NS)
    except UsageError as cause:
        raise UsageError(f"{whole!r} is no range of times", _FIX) from cause
