"""When a capture process that died is started again, and when that is given up. Pure."""

from typing import Final

from recorder.agent.notes import Stream

_FIRST_NS: Final = 100_000_000
_WINDOW_NS: Final = 60 * 10**9
_MOST: Final = 4
"""Deaths within a minute after which the recording pauses instead."""


class Repairs:
    """Counts deaths per stream; waits 0.1, 0.2, 0.4 … seconds before another start."""

    def __init__(self) -> None:
        self._deaths: dict[Stream, list[int]] = {}
        self._due: dict[Stream, int] = {}

    def died(self, stream: Stream, now_ns: int) -> bool:
        """Count a death; True when a restart was scheduled, False when it is given up."""
        recent = [t for t in self._deaths.get(stream, []) if now_ns - t < _WINDOW_NS]
        self._deaths[stream] = [*recent, now_ns]
        if len(recent) >= _MOST:
            self._deaths[stream] = []
            return False
        self._due[stream] = now_ns + _FIRST_NS * 2 ** len(recent)
        return True

    def due(self, now_ns: int) -> list[Stream]:
        """Give the streams to start now; each is given once."""
        found = [stream for stream, at_ns in self._due.items() if at_ns <= now_ns]
        for stream in found:
            del self._due[stream]
        return found

    @property
    def is_due(self) -> bool:
        """Whether a restart is scheduled."""
        return bool(self._due)

    def forget(self) -> None:
        """Cancel what is scheduled: the stretch is over."""
        self._due.clear()

    def recent(self, now_ns: int) -> tuple[Stream, ...]:
        """Give the streams that died within the last minute."""
        return tuple(
            stream
            for stream, deaths in self._deaths.items()
            if any(now_ns - t < _WINDOW_NS for t in deaths)
        )
