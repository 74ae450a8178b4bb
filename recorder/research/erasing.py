"""Erasing what participants ask for: from the collection, its datasets and caches.

First it is remembered that it must not come again, then it goes, then a signed receipt says
so. `<collection>/erasures/<pseudonym>/<notice_id>.json` tells how far it got: killed at any
instant, the next run goes on. A notice may come twice, late, or before what it speaks of.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.consent.chain import foreign_ledger
from recorder.consent.errors import ConsentUntrusted
from recorder.core.ids import is_ulid, ulid, ulid_wall_ns
from recorder.core.strict import Strict
from recorder.files import private_folder, read_regular, write_whole
from recorder.research.access import note_access
from recorder.research.collection import Collection, Held, utc_now
from recorder.research.datasets import (
    Cleaned,
    dataset_folders,
    erase_from_cache,
    erase_from_datasets,
    read_dataset,
    uses,
)
from recorder.research.outbox import Sign, post
from recorder.research.participants import Erased, Participant, Pin, moment
from recorder.research.quarantine import release_of
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.drops import Drop
from recorder.sharing.erasure_notice import CheckedNotice, ParticipantKeys, check_notice
from recorder.sharing.statements import RECEIPT_TYPE, ErasureNotice, Receipt, Time, Ulid

ERASURES: Final = "erasures"
_LIMIT_BYTES: Final = 16_000_000
_PURPOSE: Final = "erasure that the participant asked for"


class AppliedErasure(Strict):
    """How far an erasure got.

    Attributes:
        arrived: When the notice was first seen.
        bundles: Those that were held and went.
        shards: Files of datasets that went.
        exports: Datasets that were given away before, which erasing cannot reach.
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
        DropUnreachable: The drop's copies are left; call again.
        PlaceUnreachable: A dataset's files are left in another place; call again.
        OSError: Something may be left; call again.
    """
    collection = office.collection
    checked = check_for(collection, office.audiences, data)
    found = _begun(office, checked)
    if found.receipt is None:
        _remember(collection.participant(found.notice.pseudonym), checked, drop)
        found = _finish(office, found, drop)
    if found.receipt is not None:
        receipt = found.receipt
        envelope = office.sign(receipt.payload(), RECEIPT_TYPE)
        post(collection, "receipts", receipt.pseudonym, receipt.receipt_id, envelope)
    return found


def check_for(collection: Collection, audiences: Sequence[str], data: bytes) -> CheckedNotice:
    """Check a notice against the keys that the collection pinned; changes nothing.

    Raises:
        NoticeRefused: It is not the participant's.
        CollectionDamaged: The pinned keys cannot be read.
    """

    def pinned(pseudonym: str) -> ParticipantKeys | None:
        pin = collection.participant(pseudonym).pin
        return None if pin is None else ParticipantKeys(pin.user_key, pin.device_key)

    return check_notice(data, collection.study, audiences, pinned)


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
    """Remember what must not come again, before anything goes."""
    notice = checked.notice
    keys = checked.keys
    participant.keep_pin(Pin(user_key=keys.user_key, device_key=keys.device_key))
    if drop is not None:
        participant.keep_drop(drop.url)
    participant.keep_erased(_widened(participant.erased, notice))
    try:
        view = foreign_ledger(checked.ledger, notice.study, keys.user_key, keys.device_key)
    except ConsentUntrusted:
        return  # the notice stands by its own signature
    if all(one.record.header.pii_principal_id == notice.pseudonym for one in view.entries):
        participant.keep_ledger(checked.ledger)


def _widened(erased: Erased, notice: ErasureNotice) -> Erased:
    if notice.scope == "all":
        return erased.with_everything(notice.created)
    if notice.ranges:
        return erased.with_ranges(notice.episodes[0], notice.ranges, notice.created)
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
    if drop is not None:
        _clean_drop(drop, found)
    found = found.model_copy(
        update={
            "shards": found.shards + cleaned.shards,
            "datasets_lost": (*found.datasets_lost, *cleaned.lost_whole),
            "receipt": None if cleaned.unreachable else _receipt(found),
        }
    )
    _write(collection.folder, found)
    for error in cleaned.unreachable.values():
        raise error
    return found


def _planned(collection: Collection, found: AppliedErasure) -> tuple[AppliedErasure, list[Held]]:
    """Note what will go, so that a later run knows it although it went."""
    notice = found.notice
    held = [one for one in collection.bundles(notice.pseudonym) if _is_meant(collection, one)]
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
    kept = {one.bundle_id for one in collection.bundles(notice.pseudonym)} - set(found.bundles)
    erase_from_cache(collection.folder, notice.pseudonym, episodes)
    return erase_from_datasets(
        collection.folder,
        notice.pseudonym,
        lambda bundle, episode: bundle not in kept and (episodes is None or episode in episodes),
    )


def _clean_drop(drop: Drop, found: AppliedErasure) -> None:
    """Take the sealed copies out of the drop: those that went here, or all that were shared."""
    notice = found.notice
    until_ns = int(moment(notice.created).timestamp() * 1e9)
    prefix = f"{notice.study}/bundles/{notice.pseudonym}"
    for name in list(drop.names(prefix)) if notice.scope == "all" else ():
        bundle_id = PurePosixPath(name).stem
        if is_ulid(bundle_id) and ulid_wall_ns(bundle_id) <= until_ns:
            drop.remove(name)
    for bundle_id in found.bundles:
        drop.remove(drop_path("bundles", notice.study, notice.pseudonym, bundle_id))


def _is_meant(collection: Collection, held: Held) -> bool:
    return collection.is_erased(held.pseudonym, held.episode_id, held.manifest.created)


def _receipt(found: AppliedErasure) -> Receipt:
    now = utc_now()
    whole = "the whole episode went, since a bundle is sealed; the rest may be shared again"
    return Receipt(
        receipt_id=ulid(int(now.timestamp() * 1e9), secrets.token_bytes(10)),
        study=found.notice.study,
        pseudonym=found.notice.pseudonym,
        answers=found.notice.notice_id,
        verdict="erased",
        code=0,
        reason=whole if found.notice.ranges else "",
        removed_bundles=len(found.bundles),
        exports=found.exports,
        created=_text(now),
    )


def _exports(collection: Path, found: AppliedErasure, bundles: Sequence[str]) -> tuple[str, ...]:
    """Give the datasets that held it and that others have."""
    pseudonym, gone = found.notice.pseudonym, frozenset(bundles)
    names = set(found.exports)
    for folder in dataset_folders(collection):
        dataset = read_dataset(folder)
        if dataset is not None and dataset.handed_to and dataset.holds(pseudonym, gone):
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
