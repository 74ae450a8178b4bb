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
from recorder.sharing.erasing import Asker, asker_from_bundle
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
        keys = _keys(place)
        present = [pseudonym_of(keys.user_key, keys.device_key)] if keys else []
        told = [*present, *(one.pseudonym for one in reversed(shared))]
        names = tuple(dict.fromkeys(told))
        controllers = _controllers(place, shared)
        if not names or not controllers:
            raise
        what = error.what if isinstance(error, ConsentUntrusted) else "its ledger is gone"
        return Known(Whose(study, names[0], controllers, names[1:]), ConsentUntrusted(what, study))
    names = tuple(dict.fromkeys([joined.pseudonym, *(one.pseudonym for one in shared)]))
    return Known(Whose(study, names[0], answered_keys(joined.place), names[1:]), None)


def asker_by_keys(place: LedgerPlace) -> tuple[Asker, str | None] | None:
    """Give who asks, and the drop that the notice names, from keys and kept notices alone.

    For where neither the chain nor anything shared is left; None when these are gone too.
    """
    keys, notices = _keys(place), kept_notices(place)
    if keys is None or not notices:
        return None
    terms = notices[0].terms
    asker = Asker(
        study=place.chain,
        pseudonym=pseudonym_of(keys.user_key, keys.device_key),
        audience=controller_key(terms),
        keys=keys,
        ledger=b"",
        ledger_head="0" * 64,
        due_days=terms.erasure_due_days,
    )
    return asker, terms.drop


def earlier_askers(place: LedgerPlace, present: str, shared: Iterable[Shared]) -> list[Asker]:
    """Give who asks for what was shared under other pseudonyms than the present one.

    Raises:
        ConsentUntrusted: A notice that was agreed to is gone.
    """
    last = {one.pseudonym: one.manifest for one in shared if one.pseudonym != present}
    return [asker_from_bundle(place, manifest) for manifest in last.values()]


def _keys(place: LedgerPlace) -> ParticipantKeys | None:
    """Give the public keys that are in use; None when one is missing or damaged."""
    try:
        user = load_public_key(place.folder, "user", place.chain)
        device = load_public_key(place.folder, "device", place.chain)
    except KeyUnusable:
        return None
    return ParticipantKeys(user.public, device.public)


def _controllers(place: LedgerPlace, shared: Iterable[Shared]) -> tuple[str, ...]:
    """Give the controller's keys of what was shared, and of the notices that were kept."""
    found = dict.fromkeys(one.manifest.audience for one in shared)
    for notice in kept_notices(place):
        found |= dict.fromkeys(notice.terms.controller.keys)
    return tuple(found)
