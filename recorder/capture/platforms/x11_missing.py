"""Counts what one stream announced and the other did not deliver."""

from collections import deque
from typing import Final

GRACE_NS: Final = 1_000_000_000
"""RECORD alone may hold an event for a quarter of a second (measured)."""


class MissingEvents:
    """Compares announced with delivered events.

    Each announcement must be followed by its delivery within the grace; what is still
    open then is missing. Events delivered without an announcement are no loss.
    """

    def __init__(self) -> None:
        self._open: deque[tuple[int, int]] = deque()
        self._ahead = 0
        self._ahead_ns = 0

    def announced(self, t_ns: int, count: int = 1) -> None:
        """Count events that the prompt stream told."""
        taken = min(count, self._ahead)
        self._ahead -= taken
        if count > taken:
            self._open.append((t_ns, count - taken))

    def delivered(self, t_ns: int, count: int = 1) -> None:
        """Count events that the content stream gave."""
        while count and self._open:
            since_ns, waiting = self._open.popleft()
            if waiting > count:
                self._open.appendleft((since_ns, waiting - count))
            count -= min(waiting, count)
        if count:
            self._ahead += count
            self._ahead_ns = t_ns

    def overdue(self, now_ns: int) -> int:
        """Give how many went missing since the last call."""
        missing = 0
        while self._open and now_ns - self._open[0][0] > GRACE_NS:
            missing += self._open.popleft()[1]
        if now_ns - self._ahead_ns > GRACE_NS:
            self._ahead = 0
        return missing

    def restart(self, now_ns: int) -> None:
        """Begin the grace anew: nobody read the streams for a while."""
        self._open = deque((now_ns, count) for _, count in self._open)
