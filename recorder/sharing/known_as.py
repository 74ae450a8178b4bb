"""Who somebody is to a study, also where its chain cannot be relied on or was begun anew.

The pseudonym follows from the keys, so it outlives the chain. What was shared under an earlier
one, before the study was joined anew, is still theirs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recorder.consent.errors import ConsentUntrusted
from recorder.consent.keys import KeyUnusable, load_public_key
from recorder.consent.ledger import LedgerPlace
from recorder.consent.notice_signature import controller_key, is_study_id
from recorder.consent.pseudonym import pseudonym_of
from recorder.consent.studies import StudyUnknown, answered_keys, find_joined, kept_notices
from recorder.sharing.erasing import Asker
from recorder.sharing.erasure_notice import ParticipantKeys
from recorder.sharing.rows import Whose
from recorder.sharing.shared import Shared


@dataclass(frozen=True, slots=True)
class Known:
    """Whose answers count. `trouble`: why the chain cannot be relied on; None when it can."""

    whose: Whose
    trouble: ConsentUntrusted | None


def known_as(folder: Path, state: Path, study: str, shared: Sequence[Shared]) -> Known:
    """Give whose answers count in a study; a chain that cannot be relied on hides none.

    `shared`: What is remembered of sharing with it.

    Raises:
        StudyUnknown, ConsentUntrusted: Neither chain, keys nor memory tell.
    """
    try:
        joined = find_joined(folder, state, study)
    except (StudyUnknown, ConsentUntrusted) as error:
        if not is_study_id(study):
            raise
        place = LedgerPlace(folder, state, study)
        names = _names([*_present_name(place), *_pseudonyms(shared)])
        keys = _controllers(place, shared)
        if not names or not keys:
            raise
        what = error.what if isinstance(error, ConsentUntrusted) else "its ledger is gone"
        return Known(Whose(study, names[0], keys, names[1:]), ConsentUntrusted(what, study))
    names = _names([joined.pseudonym, *_pseudonyms(shared)])
    return Known(Whose(study, names[0], answered_keys(joined.place), names[1:]), None)


def asker_by_keys(place: LedgerPlace) -> Asker:
    """Give who asks where neither the chain nor anything shared is left: from the keys alone.

    Raises:
        KeyUnusable: They are gone too.
        StudyUnknown: No notice of the study was kept, so nobody knows whom to ask.
    """
    keys = _keys(place)
    found = kept_notices(place)
    if not found:
        raise StudyUnknown(place.chain)
    notice = found[0]
    return Asker(
        study=place.chain,
        pseudonym=pseudonym_of(keys.user_key, keys.device_key),
        audience=controller_key(notice.terms),
        keys=keys,
        ledger=b"",
        ledger_head="0" * 64,
        due_days=notice.terms.erasure_due_days,
    )


def _keys(place: LedgerPlace) -> ParticipantKeys:
    user = load_public_key(place.folder, "user", place.chain)
    device = load_public_key(place.folder, "device", place.chain)
    return ParticipantKeys(user.public, device.public)


def _present_name(place: LedgerPlace) -> list[str]:
    """Give the pseudonym of the keys that are in use, if they are there."""
    try:
        keys = _keys(place)
    except KeyUnusable:
        return []
    return [pseudonym_of(keys.user_key, keys.device_key)]


def _pseudonyms(shared: Sequence[Shared]) -> list[str]:
    """Give those under which was shared, the last one first."""
    return [one.pseudonym for one in reversed(shared)]


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _controllers(place: LedgerPlace, shared: Iterable[Shared]) -> tuple[str, ...]:
    """Give the controller's keys of what was shared, and of the notices that were kept."""
    found = dict.fromkeys(one.manifest.audience for one in shared)
    for notice in kept_notices(place):
        found |= dict.fromkeys(notice.terms.controller.keys)
    return tuple(found)
