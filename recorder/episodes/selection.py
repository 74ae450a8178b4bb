"""What a person chose to delete, and the times of the episode that it means. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from recorder.core.context import ContextKind
from recorder.episodes.rows import KEY_GRID_NS

WINDOW_KINDS: Final = frozenset({ContextKind.FOCUS, ContextKind.TITLE})
"""Rows of context that tell the window in force."""
LAG_NS: Final = 250_000_000
"""News of the focus can lag the keys by so much; see capture.timeline."""
END_NS: Final = 2**62
"""Behind every row."""


@dataclass(frozen=True, slots=True, order=True)
class TimeRange:
    """From the first nanosecond of the episode that goes to the first that stays."""

    start_ns: int
    end_ns: int

    def __post_init__(self) -> None:
        if self.end_ns <= self.start_ns:
            raise ValueError("a range ends after it starts")


@dataclass(frozen=True, slots=True)
class TypedSegment:
    """Contiguous key rows, by number: the first and the last that go."""

    first_seq: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of an episode go. What is given together must hold together.

    Attributes:
        ranges: Times of the episode; everything in them.
        app_id: While this app had the focus.
        url_host: While a page of this site, or of one below it, had the focus.
        typed: Key rows alone; nothing else may be given with it.
        alike: Frames elsewhere that show the very picture of one that goes, go too.
    """

    ranges: tuple[TimeRange, ...] = ()
    app_id: str | None = None
    url_host: str | None = None
    typed: TypedSegment | None = None
    alike: bool = False

    def __post_init__(self) -> None:
        by_time = bool(self.ranges) or self.app_id is not None or self.url_host is not None
        if by_time is (self.typed is not None):
            raise ValueError("choose ranges, an app or a site, or one typed segment")


def ranges_of(selection: Selection, context: pa.Table) -> tuple[TimeRange, ...]:
    """Give the times that go, merged and in order; () for a typed segment.

    Key times are floored to a grid, so a range begins one step earlier. News of the focus
    lag, so that of an app or site begins `LAG_NS` before that.

    Args:
        selection: What was chosen.
        context: The whole table; its columns kind, t_ns, app_id and url_host are read.
    """
    wanted = merged(selection.ranges) if selection.ranges else (TimeRange(0, END_NS),)
    if selection.typed is not None:
        return ()
    if selection.app_id is None and selection.url_host is None:
        return merged(_earlier(wanted, KEY_GRID_NS))
    found = merged(_earlier(_focused(selection, context), KEY_GRID_NS + LAG_NS))
    return merged(_common(_earlier(wanted, KEY_GRID_NS), found))


def merged(ranges: Iterable[TimeRange]) -> tuple[TimeRange, ...]:
    """Give the ranges in order, joined where they touch."""
    found: list[TimeRange] = []
    for one in sorted(ranges):
        if found and one.start_ns <= found[-1].end_ns:
            found[-1] = TimeRange(found[-1].start_ns, max(one.end_ns, found[-1].end_ns))
        else:
            found.append(one)
    return tuple(found)


def clipped(ranges: Iterable[TimeRange], end_ns: int) -> tuple[TimeRange, ...]:
    """Give the parts of the ranges that lie within an episode of that length."""
    parts = ((max(one.start_ns, 0), min(one.end_ns, end_ns)) for one in ranges)
    return tuple(TimeRange(start, end) for start, end in parts if start < end)


def within(times_ns: NDArray[np.int64], ranges: tuple[TimeRange, ...]) -> NDArray[np.bool_]:
    """Tell of each time whether it goes. `ranges`: merged."""
    return touching(times_ns, times_ns, ranges)


def touching(
    first_ns: NDArray[np.int64], last_ns: NDArray[np.int64], ranges: tuple[TimeRange, ...]
) -> NDArray[np.bool_]:
    """Tell of each span, both ends included, whether a part of it goes. `ranges`: merged."""
    starts = np.array([one.start_ns for one in ranges], np.int64)
    ends = np.array([one.end_ns for one in ranges] or [0], np.int64)
    at = np.searchsorted(starts, last_ns, side="right") - 1
    return (at >= 0) & (first_ns < ends[np.maximum(at, 0)])


def is_of(selection: Selection, app_id: str | None, url_host: str | None) -> bool:
    """Tell whether a window is one of the app and of the site that were chosen."""
    if selection.app_id is not None and (app_id or "").casefold() != selection.app_id.casefold():
        return False
    if selection.url_host is None:
        return True
    host, wanted = (url_host or "").casefold(), selection.url_host.casefold()
    return host == wanted or host.endswith(f".{wanted}")


def _focused(selection: Selection, context: pa.Table) -> Iterable[TimeRange]:
    """Give the times in which a chosen window had the focus."""
    columns = ("kind", "t_ns", "app_id", "url_host")
    rows = zip(*(context.column(name).to_pylist() for name in columns), strict=True)
    windows = [(t_ns, app, host) for kind, t_ns, app, host in rows if kind in WINDOW_KINDS]
    ends = [t_ns for t_ns, _, _ in windows[1:]] + [END_NS]
    for (t_ns, app, host), end_ns in zip(windows, ends, strict=True):
        if is_of(selection, app, host) and end_ns > t_ns:
            yield TimeRange(t_ns, end_ns)


def _earlier(ranges: Iterable[TimeRange], by_ns: int) -> Iterable[TimeRange]:
    return (TimeRange(one.start_ns - by_ns, one.end_ns) for one in ranges)


def _common(one: Iterable[TimeRange], other: tuple[TimeRange, ...]) -> Iterable[TimeRange]:
    for wanted in one:
        for found in other:
            start_ns = max(wanted.start_ns, found.start_ns)
            end_ns = min(wanted.end_ns, found.end_ns)
            if start_ns < end_ns:
                yield TimeRange(start_ns, end_ns)
