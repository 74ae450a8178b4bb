"""The real clock, for the composition of commands and processes."""

import time


class SystemClock:
    """Both times of this machine; a `core.clocks.Clock`."""

    def monotonic_ns(self) -> int:
        """Give CLOCK_MONOTONIC nanoseconds."""
        return time.monotonic_ns()

    def wall_ns(self) -> int:
        """Give nanoseconds since the epoch, UTC."""
        return time.time_ns()
