"""Taking bundles back: noted first, then taken out of their drop, tried again until it is done.

A drop that is away keeps nobody waiting: what is still in it is owed, see `SharedFolder.owed`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from recorder.core.errors import RecorderError
from recorder.sharing.approval import ApprovalUnknown, withdraw_approval
from recorder.sharing.drop_errors import DropUnreachable
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.drops import Drop, open_drop
from recorder.sharing.shared import Shared, SharedFolder


@dataclass(slots=True)
class TakenBack:
    """What came of it.

    Attributes:
        there: Bundles that were in their drop, and are no more.
        gone: Those that were not there: not sent yet, fetched, or taken away.
        owed: Those whose drop could not be asked; they are tried again.
        failed: Drops that could not be asked, and why.
    """

    there: list[Shared] = field(default_factory=list)
    gone: list[Shared] = field(default_factory=list)
    owed: list[Shared] = field(default_factory=list)
    failed: dict[str, RecorderError] = field(default_factory=dict)


def take_back(
    memory: SharedFolder, bundles: Sequence[Shared], step: Callable[[], None] | None = None
) -> TakenBack:
    """Take bundles back; from now on none of them is sent. For who is alone with the memory.

    Args:
        memory: Of their study.
        bundles: Sent, waiting, or taken back before.
        step: Called after each.

    Raises:
        OSError: The folder cannot be written; call again.
    """
    return _asked(memory, [_marked(memory, one) for one in bundles], step or _nothing)


def take_owed(memory: SharedFolder, step: Callable[[], None] | None = None) -> TakenBack:
    """Try again to take out of the drops what is owed. For who is alone with the memory."""
    owed = memory.owed()
    killed = {one.bundle_id for one in memory.all() if one.state != "revoked"}
    for one in owed:
        if one.bundle_id in killed:
            _marked(memory, one)
    return _asked(memory, owed, step or _nothing)


def see_place(address: str, study: str) -> None:
    """See that a folder something was sent to still is it: a disk that is away leaves an empty one.

    Raises:
        DropUnreachable: Nothing of the study is in it.
    """
    if address.startswith("/") and not (Path(address) / study).is_dir():
        raise DropUnreachable(
            address, f"nothing of {study} is in it", "see that its disk is there; nothing is lost"
        )


def end_approval(memory: SharedFolder, episode_id: str) -> None:
    """Take the approval of an episode back; none is as good.

    Raises:
        FolderUnwritable: Some of it may be left; call again.
    """
    with suppress(ApprovalUnknown):
        withdraw_approval(memory.folder, memory.study, episode_id)


def _asked(memory: SharedFolder, bundles: Sequence[Shared], step: Callable[[], None]) -> TakenBack:
    """Ask each drop; one that fails is not asked again in this run."""
    done, drops = TakenBack(), dict[str, Drop]()
    for one in bundles:
        if one.drop in done.failed:
            done.owed.append(one)
        else:
            try:
                drop = drops[one.drop] = drops.get(one.drop) or open_drop(one.drop)
                name = drop_path("bundles", one.study, one.pseudonym, one.bundle_id)
                was_there = drop.remove(name)
                if one.sent and not was_there:
                    see_place(one.drop, one.study)
                (done.there if was_there else done.gone).append(one)
                memory.settle(one)
            except RecorderError as error:
                done.failed[one.drop] = error
                done.owed.append(one)
        step()
    return done


def _marked(memory: SharedFolder, one: Shared) -> Shared:
    """Note that a bundle goes, before its drop is asked."""
    if one.state != "revoked":
        now = datetime.now(UTC).isoformat(timespec="seconds")
        one = one.model_copy(update={"state": "revoked", "revoked": now})
    memory.owe(one)
    memory.keep(one)
    memory.drop_bundle(one)
    return one


def _nothing() -> None:
    """Stand for a bar where nobody looks."""
