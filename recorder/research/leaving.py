"""Hearing who left: the ledgers that participants bring after a withdrawal.

The longest ledger wins. Once one that ends in a withdrawal is kept, `memory_gate` refuses every
bundle that was shared before it. What was collected before stays until somebody has it erased.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.research.collection import Collection
from recorder.research.erasure_runs import RefusedNotice
from recorder.research.participants import Participant
from recorder.research.quarantine import shown
from recorder.research.sources import noting, read_notice
from recorder.sharing.bundle import ledger_head
from recorder.sharing.drops import Drop
from recorder.sharing.erasure_notice import MOST_BYTES, NoticeRefused
from recorder.sharing.leaving_notice import CheckedLeaving, check_leaving

_NAME: Final = re.compile(r".*/(p[0-9a-f]{32})/([0-9a-f]{64})\.tar")


@dataclass(slots=True)
class Heard:
    """What came of one round. `new`: pseudonyms of those who left since the last one."""

    new: list[str] = field(default_factory=list)
    refused: list[RefusedNotice] = field(default_factory=list)


def hear_leavings(collection: Collection, drops: Sequence[Drop], failed: EachAlone) -> Heard:
    """Keep the ledger of everybody who left; one that fails keeps no other.

    Args:
        collection: Held by this program.
        drops: Where participants share to.
        failed: Notes a drop or a participant's file that cannot be used; call again then.

    Raises:
        OSError: The collection cannot be written; call again.
    """
    heard = Heard()
    for drop in drops:
        with failed.trying(drop.url):
            for name in sorted(drop.names(f"{collection.study}/leavings", noting(failed))):
                with failed.trying(shown(name)):
                    _hear(collection, drop, name, heard)
    return heard


def _hear(collection: Collection, drop: Drop, name: str, heard: Heard) -> None:
    if _is_known(collection, name):
        return
    try:
        found = check_leaving(read_notice(drop, name, MOST_BYTES), collection.study)
        is_new = _keep(collection.participant(found.notice.pseudonym), found, drop)
    except NoticeRefused as refused:
        heard.refused.append(RefusedNotice(shown(name), refused.code, refused.reason))
        return
    if is_new:
        heard.new.append(found.notice.pseudonym)


def _is_known(collection: Collection, name: str) -> bool:
    """Tell by its name whether a ledger is the one that is kept, without fetching it."""
    found = _NAME.fullmatch(name)
    return found is not None and ledger_head(collection.participant(found[1]).ledger) == found[2]


def _keep(participant: Participant, found: CheckedLeaving, drop: Drop) -> bool:
    """Keep the longest ledger; False for word from before a later one, as who came back left."""
    known = participant.ledger
    if not (found.ledger.startswith(known) or known.startswith(found.ledger)):
        raise NoticeRefused(ExitCode.SIGNATURE, "its ledger contradicts the one sent before")
    participant.keep_keys(found.notice.user_key, found.notice.device_key)
    participant.keep_ledger(found.ledger)
    participant.keep_drop(drop.url)
    return len(found.ledger) > len(known)
