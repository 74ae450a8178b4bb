"""Titles of browser windows, told only once they surely are the allowed site's. Pure.

A browser names its new page in the window's title before, and its old one until after,
accessibility tells of the other site (both seen with Chromium 156 on a busy machine).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

SETTLED_NS: Final = 600_000_000
"""So long title and site stay the same before the title is told; by then accessibility has
been asked again, which follows a change of title within 150 ms."""


@dataclass(slots=True)
class _Seen:
    title: str = field(repr=False)
    host: str = field(repr=False)
    since_ns: int | None
    told: str = field(repr=False, default="")


class SettledTitles:
    """Remembers the title of each window that shows an allowed site."""

    def __init__(self) -> None:
        self._seen: dict[int, _Seen] = {}

    def tell(self, window: int, title: str, host: str, now_ns: int | None) -> str:
        """Give the title to tell now: the last settled one of the same site, or none.

        `now_ns`: None while it is doubted that the site is still the same.
        """
        seen = self._seen.get(window)
        if seen is None or seen.host != host:
            seen = self._seen[window] = _Seen(title, host, now_ns)
        elif seen.title != title or seen.since_ns is None or now_ns is None:
            seen.title, seen.since_ns = title, now_ns
        elif now_ns - seen.since_ns >= SETTLED_NS:
            seen.told = title
        return seen.told

    def keep(self, windows: Iterable[int]) -> None:
        """Forget all others: they show no allowed site any more."""
        kept = set(windows)
        self._seen = {window: seen for window, seen in self._seen.items() if window in kept}

    @property
    def due_ns(self) -> int | None:
        """When the next title is settled; None when all are told."""
        open_ones = (s.since_ns for s in self._seen.values() if s.told != s.title)
        return min((at_ns + SETTLED_NS for at_ns in open_ones if at_ns is not None), default=None)
