"""What a collection amounts to: people, sessions, hours, and what is due to go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from recorder.consent.notice import Notice
from recorder.consent.records import EventState
from recorder.research.collection import Collection
from recorder.research.erasing import applied_erasures
from recorder.research.privacy_facts import consents
from recorder.research.retention import ends


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of a collection.

    Attributes:
        participants: People of whom something is held.
        left: People who withdrew, whether something of theirs is held or not.
        sessions: Episodes, or parts of them, that are held.
        duration_ns: How much time they shared.
        erasures: Erasures that were done and answered.
        erasures_open: Those that have begun and are not done.
        expired: Sessions whose time is over; the next collect or erase deletes them.
        next_end: When the next session goes; None when none has an end.
    """

    participants: int
    left: int
    sessions: int
    duration_ns: int
    erasures: int
    erasures_open: int
    expired: int
    next_end: datetime | None


def totals(collection: Collection, notices: Mapping[str, Notice], now: datetime) -> Totals:
    """Count what a collection holds.

    Args:
        collection: Where it is.
        notices: The study's, by SHA-256; they say how long a session is kept.
        now: The present time.

    Raises:
        CollectionDamaged: A bundle has lost what stands beside it.
    """
    held = list(collection.bundles())
    dates = [end for one in held if (end := ends(one, notices)) is not None]
    answered = [one.receipt is not None for one in applied_erasures(collection.folder)]
    return Totals(
        participants=len({one.pseudonym for one in held}),
        left=consents(collection, now).states[EventState.WITHDRAWN.value],
        sessions=len(held),
        duration_ns=sum(one.duration_ns for one in held),
        erasures=sum(answered),
        erasures_open=len(answered) - sum(answered),
        expired=sum(end <= now for end in dates),
        next_end=min((end for end in dates if end > now), default=None),
    )
