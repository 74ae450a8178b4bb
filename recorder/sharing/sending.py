"""Sharing: from an approval to a bundle that lies in the drop; goes on where it was cut.

1. The approved payload is opened in memory and sealed to the study's recipients, into a file
   that appears whole. 2. A note says that it is being sent. 3. It is put into the drop. 4. The
   note says sent. 5. The file goes. Killed between any two, the next run ends it or begins anew.
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from recorder.consent.keys import load_public_key
from recorder.consent.studies import Joined, find_joined
from recorder.core.clocks import Clock
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.ids import ulid
from recorder.episodes.holding import held
from recorder.episodes.homes import find_home
from recorder.files import regular_file, whole_file
from recorder.sharing.age_streams import unsealing
from recorder.sharing.approval import (
    Approval,
    ApprovalUnknown,
    Statement,
    approval_at,
    withdraw_approval,
)
from recorder.sharing.bundle import NotBundled, ledger_head, write_bundle
from recorder.sharing.consented import bounds_of, sender_of
from recorder.sharing.contents import Contents, look_through
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.drops import Drop, Sent, open_drop
from recorder.sharing.shared import Shared, SharedFolder
from recorder.sharing.study_ids import id_for_study

_NS_PER_MINUTE = 60 * 10**9


class SharingGoesOn(RecorderError):
    """Another program shares with that study."""

    def __init__(self) -> None:
        super().__init__(
            "Another recorder share is sending to that study", "wait until it ends",
            ExitCode.FOLDER_HELD,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sharing:
    """Sharing with one study.

    Attributes:
        identity: Opens approvals and the study's user key.
        clock: Tells whether consent holds, and gives ids their times.
    """

    folder: Path
    joined: Joined
    identity: str = field(repr=False)
    clock: Clock

    @property
    def memory(self) -> SharedFolder:
        """What was shared with the study."""
        return SharedFolder(self.folder, self.joined.study)


def not_sent(memory: SharedFolder, found: Sequence[Approval]) -> list[Approval]:
    """Give the approvals that hold and whose content the study does not have yet."""
    sent = {(one.episode_id, one.content_sha256) for one in memory.all() if one.state == "sent"}
    return [
        one
        for one in found
        if one.statement is not None
        and one.state == "valid"
        and (one.episode_id, one.statement.payload_sha256) not in sent
    ]


def contents_of(
    sharing: Sharing, approval: Approval, step: Callable[[int], None] | None = None
) -> Contents:
    """Give what an approval would send, read from its sealed bytes.

    Raises:
        BeyondConsent: It holds more than the study may have.
        NotBundled: It is not what was approved.
    """
    told = _statement(approval)
    with regular_file(approval.payload) as file, unsealing(file, sharing.identity) as plain:
        found = look_through(plain, bounds_of(sharing.joined), step)
    if (found.sha256, found.size_bytes) != (told.payload_sha256, told.payload_bytes):
        raise NotBundled("it is not what was approved", "approve it again")
    if found.episode_id != id_for_study(sharing.folder, sharing.joined.study, approval.episode_id):
        raise NotBundled("it was approved under another id", "approve it again")
    return found


def share(
    sharing: Sharing, approval: Approval, contents: Contents, drop: Drop, sent: Sent | None = None
) -> Shared:
    """Share one approval: nothing leaves unless consent and approval hold at this instant.

    Raises:
        NoConsent, ConsentExpired: The consent ended.
        ConsentUntrusted: The study's ledger is not as it was left.
        NotBundled: The approval no longer holds, or something else was agreed to since.
        DropUnreachable: The next run goes on.
        EpisodeBusy: The episode is being changed.
    """
    _see_consent(sharing)
    with held(find_home(sharing.folder, approval.episode_id)):
        _see_approval(sharing, approval, contents)
        waiting = _waiting(sharing, approval, drop) or _seal(sharing, approval, contents, drop)
    bundle = sharing.memory.bundle(waiting)
    name = drop_path("bundles", waiting.study, waiting.pseudonym, waiting.bundle_id)
    drop.put(name, bundle, sent)
    done = waiting.model_copy(update={"state": "sent", "sent": _now()})
    sharing.memory.keep(done)
    sharing.memory.drop_bundle(done)
    return done


def revoke(folder: Path, one: Shared) -> bool:
    """Take a bundle back, and the approval with it; tells whether it was still there.

    Raises:
        DropUnreachable: It may still be there; call again.
    """
    was_there = one.state == "sending"
    memory = SharedFolder(folder, one.study)
    if one.state == "sent" or was_there:
        name = drop_path("bundles", one.study, one.pseudonym, one.bundle_id)
        was_there |= open_drop(one.drop).remove(name)
    memory.drop_bundle(one)
    memory.keep(one.model_copy(update={"state": "revoked", "revoked": one.revoked or _now()}))
    with suppress(ApprovalUnknown):
        withdraw_approval(folder, one.study, one.episode_id)
    return was_there


@contextmanager
def alone(memory: SharedFolder) -> Iterator[None]:
    """Share with one study in one program at a time; what a killed one left is removed.

    Raises:
        SharingGoesOn: Another one does.
    """
    memory.make()
    descriptor = os.open(memory.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        memory.tidy()
        yield
    except BlockingIOError as cause:
        raise SharingGoesOn from cause
    finally:
        os.close(descriptor)


def _see_consent(sharing: Sharing) -> None:
    """See that the last word is still the yes under which was planned, and that it holds."""
    was = sharing.joined
    now = find_joined(was.place.folder, was.place.state, was.study)
    now.in_force(sharing.clock)
    if now.entry != was.entry:
        raise NotBundled(
            "what you agreed to changed since it was shown", "run the command again",
            ExitCode.CONSENT_MISMATCH,
        )  # fmt: skip


def _see_approval(sharing: Sharing, approval: Approval, contents: Contents) -> None:
    """See that what was shown is approved as it is now. For who holds the episode."""
    again = approval_at(sharing.folder, approval.path, load_public_key(sharing.folder, "user"))
    if again.state != "valid" or _statement(again).payload_sha256 != contents.sha256:
        raise NotBundled("it is no longer what was approved and shown", "try again")


def _statement(approval: Approval) -> Statement:
    if approval.statement is None:
        raise NotBundled("its approval is damaged", "approve it again")
    return approval.statement


def _waiting(sharing: Sharing, approval: Approval, drop: Drop) -> Shared | None:
    """Give the bundle of an earlier run that was cut, if it is still what would be sent."""
    found = None
    head = ledger_head(sharing.joined.place.ledger.read_bytes())
    for one in sharing.memory.all():
        if one.state != "sending" or one.episode_id != approval.episode_id:
            continue
        is_same = one.content_sha256 == _statement(approval).payload_sha256
        is_here = sharing.memory.bundle(one).is_file() and one.drop == drop.url
        if is_same and is_here and one.manifest.ledger_head == head:
            found = one
        else:
            _give_up(sharing.memory, one)
    return found


def _give_up(memory: SharedFolder, one: Shared) -> None:
    """Take back what an earlier run may have put there: it is not what would be sent now."""
    name = drop_path("bundles", one.study, one.pseudonym, one.bundle_id)
    open_drop(one.drop).remove(name)
    memory.drop_bundle(one)
    memory.keep(one.model_copy(update={"state": "revoked", "revoked": _now()}))


def _seal(sharing: Sharing, approval: Approval, contents: Contents, drop: Drop) -> Shared:
    """Make the bundle, then the note that it is being sent. For who holds the episode."""
    bundle_id = ulid(sharing.clock.wall_ns(), os.urandom(10))
    path = sharing.memory.path / f"{approval.episode_id}.{bundle_id}.tar"
    sender, content = sender_of(sharing.joined, sharing.identity), contents.manifest(bundle_id)
    with (
        whole_file(path) as file,
        regular_file(approval.payload) as sealed,
        unsealing(sealed, sharing.identity) as plain,
    ):
        manifest = write_bundle(file, sender, contents.episode_id, content, plain)
    made = Shared(
        bundle_id=bundle_id,
        episode_id=approval.episode_id,
        study=sharing.joined.study,
        pseudonym=sharing.joined.pseudonym,
        manifest=manifest,
        content_sha256=contents.sha256,
        bundle_bytes=path.stat().st_size,
        minutes=round(contents.duration_ns / _NS_PER_MINUTE, 1),
        drop=drop.url,
        state="sending",
        made=_now(),
    )
    sharing.memory.keep(made)
    return made


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
