"""The X server's clock (u32 milliseconds, wraps every 49.7 days) as monotonic time."""

from collections import deque
from typing import Final

_WRAP_MS: Final = 1 << 32
_NS_PER_MS: Final = 1_000_000
WINDOW_NS: Final = 30_000_000_000
"""Long enough to hold a quiet moment, short enough to follow a drifting clock."""


class ServerClock:
    """Maps server time to CLOCK_MONOTONIC by the smallest delay seen of late.

    What arrives is never early, so the smallest `arrival - server time` of a sliding
    window is the offset plus the shortest way. Stamps never fall and never lie in the
    future of the newest arrival.
    """

    def __init__(self) -> None:
        self._last_ms: int | None = None
        self._smallest: deque[tuple[int, int]] = deque()
        self._last_stamp_ns = 0

    def sample(self, server_ms: int, arrival_ns: int) -> None:
        """Learn from one server time and when it arrived."""
        offset = arrival_ns - self._unwrap(server_ms) * _NS_PER_MS
        while self._smallest and self._smallest[-1][1] >= offset:
            self._smallest.pop()
        self._smallest.append((arrival_ns, offset))
        while self._smallest[0][0] < arrival_ns - WINDOW_NS:
            self._smallest.popleft()

    def stamp(self, server_ms: int) -> int:
        """Give absolute monotonic nanoseconds; wants one sample before."""
        stamp_ns = self._unwrap(server_ms) * _NS_PER_MS + self._smallest[0][1]
        self._last_stamp_ns = max(stamp_ns, self._last_stamp_ns)
        return self._last_stamp_ns

    def _unwrap(self, server_ms: int) -> int:
        if self._last_ms is None:
            self._last_ms = server_ms
            return server_ms
        step = (server_ms - self._last_ms + _WRAP_MS // 2) % _WRAP_MS - _WRAP_MS // 2
        unwrapped = self._last_ms + step
        self._last_ms = max(self._last_ms, unwrapped)
        return unwrapped
