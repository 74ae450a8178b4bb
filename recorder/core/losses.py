"""Losses: every item that was not stored, counted under a fixed reason."""

from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from recorder.core.amounts import count_text


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


LOST: Final = {
    Loss.PLATFORM: "the display server did not deliver them",
    Loss.QUEUE_FULL: "they came too fast",
    Loss.REDACTION_FAILED: "they could not be checked for private content",
    Loss.OVER_BUDGET: "the computer was too busy",
    Loss.SOURCE_DIED: "a part of the recorder ended and was started again",
    Loss.DISPLAY_LOST: "the display went away",
    Loss.WRITE_FAILED: "they could not be written",
    Loss.STALLED: "the recorder stood still",
}
"""What nobody wished for, in words."""
_LEFT_OUT: Final = {
    Loss.SCENE_CHANGED: "windows changed meanwhile",
    Loss.GATE_CLOSED: "something that is never recorded was in front",
    Loss.FORGOTTEN: "you had them forgotten",
    Loss.DELETED: "you deleted them",
    Loss.NOT_APPROVED: "you did not approve them",
    Loss.OTHER_WINDOWS: "they show windows that the study may not have",
    Loss.CONSENT_ENDED: "the consent had ended",
    Loss.UNKNOWN_CONTEXT: "their window was not known",
}
"""What is not stored because it should not be, in words."""
_ITEMS: Final = {"input": "event", "screen": "frame", "context": "window change"}


Counts = Mapping[str, Mapping[str, int]]
"""By stream and reason, as `Losses.by_stream` gives them; reasons of a later version too."""


def lost_count(counts: Counts) -> int:
    """Give how much was lost."""
    kept = (found.items() for found in counts.values())
    return sum(count for items in kept for reason, count in items if reason not in _LEFT_OUT)


def lost_words(counts: Counts) -> str:
    """Give what was lost, in words; "" for nothing."""
    return _in_words(counts, lambda reason: reason not in _LEFT_OUT)


def left_out_words(counts: Counts) -> str:
    """Give what was left out on purpose, in words; "" for nothing."""
    return _in_words(counts, lambda reason: reason in _LEFT_OUT)


def items_text(stream: str, count: int) -> str:
    """Name items of a stream, with their number."""
    return count_text(count, _ITEMS.get(stream, "item"))


def _in_words(counts: Counts, is_told: Callable[[str], bool]) -> str:
    words = {str(reason): told for reason, told in (LOST | _LEFT_OUT).items()}
    return ", ".join(
        f"{items_text(stream, count)} ({words.get(reason, reason)})"
        for stream, found in counts.items()
        for reason, count in found.items()
        if is_told(reason)
    )


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
