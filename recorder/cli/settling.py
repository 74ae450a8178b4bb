"""What is owed to drops, tried again: erasure notices, bundles to take back, word of leaving.

Called by `recorder trace` and `recorder share`; without any of it owed it asks no drop.
"""

import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from recorder.cli import output
from recorder.cli.system_clock import SystemClock
from recorder.consent.errors import ConsentUntrusted
from recorder.consent.studies import Joined, StudyUnknown, find_joined
from recorder.core.amounts import count_text
from recorder.core.errors import RecorderError
from recorder.core.ids import ulid
from recorder.places import places
from recorder.sharing.collected import collected_by, whose_answers
from recorder.sharing.drop_errors import DropHasAnother
from recorder.sharing.drops import open_drop
from recorder.sharing.erasing import deliver_erasures
from recorder.sharing.leaving import has_left, take_rest_back, tell_left
from recorder.sharing.rows import fetch_rows
from recorder.sharing.shared import SharedFolder, SharingGoesOn, alone
from recorder.sharing.taking_back import take_owed


def settle(folder: Path, study: str) -> dict[str, str]:
    """Bring to the drops what is owed to them; gives what is left, and why.

    While another program shares with the study, bundles are left to it.
    """
    left: dict[str, str] = {}
    for notice_id, errors in deliver_erasures(folder, study, put_notice).items():
        left[f"erasure notice {notice_id}"] = errors[0].message
    memory = SharedFolder(folder, study)
    if memory.path.is_dir():
        try:
            with alone(memory):
                left |= _settle_bundles(memory)
        except SharingGoesOn:
            return left
    return left


def say_left(left: dict[str, str]) -> None:
    """Say what is still owed; what has the same reason together."""
    for why in dict.fromkeys(left.values()):
        what = ", ".join(name for name, reason in left.items() if reason == why)
        output.say(output.printable(f"Not done yet, {what}: {why}. recorder trace tries again."))


def joined_if_sure(folder: Path, study: str) -> Joined | None:
    """Give how the person stands to a study; None where the ledger cannot be relied on."""
    try:
        return find_joined(folder, places().state, study)
    except (StudyUnknown, ConsentUntrusted):
        return None


def fetch_from(memory: SharedFolder, drops: Iterable[str]) -> dict[str, RecorderError]:
    """Fetch the study's answers, to know what it has; gives the drops that could not be asked."""
    failed: dict[str, RecorderError] = {}
    whose = whose_answers(memory, places().state)
    if whose is None:
        return failed
    for address in drops:
        try:
            fetch_rows(memory.folder, open_drop(address), whose)
        except RecorderError as error:
            failed[address] = error
    return failed


def put_notice(address: str, path: str, data: bytes) -> None:
    """Put a notice into a drop; one that is there already is let be.

    Where somebody took its place it goes beside it: a notice is known by what is signed in it.

    Raises:
        RecorderError: The drop cannot be reached.
    """
    drop = open_drop(address)
    try:
        drop.put(path, data)
    except DropHasAnother:
        other = ulid(SystemClock().wall_ns(), secrets.token_bytes(10))
        drop.put(f"{path.rpartition('/')[0]}/{other}.tar", data)


def _settle_bundles(memory: SharedFolder) -> dict[str, str]:
    left: dict[str, str] = {}
    joined = joined_if_sure(memory.folder, memory.study)
    if joined is not None and has_left(joined):
        take_rest_back(memory, collected_by(memory, places().state))
    back = take_owed(memory)
    for drop, error in back.failed.items():
        count = sum(one.drop == drop for one in back.owed)
        left[f"{count_text(count, 'bundle')} to be taken out of {drop}"] = error.message
    if joined is not None:
        left |= _told(tell_left(memory, joined, put_notice), joined.study)
    return left


def _told(errors: Sequence[RecorderError], study: str) -> dict[str, str]:
    return {f"telling {study} that you left": errors[0].message} if errors else {}
