"""Pointer events left out, told in steps of ten; keys are never counted. Pure."""

from typing import Final

STEP: Final = 10
PAUSE_NS: Final = 1_000_000_000
"""At most one count row in this time, whatever the pointer does."""


class LeftOut:
    """Counts what was left out since the last row; the rest below ten is carried on."""

    def __init__(self) -> None:
        self._count = 0
        self._told_ns = 0

    def add(self) -> None:
        """Count one pointer event."""
        self._count += 1

    def take(self) -> int | None:
        """Give the whole tens, None below ten."""
        tens = self._count - self._count % STEP
        self._count -= tens
        return tens or None

    def take_at(self, t_ns: int) -> int | None:
        """Give the whole tens, None below ten or when a row was told just before."""
        if t_ns - self._told_ns < PAUSE_NS or self._count < STEP:
            return None
        self._told_ns = t_ns
        return self.take()
