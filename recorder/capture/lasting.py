"""Words that have stood for a while; a window that just opens is no trouble. Pure."""

from collections.abc import Iterable
from typing import Final

LASTING_NS: Final = 3_000_000_000
"""Applications register with accessibility within two seconds of their first window."""


class Lasting:
    """Tells what stands for three seconds without a break."""

    def __init__(self) -> None:
        self._since: dict[str, int] = {}
        self.due_ns: int | None = None
        """When the next word will have stood long enough; None: no need to look again."""

    def feed(self, words: Iterable[str], now_ns: int) -> tuple[str, ...]:
        """Give those of the words that have stood long enough, sorted."""
        self._since = {word: self._since.get(word, now_ns) for word in words}
        dues = [at + LASTING_NS for at in self._since.values() if at + LASTING_NS > now_ns]
        self.due_ns = min(dues, default=None)
        return tuple(sorted(w for w, at in self._since.items() if now_ns - at >= LASTING_NS))
