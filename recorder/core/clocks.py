"""Two clocks: the monotonic one orders, the wall one dates."""

from typing import Protocol


class Clock(Protocol):
    """Source of both times; tests pass their own."""

    def monotonic_ns(self) -> int:
        """Give CLOCK_MONOTONIC nanoseconds: comparable between processes."""

    def wall_ns(self) -> int:
        """Give nanoseconds since the epoch, UTC."""
