"""Leaving a study: what of it was not collected comes back, and the study is told.

Withdrawing is done before any drop is asked. What cannot be done now is owed: `settling`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from recorder.cli import output
from recorder.cli.progress import progress
from recorder.cli.settling import fetch_from, joined_if_sure, put_notice
from recorder.consent.ledger import LedgerPlace
from recorder.core.amounts import count_text
from recorder.core.errors import RecorderError
from recorder.places import places
from recorder.sharing.collected import collected_by, whose_answers
from recorder.sharing.erasing import note_answers
from recorder.sharing.leaving import take_rest_back, tell_left, uncollected
from recorder.sharing.rows import kept_rows
from recorder.sharing.shared import SharedFolder, SharingGoesOn, alone
from recorder.sharing.statements import Receipt
from recorder.sharing.trace import traced_bundles

WAIT_S: Final = 10.0
"""A share that runs sees the withdrawal within one piece of a megabyte and stops."""


@dataclass(slots=True)
class Gone:
    """What came of leaving.

    Attributes:
        shared: How many bundles were ever shared with the study from this folder.
        taken_back: Those that were in their drop until now, not collected as far as is known.
        not_there: Those that were sent and not in their drop; the study may have them.
        collected: Those that a receipt says were collected.
        owed: Those that are still to be taken out of their drop.
        told: Whether every drop has the word that the person left; None when nobody need know.
        failed: What could not be done now, and why.
    """

    shared: int = 0
    taken_back: int = 0
    not_there: int = 0
    collected: int = 0
    owed: int = 0
    told: bool | None = None
    failed: dict[str, str] = field(default_factory=dict)


def take_leave(place: LedgerPlace) -> Gone:
    """Take back what was not collected and tell the study; never raises for a drop.

    Raises:
        OSError: The folder cannot be written; call again.
    """
    memory, gone = SharedFolder(place.folder, place.chain), Gone()
    if not memory.path.is_dir():
        return gone
    try:
        with alone(memory, WAIT_S):
            _take_leave(memory, gone)
    except SharingGoesOn:
        gone.owed = len(uncollected(memory, ()))
        why = "another recorder share is sending; it stops soon and takes back what it sent"
        gone.failed["taking back"] = why
    return gone


def gone_payload(gone: Gone) -> output.Payload:
    """Give what `--json` tells."""
    return {
        "shared": gone.shared,
        "taken_back": gone.taken_back,
        "not_there": gone.not_there,
        "collected": gone.collected,
        "owed": gone.owed,
        "told": gone.told,
        "failed": gone.failed,
    }


def gone_told(gone: Gone, study: str) -> list[str]:
    """Say what became of what was shared."""
    if not gone.shared and not gone.owed:
        return [f"Nothing was ever sent to {study} from this folder."]
    lines = []
    if gone.taken_back:
        lines.append(
            f"Taken back, as far as is known before {study} had it: {_bundles(gone.taken_back)}."
        )
    if gone.not_there:
        lines.append(
            f"No longer where it was sent to, so {study} may have it: {_bundles(gone.not_there)}."
        )
    if gone.owed:
        lines.append(f"Still to be taken back: {_bundles(gone.owed)}.")
    if gone.collected:
        lines.append(f"Collected by {study} before, and kept there: {_bundles(gone.collected)}.")
    if not lines:
        lines.append(f"Nothing that you sent to {study} waits there to be fetched.")
    if gone.told:
        lines.append(f"{study} is told that you left.")
    return lines


def _take_leave(memory: SharedFolder, gone: Gone) -> None:
    """Do it in the order of what hurries most; a drop that failed once is not asked again."""
    known = list(memory.all())
    gone.shared = len(known)
    before = collected_by(memory, places().state)
    with progress("Taking back", len(uncollected(memory, before))) as step:
        back = take_rest_back(memory, before, step)
    dead = dict(back.failed)
    drops = dict.fromkeys(one.drop for one in known if one.drop not in dead)
    dead |= fetch_from(memory, drops)
    joined = joined_if_sure(memory.folder, memory.study)
    if joined is not None and known:
        gone.told = not tell_left(memory, joined, _sparing(dead))
    collected = _now_collected(memory)
    gone.collected = len(collected)
    gone.taken_back = sum(one.bundle_id not in collected for one in back.there)
    gone.not_there = sum(one.bundle_id not in collected for one in back.gone if one.sent)
    gone.owed = len(memory.owed())
    gone.failed = {f"reaching {drop}": error.message for drop, error in dead.items()}


def _now_collected(memory: SharedFolder) -> set[str]:
    """Give the bundles that the study has now: collected, and neither expired nor erased."""
    whose = whose_answers(memory, places().state)
    if whose is None:
        return set()
    rows = kept_rows(memory.folder, whose).new
    receipts = [row for row in rows if isinstance(row, Receipt)]
    wishes = note_answers(memory.folder, memory.study, receipts)
    traced = traced_bundles(memory.all(), rows, wishes)
    return {one.bundle_id for one in traced if one.state == "collected"}


def _sparing(dead: dict[str, RecorderError]) -> Callable[[str, str, bytes], None]:
    """Give what delivers, except to drops that failed just now."""

    def deliver(address: str, path: str, data: bytes) -> None:
        if address in dead:
            raise dead[address]
        try:
            put_notice(address, path, data)
        except RecorderError as error:
            dead[address] = error
            raise

    return deliver


def _bundles(count: int) -> str:
    return count_text(count, "recording")
