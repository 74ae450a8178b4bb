"""What a study may have of a person: from the study's own consent, and while it holds."""

from pathlib import Path

from recorder.consent.chain import MAX_LEDGER_BYTES
from recorder.consent.keys import load_public_key
from recorder.consent.notice_signature import controller_key
from recorder.consent.recipients import sealed_to
from recorder.consent.records import EventState
from recorder.consent.studies import Joined, find_joined, study_chains
from recorder.files import read_regular
from recorder.sharing.bundle import Sender
from recorder.sharing.within import Bounds

_GIVEN = frozenset({EventState.GIVEN, EventState.NARROWED})


def bounds_of(joined: Joined) -> Bounds:
    """Give what was agreed to last."""
    return Bounds(joined.entry.levels.levels(), joined.entry.apps)


def bounds_for(folder: Path, state: Path, study: str) -> Bounds | None:
    """Give what a study may have; None for one that was never joined, or that was left.

    Such a study gets nothing: `recorder share` asks again.

    Raises:
        ConsentUntrusted: The study's ledger is not as it was left.
    """
    if study not in study_chains(folder):
        return None
    joined = find_joined(folder, state, study)
    return bounds_of(joined) if joined.entry.state in _GIVEN else None


def sender_of(joined: Joined, identity: str) -> Sender:
    """Give in whose name is shared with a study; `identity`: as unlocked.

    Raises:
        KeyUnusable: A key of the study is missing, damaged, or sealed to someone else.
        OSError: The ledger cannot be read.
    """
    place, terms = joined.place, joined.notice.terms
    return Sender(
        study=joined.study,
        pseudonym=joined.pseudonym,
        audience=controller_key(terms),
        consent_id=joined.consent_id,
        notice_sha256=joined.notice.sha256,
        recipients=sealed_to(terms),
        user=joined.user_key(identity),
        device_key=load_public_key(place.folder, "device", joined.study).public,
        ledger=read_regular(place.ledger, MAX_LEDGER_BYTES),
    )
