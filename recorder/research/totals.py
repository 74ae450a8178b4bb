"""What a collection amounts to: people, sessions, hours, and what is due to go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from recorder.consent.notice import Notice
from recorder.consent.records import EventState
from recorder.core.each_alone import EachAlone
from recorder.research.collection import Collection
from recorder.research.erasing import applied_erasures
from recorder.research.privacy_facts import consents
from recorder.research.retention import ends

SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of a collection.

    Attributes:
        participants: People of whom something is held.
        left: People who withdrew, whether something of theirs is held or not.
        sessions: Episodes, or parts of them, that are held.
        duration_ns: How much time they shared.
        size_bytes: Of what is held, sealed.
        erasures: Erasures that were done and answered.
        erasures_open: Those that have begun and are not done.
        expired: Sessions whose time is over; the next collect or erase deletes them.
        soon: Sessions that go within 30 days.
        next_end: When the next session goes; None when none has an end.
    """

    participants: int
    left: int
    sessions: int
    duration_ns: int
    size_bytes: int
    erasures: int
    erasures_open: int
    expired: int
    soon: int
    next_end: datetime | None


def totals(
    collection: Collection, notices: Mapping[str, Notice], now: datetime, damaged: EachAlone
) -> Totals:
    """Count what a collection holds.

    Args:
        collection: Where it is.
        notices: The study's, by SHA-256; they say how long a session is kept.
        now: The present time.
        damaged: Notes bundles whose record cannot be read; they are not counted.
    """
    people: set[str] = set()
    sessions = duration_ns = size_bytes = expired = soon = 0
    next_end: datetime | None = None
    for held in collection.bundles(damaged=damaged):
        people.add(held.pseudonym)
        sessions += 1
        duration_ns += held.duration_ns
        size_bytes += held.path.stat().st_size
        end = ends(held, notices)
        if end is None:
            continue
        expired += end <= now
        soon += now < end <= now + SOON
        next_end = min(end, next_end or end) if end > now else next_end
    answered = [one.receipt is not None for one in applied_erasures(collection.folder)]
    return Totals(
        participants=len(people),
        left=consents(collection, now).states[EventState.WITHDRAWN.value],
        sessions=sessions,
        duration_ns=duration_ns,
        size_bytes=size_bytes,
        erasures=sum(answered),
        erasures_open=len(answered) - sum(answered),
        expired=expired,
        soon=soon,
        next_end=next_end,
    )
