"""Looks around on threads of its own: whoever decides reads the newest answer, never waits."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from recorder.core.ports import Presence, PresenceSource

_STALE_NS: Final = 5 * 10**9
"""Idle time that was told so long ago tells nothing: its source hangs."""
_JOIN_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Told:
    presence: Presence
    t_ns: int


class Looking:
    """Keeps what each source told last; one thread a source, from `start` to `close`.

    A source that hangs keeps its own thread waiting and nobody else. What it told of a lock
    stands until it tells otherwise.

    Args:
        sources: Who tells.
        changed: Called from their threads when one tells of a lock, or of its end.
    """

    def __init__(
        self,
        sources: Sequence[PresenceSource] = (),
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self._sources = tuple(sources)
        self._changed = changed
        self._told: dict[str, _Told] = {}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to look."""
        for source in self._sources:
            tell = partial(self._tell, source.name)
            thread = threading.Thread(
                target=source.run, args=(tell,), name=f"{source.name}-presence", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def newest(self, now_ns: int) -> Presence:
        """Give what the sources tell together; locked when one of them says so."""
        told = list(self._told.values())
        idle = [
            t.presence.idle_ms
            for t in told
            if t.presence.idle_ms is not None and now_ns - t.t_ns <= _STALE_NS
        ]
        locks = [t.presence.is_locked for t in told if t.presence.is_locked is not None]
        words = sorted({word for t in told for word in t.presence.degraded})
        return Presence(min(idle, default=None), any(locks) if locks else None, tuple(words))

    def close(self) -> None:
        """End the threads; one that hangs is left behind."""
        for source in self._sources:
            source.close()
        for thread in self._threads:
            thread.join(_JOIN_S)

    def _tell(self, name: str, presence: Presence) -> None:
        before = self._told.get(name)
        self._told[name] = _Told(presence, time.monotonic_ns())
        if presence.is_locked is not (before.presence.is_locked if before else None):
            self._changed()
