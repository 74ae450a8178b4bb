"""Shares of a whole with the interval in which the true share lies."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_Z: Final = 1.959964
"""95 % of a normal distribution lie within as many deviations."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n` cases."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """The share, 0 when there is no case."""
        return self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval (JASA 22, 1927); 0 to 1 when there is no case."""
        if not self.n:
            return 0.0, 1.0
        mid = self.value + _Z**2 / (2 * self.n)
        half = _Z * math.sqrt(self.value * (1 - self.value) / self.n + _Z**2 / (4 * self.n**2))
        whole = 1 + _Z**2 / self.n
        return max(0.0, (mid - half) / whole), min(1.0, (mid + half) / whole)

    def as_json(self) -> list[float]:
        """Give share, n, lower and upper end."""
        low, high = self.interval
        return [round(self.value, 4), self.n, round(low, 4), round(high, 4)]


def share(hits: Iterable[bool]) -> Share:
    """Give the share of what is true."""
    found = list(hits)
    return Share(sum(found), len(found))
