"""What only a collection can tell of a bundle: its participant's wishes, ledger, nonce."""

from datetime import datetime

from recorder.consent.chain import foreign_ledger
from recorder.consent.records import EventState
from recorder.core.errors import ExitCode
from recorder.research.collection import Collection
from recorder.research.nonces import nonce_used, use_of
from recorder.research.participants import moment
from recorder.sharing.bundle_gate import Outer, Refused

_NO: frozenset[EventState] = frozenset({EventState.WITHDRAWN, EventState.REFUSED})
_NS_PER_S = 1_000_000_000
_AHEAD_S = 86_400.0
"""How far a participant's clock may run ahead of ours, seconds."""


def check_memory(collection: Collection, outer: Outer, now: datetime) -> None:
    """Compare a bundle with what its participant sent before, and with the clock.

    Retention counts from arrival: a clock that was set back would let it go too early.

    Raises:
        Refused: 35 erased, 31 another history, 33 withdrawn, rolled back or made in the future,
            34 replayed.
    """
    told = outer.manifest
    participant = collection.participant(told.pseudonym)
    if participant.erased.covers(told.episode_id, told.created):
        raise Refused(ExitCode.ERASED, "the participant had it erased")
    if moment(told.created).timestamp() > now.timestamp() + _AHEAD_S:
        raise Refused(
            ExitCode.CONSENT_MISMATCH, "it was made after the time of this computer's clock"
        )
    _check_ledger(participant.ledger, outer)
    seen = nonce_used(collection.folder, told)
    if seen and seen != use_of(told):
        raise Refused(ExitCode.AUDIENCE, "another bundle used its nonce: it was replayed")


def _check_ledger(known: bytes, outer: Outer) -> None:
    """See that the ledger goes on from the longest one known, or was in force before it grew."""
    if outer.ledger.startswith(known):
        return
    if not known.startswith(outer.ledger):
        raise Refused(
            ExitCode.SIGNATURE, "its ledger contradicts the one that the participant sent before"
        )
    told = outer.manifest
    entries = foreign_ledger(known, told.study, told.user_key, told.device_key).entries
    later = entries[outer.ledger.count(b"\n") :]
    if any(entry.state in _NO for entry in later):
        raise Refused(ExitCode.CONSENT_MISMATCH, "the participant withdrew since")
    if moment(told.created).timestamp() >= later[0].wall_ns / _NS_PER_S:
        raise Refused(
            ExitCode.CONSENT_MISMATCH, "its ledger was rolled back: a longer one came before"
        )
