"""Sending no faster than was asked for."""

import time
from collections.abc import Callable
from typing import Final

Sleep = Callable[[float], None]
Now = Callable[[], float]


_MOMENT_S: Final = 0.2


class Pace:
    """Waits after each piece so that the average stays at or below a rate.

    Args:
        bytes_per_s: Above 0; None sends as fast as it goes.
        now: Monotonic seconds.
        sleep: Waits so many seconds.
        look: Called while waiting, once a moment; raises to stop sending.
    """

    def __init__(
        self,
        bytes_per_s: float | None,
        now: Now = time.monotonic,
        sleep: Sleep = time.sleep,
        look: Callable[[], None] | None = None,
    ) -> None:
        self._rate = bytes_per_s
        self._now = now
        self._sleep = sleep
        self._look = look
        self._began: float | None = None
        self._sent = 0

    def spend(self, size_bytes: int) -> None:
        """Count a piece that was sent; comes back when the next one may go."""
        if self._rate is None:
            return
        if self._began is None:
            self._began = self._now()
        self._sent += size_bytes
        while (early_s := self._began + self._sent / self._rate - self._now()) > 0:
            self._sleep(min(early_s, _MOMENT_S))
            if self._look is not None:
                self._look()
