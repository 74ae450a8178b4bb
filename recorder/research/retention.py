"""Deleting what has been kept for as long as its notice allows."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from recorder.consent.notice import Notice
from recorder.core.each_alone import EachAlone
from recorder.research.access import note_access
from recorder.research.collection import Collection, Held
from recorder.research.dataset_erasing import erase_from_cache, erase_from_datasets
from recorder.research.held import RecordDamaged, held_at, recovered_at
from recorder.research.outbox import Sign, answer_bundle


def due(
    collection: Collection,
    notices: Mapping[str, Notice],
    now: datetime,
    damaged: EachAlone | None = None,
) -> Iterator[Held]:
    """Give the bundles whose time is over, also those whose record is damaged.

    Args:
        collection: Where they are.
        notices: The study's, by SHA-256; a bundle's own decides, else the shortest.
        now: The present time.
        damaged: Notes what has a damaged record and is not due, or cannot be told.
    """
    damaged = damaged or EachAlone()
    for path in collection.paths():
        with damaged.trying(collection.name_of(path)):
            try:
                held, fault = held_at(path), None
            except RecordDamaged as error:
                held, fault = recovered_at(path), error
            end = ends(held, notices)
            if end is not None and end <= now:
                yield held
            elif fault is not None:
                raise fault


def ends(held: Held, notices: Mapping[str, Notice]) -> datetime | None:
    """Give when a bundle goes; None when its notice sets no end."""
    own = notices.get(held.manifest.notice_sha256)
    known = [own] if own else list(notices.values())
    days = [one.terms.retention_days for one in known if one.terms.retention_days]
    return held.arrived + timedelta(days=min(days)) if days else None


def expire(
    collection: Collection,
    notices: Mapping[str, Notice],
    now: datetime,
    sign: Sign,
    damaged: EachAlone | None = None,
) -> list[Held]:
    """Delete what is due, and post a receipt for each; gives what went. Words as in `due`.

    Killed at any instant, the next run goes on: a bundle goes after its receipt is written, and
    after everything that was made of it.
    """
    gone = list(due(collection, notices, now, damaged))
    ids = {held.bundle_id for held in gone}
    for pseudonym in sorted({held.pseudonym for held in gone}):
        episodes = {held.episode_id for held in gone if held.pseudonym == pseudonym}
        erase_from_datasets(collection.folder, pseudonym, lambda bundle, _: bundle in ids)
        erase_from_cache(collection.folder, pseudonym, episodes)
    for held in gone:
        note_access(collection.folder, "delete", held.bundle_id, "retention is over")
        answer_bundle(collection, held.manifest, "expired", sign)
        collection.remove(held, "expired")
    return gone
