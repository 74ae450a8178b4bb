"""Losses: every item that was not stored, counted under a fixed reason."""

from collections import Counter
from enum import StrEnum


class Loss(StrEnum):
    """Why something was not stored. The values are `reason` in gap rows and manifests."""

    PLATFORM = "platform"
    """The display server or hook did not deliver it."""
    QUEUE_FULL = "queue_full"
    """A bounded queue refused it."""
    REDACTION_FAILED = "redaction_failed"
    """A rule or the recogniser raised; the item was dropped."""
    OVER_BUDGET = "over_budget"
    """Frame work fell behind; the frame was dropped."""
    SCENE_CHANGED = "scene_changed"
    """A grab was not bracketed by two equal scenes."""
    GATE_CLOSED = "gate_closed"
    """A frame was grabbed while a secure field or an excluded app had the focus."""
    SOURCE_DIED = "source_died"
    """A capture process ended by itself."""
    DISPLAY_LOST = "display_lost"
    WRITE_FAILED = "write_failed"
    FORGOTTEN = "forgotten"
    DELETED = "deleted"
    """Its owner deleted it from a stored episode; reason of `removed` rows."""
    NOT_APPROVED = "not_approved"
    """Its owner did not approve it; reason of `removed` rows in what is shared."""
    OTHER_WINDOWS = "other_windows"
    """A frame also shows windows that the study may not have; it is left out of what is shared."""
    CONSENT_ENDED = "consent_ended"
    """Captured before the end of the consent was known, and not stored."""
    STALLED = "stalled"
    """The recorder itself stood still: it was stopped, or the machine gave it no time."""
    UNKNOWN_CONTEXT = "unknown_context"
    """Nothing was known about the window in force."""


class Losses:
    """Counts by (stream, reason). Streams: input, screen, context."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Loss]] = Counter()

    def add(self, stream: str, reason: Loss, count: int = 1) -> None:
        """Count lost items."""
        self._counts[stream, reason] += count

    def by_stream(self) -> dict[str, dict[str, int]]:
        """Give the counts as {stream: {reason: count}}, without zeros."""
        found: dict[str, dict[str, int]] = {}
        for (stream, reason), count in sorted(self._counts.items()):
            if count:
                found.setdefault(stream, {})[reason.value] = count
        return found
