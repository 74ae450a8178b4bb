"""Erasing what participants ask for: from the collection, its datasets and caches.

First it is remembered that it must not come again, then it goes, then a signed receipt says
so. `<collection>/erasures/<pseudonym>/<notice_id>.json` tells how far it got: killed at any
instant, the next run goes on. A notice may come twice, late, or before what it speaks of.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.consent.chain import foreign_ledger
from recorder.consent.errors import ConsentUntrusted
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.core.ids import is_ulid, ulid
from recorder.core.strict import Strict
from recorder.files import private_folder, read_regular, write_whole
from recorder.research.access import note_access
from recorder.research.collection import Collection, Place, utc_now
from recorder.research.dataset_erasing import Cleaned, erase_from_cache, erase_from_datasets
from recorder.research.datasets import dataset_folders, read_dataset, uses
from recorder.research.drop_copies import remove_copies
from recorder.research.held import RecordDamaged, held_at, place_at
from recorder.research.outbox import Sign, post
from recorder.research.participants import MOST_EPISODES, Erased, Participant
from recorder.research.quarantine import release_of
from recorder.sharing.drops import Drop
from recorder.sharing.erasure_notice import CheckedNotice, NoticeRefused, check_notice
from recorder.sharing.statements import RECEIPT_TYPE, ErasureNotice, Receipt, Time, Ulid

ERASURES: Final = "erasures"
_LIMIT_BYTES: Final = 16_000_000
_PURPOSE: Final = "erasure that the participant asked for"
_WHOLE: Final = "the whole episode went, since a bundle is sealed; the rest may be shared again"
_LEFT: Final = "a sealed copy is left in the drop, where it may not be deleted"
_OLDEST: Final = "0001-01-01T00:00:00+00:00"


class AppliedErasure(Strict):
    """How far an erasure got.

    Attributes:
        arrived: When the notice was first seen.
        bundles: Those that were held and went.
        shards: Files of datasets that went.
        exports: Datasets that were given away before, which erasing cannot reach.
        left_in_drop: Sealed copies that could not be taken out of the drop.
        receipt: What the participant is told; None while something may be left.
    """

    schema_name: Literal["recorder.applied-erasure/1"] = Field(
        "recorder.applied-erasure/1", alias="schema"
    )
    notice: ErasureNotice
    arrived: Time
    bundles: tuple[Ulid, ...] = ()
    shards: int = 0
    datasets_lost: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    left_in_drop: tuple[str, ...] = ()
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """Where erasures are done, and who answers for it.

    Attributes:
        collection: Held by this program.
        audiences: Hex public keys of the controller.
        sign: The controller's.
    """

    collection: Collection
    audiences: Sequence[str]
    sign: Sign


def erase_for(office: Office, data: bytes, drop: Drop | None) -> AppliedErasure:
    """Do what a notice asks; its receipt waits in the outbox then.

    Args:
        office: Where, and who answers.
        data: The notice's tar, as it came.
        drop: Where it came from; the participant's bundles go from there too.

    Raises:
        NoticeRefused: It is not the participant's; nothing was erased.
        CollectionDamaged: What is remembered of the participant cannot be read.
        DropUnreachable: The drop cannot be looked into, so copies may be left; call again.
        PlaceUnreachable: A dataset's files are left in another place; call again.
        OSError: Something may be left; call again.
    """
    collection = office.collection
    checked = check_notice(data, collection.study, office.audiences)
    found = _begun(office, checked)
    if found.receipt is None:
        _remember(collection.participant(found.notice.pseudonym), checked, drop)
        found = _finish(office, found, drop)
    if found.receipt is not None:
        receipt = found.receipt
        envelope = office.sign(receipt.payload(), RECEIPT_TYPE)
        post(collection, "receipts", receipt.pseudonym, receipt.receipt_id, envelope)
    return found


def applied_erasures(collection: Path) -> Iterator[AppliedErasure]:
    """Give the erasures of a collection, by participant and time; a damaged one is left out."""
    for place in sorted((collection / ERASURES).glob("p*")):
        for path in sorted(place.glob("*.json")):
            found = _read(path)
            if found is not None:
                yield found


def is_done(collection: Path, pseudonym: str, notice_id: str) -> bool:
    """Tell whether a notice of that name was done and answered before."""
    if not is_ulid(notice_id):
        return False
    found = _read(_path(collection, pseudonym, notice_id))
    return found is not None and found.receipt is not None


def _begun(office: Office, checked: CheckedNotice) -> AppliedErasure:
    """Give how far this notice got, or that it begins."""
    notice = checked.notice
    known = _read(_path(office.collection.folder, notice.pseudonym, notice.notice_id))
    if known is not None and known.notice == notice:
        return known
    return AppliedErasure(notice=notice, arrived=_text(utc_now()))


def _remember(participant: Participant, checked: CheckedNotice, drop: Drop | None) -> None:
    """Remember what must not come again, before anything goes.

    Raises:
        NoticeRefused: It would be more than can be remembered.
    """
    notice = checked.notice
    keys = checked.keys
    erased = _widened(participant.erased, notice)
    if erased.is_too_long:
        told = f"with it more than {MOST_EPISODES:,} episodes of one participant would be erased"
        raise NoticeRefused(ExitCode.LIMITS, f"{told}; one for everything is taken")
    participant.keep_keys(keys.user_key, keys.device_key)
    if drop is not None:
        participant.keep_drop(drop.url)
    participant.keep_erased(erased)
    try:
        foreign_ledger(checked.ledger, notice.study, keys.user_key, keys.device_key)
    except ConsentUntrusted:
        return  # the notice stands by its own signature
    participant.keep_ledger(checked.ledger)


def _widened(erased: Erased, notice: ErasureNotice) -> Erased:
    if notice.scope == "all":
        return erased.with_everything(notice.created)
    if notice.ranges:
        return erased.with_part(notice.episodes[0], notice.created)
    return erased.with_episodes(notice.episodes, notice.created)


def _finish(office: Office, found: AppliedErasure, drop: Drop | None) -> AppliedErasure:
    """Take everything away that the notice means, and write the receipt."""
    collection = office.collection
    found, held = _planned(collection, found)
    cleaned = _clean_copies(collection, found)
    for one in held:
        note_access(collection.folder, "delete", one.bundle_id, _PURPOSE)
        collection.remove(one, "erased")
    release_of(collection.folder, found.notice.pseudonym)
    left = EachAlone()
    if drop is not None:
        remove_copies(collection, drop, left, found.notice.pseudonym)
    found = found.model_copy(
        update={
            "shards": found.shards + cleaned.shards,
            "datasets_lost": (*found.datasets_lost, *cleaned.lost_whole),
            "left_in_drop": tuple(name for name, _ in left.failed),
        }
    )
    if not cleaned.unreachable:
        found = found.model_copy(update={"receipt": _receipt(found)})
    _write(collection.folder, found)
    for error in cleaned.unreachable.values():
        raise error
    return found


def _planned(collection: Collection, found: AppliedErasure) -> tuple[AppliedErasure, list[Place]]:
    """Note what will go, so that a later run knows it although it went."""
    notice = found.notice
    places = map(place_at, collection.paths(notice.pseudonym))
    held = [one for one in places if _is_meant(collection, one)]
    bundles = tuple(sorted({*found.bundles, *(one.bundle_id for one in held)}))
    found = found.model_copy(
        update={"bundles": bundles, "exports": _exports(collection.folder, found, bundles)}
    )
    _write(collection.folder, found)
    return found, held


def _clean_copies(collection: Collection, found: AppliedErasure) -> Cleaned:
    """Take it out of datasets and caches, also what was made of bundles that went before."""
    notice = found.notice
    episodes = None if notice.scope == "all" else frozenset(notice.episodes)
    kept = {path.stem for path in collection.paths(notice.pseudonym)} - set(found.bundles)
    erase_from_cache(collection.folder, notice.pseudonym, episodes)
    return erase_from_datasets(
        collection.folder,
        notice.pseudonym,
        lambda bundle, episode: bundle not in kept and (episodes is None or episode in episodes),
    )


def _is_meant(collection: Collection, place: Place) -> bool:
    """Tell whether a bundle goes; one that cannot tell when it was made goes in doubt."""
    try:
        created = held_at(place.path).manifest.created
    except RecordDamaged:
        created = _OLDEST
    return collection.is_erased(place.pseudonym, place.episode_id, created)


def _receipt(found: AppliedErasure) -> Receipt:
    now = utc_now()
    told = [_WHOLE] if found.notice.ranges else []
    told += [_LEFT] if found.left_in_drop else []
    return Receipt(
        receipt_id=ulid(int(now.timestamp() * 1e9), secrets.token_bytes(10)),
        study=found.notice.study,
        pseudonym=found.notice.pseudonym,
        answers=found.notice.notice_id,
        verdict="erased",
        code=0,
        reason="; ".join(told),
        removed_bundles=len(found.bundles),
        exports=found.exports,
        created=_text(now),
    )


def _exports(collection: Path, found: AppliedErasure, bundles: Sequence[str]) -> tuple[str, ...]:
    """Give the datasets that held it and that others have, in doubt too."""
    pseudonym, gone = found.notice.pseudonym, frozenset(bundles)
    names = set(found.exports)
    for folder in dataset_folders(collection):
        dataset = read_dataset(folder)
        if dataset is None:
            names.add(folder.name)  # its list, which is damaged, may have named copies
        elif dataset.handed_to and dataset.holds(pseudonym, gone):
            names.add(dataset.name)
    here = {folder.name for folder in dataset_folders(collection)}
    for use in uses(collection):
        is_meant = use.pseudonym == pseudonym and not gone.isdisjoint(use.bundles)
        if is_meant and use.dataset not in here:
            names.add(use.dataset)
    return tuple(sorted(names))


def _path(collection: Path, pseudonym: str, notice_id: str) -> Path:
    return collection / ERASURES / pseudonym / f"{notice_id}.json"


def _read(path: Path) -> AppliedErasure | None:
    try:
        return AppliedErasure.model_validate_json(read_regular(path, _LIMIT_BYTES))
    except (OSError, ValidationError):
        return None


def _write(collection: Path, found: AppliedErasure) -> None:
    path = _path(collection, found.notice.pseudonym, found.notice.notice_id)
    data = found.model_dump_json(by_alias=True).encode()
    write_whole(private_folder(path.parent) / path.name, data)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
