"""Leaving a study: what nobody fetched is taken back, and the study is told.

Everything follows from the ledger and from what is remembered of sharing, so that whatever a
kill or a drop that was away left undone is done by the next run. Nothing is told to a study
that never got anything. `<folder>/shared/<study>/leaving.json` holds which drops were told.
"""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.consent.chain import MAX_LEDGER_BYTES
from recorder.consent.keys import load_device_key
from recorder.consent.records import EventState
from recorder.consent.studies import Joined
from recorder.core.errors import RecorderError
from recorder.core.strict import Strict
from recorder.files import read_regular, write_whole
from recorder.sharing.bundle import ledger_head
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.erasing import Deliver
from recorder.sharing.leaving_notice import LeavingNotice, pack_leaving
from recorder.sharing.shared import Shared, SharedFolder
from recorder.sharing.statements import Digest
from recorder.sharing.taking_back import TakenBack, end_approval, see_place, take_back

LEAVING: Final = "leaving.json"
_RECORD_BYTES: Final = 1_000_000


class Leaving(Strict):
    """Who was told that the person left; `recorder status` reads it without this model.

    Attributes:
        ledger_head: Of the ledger that ends in the withdrawal.
        drops: Where something was shared to.
        undelivered: Those that do not have the word yet.
    """

    schema_name: Literal["recorder.leaving-told/1"] = Field(
        "recorder.leaving-told/1", alias="schema"
    )
    ledger_head: Digest
    drops: tuple[str, ...]
    undelivered: tuple[str, ...]


def has_left(joined: Joined) -> bool:
    """Tell whether the last word to a study is a withdrawal."""
    return joined.entry.state is EventState.WITHDRAWN


def uncollected(memory: SharedFolder, collected: Collection[str]) -> list[Shared]:
    """Give what was sent, or is being sent, and what no receipt says was collected.

    `collected`: Ids of bundles, see `collected_by`.
    """
    return [
        one for one in memory.all() if one.state != "revoked" and one.bundle_id not in collected
    ]


def take_rest_back(
    memory: SharedFolder, collected: Collection[str], step: Callable[[], None] | None = None
) -> TakenBack:
    """Take back what the study did not collect, and the approvals of it.

    For who is alone with the memory.

    Raises:
        OSError: The folder cannot be written; call again.
    """
    bundles = uncollected(memory, collected)
    for episode_id in {one.episode_id for one in bundles}:
        end_approval(memory, episode_id)
    return take_back(memory, bundles, step)


def tell_left(memory: SharedFolder, joined: Joined, deliver: Deliver) -> list[RecorderError]:
    """Bring the word of leaving to the drops that lack it; gives what kept it from some.

    Safe to call at any time and again; where the person has not left, or joined again, nothing
    is told.

    Raises:
        ConsentUntrusted, KeyUnusable: The ledger or the device key cannot be relied on.
        OSError: The folder cannot be written; call again.
    """
    path = memory.path / LEAVING
    if not has_left(joined):
        path.unlink(missing_ok=True)
        return []
    ledger = read_regular(joined.place.ledger, MAX_LEDGER_BYTES)
    found = _begun(memory, path, ledger_head(ledger))
    if not found.undelivered:
        return []
    _keep(path, found)
    device = load_device_key(memory.folder, memory.study)
    data = pack_leaving(_notice(joined, found.ledger_head), device, ledger)
    name = drop_path("leavings", memory.study, joined.pseudonym, found.ledger_head)
    left, errors = _delivered(memory, found, deliver, (name, data))
    _keep(path, found.model_copy(update={"undelivered": left}))
    return errors


def _delivered(
    memory: SharedFolder, found: Leaving, deliver: Deliver, what: tuple[str, bytes]
) -> tuple[tuple[str, ...], list[RecorderError]]:
    """Try each drop; gives those that still lack it, and why."""
    left, errors = [], []
    sent_to = {one.drop for one in memory.all() if one.sent}
    for drop in found.undelivered:
        try:
            if drop in sent_to:
                see_place(drop, memory.study)
            deliver(drop, *what)
        except RecorderError as error:
            left.append(drop)
            errors.append(error)
    return tuple(left), errors


def _begun(memory: SharedFolder, path: Path, head: str) -> Leaving:
    """Give how far telling got for this ledger, drops that came since among them."""
    drops = tuple(dict.fromkeys(one.drop for one in memory.all()))
    known = _read(path)
    if known is None or known.ledger_head != head:
        return Leaving(ledger_head=head, drops=drops, undelivered=drops)
    new = tuple(drop for drop in drops if drop not in known.drops)
    return Leaving(
        ledger_head=head, drops=(*known.drops, *new), undelivered=(*known.undelivered, *new)
    )


def _notice(joined: Joined, head: str) -> LeavingNotice:
    user, device = joined.public_keys()
    return LeavingNotice(
        study=joined.study,
        pseudonym=joined.pseudonym,
        user_key=user.public,
        device_key=device.public,
        ledger_head=head,
    )


def _read(path: Path) -> Leaving | None:
    try:
        return Leaving.model_validate_json(read_regular(path, _RECORD_BYTES))
    except (OSError, ValidationError):
        return None


def _keep(path: Path, found: Leaving) -> None:
    write_whole(path, found.model_dump_json(by_alias=True).encode() + b"\n")
