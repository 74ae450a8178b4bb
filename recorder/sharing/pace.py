"""Sending no faster than was asked for."""

import time
from collections.abc import Callable

Sleep = Callable[[float], None]
Now = Callable[[], float]


class Pace:
    """Waits after each piece so that the average stays at or below a rate.

    Args:
        bytes_per_s: Above 0; None sends as fast as it goes.
        now: Monotonic seconds.
        sleep: Waits so many seconds.
    """

    def __init__(
        self, bytes_per_s: float | None, now: Now = time.monotonic, sleep: Sleep = time.sleep
    ) -> None:
        self._rate = bytes_per_s
        self._now = now
        self._sleep = sleep
        self._began: float | None = None
        self._sent = 0

    def spend(self, size_bytes: int) -> None:
        """Count a piece that was sent; comes back when the next one may go."""
        if self._rate is None:
            return
        if self._began is None:
            self._began = self._now()
        self._sent += size_bytes
        early_s = self._began + self._sent / self._rate - self._now()
        if early_s > 0:
            self._sleep(early_s)
