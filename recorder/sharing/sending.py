"""Sharing: from an approval to a bundle that lies in the drop; goes on where it was cut.

1. The approved payload is opened in memory and sealed to the study's recipients, into a file
   that appears whole. 2. A note says that it is being sent. 3. It is put into the drop. 4. The
   note says sent. 5. The file goes. Killed between any two, the next run ends it or begins anew.
Consent is looked at before each piece: who withdraws meanwhile stops it, and takes it back.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from recorder.consent.errors import ConsentExpired, ConsentUntrusted, NoConsent
from recorder.consent.keys import load_public_key
from recorder.consent.studies import Joined, StudyUnknown, find_joined
from recorder.core.clocks import Clock
from recorder.core.errors import ExitCode
from recorder.core.ids import ulid
from recorder.episodes.holding import held
from recorder.episodes.homes import find_home
from recorder.files import regular_file, whole_file
from recorder.sharing.age_streams import unsealing
from recorder.sharing.approval import (
    Approval,
    Statement,
    approval_at,
)
from recorder.sharing.bundle import NotBundled, ledger_head, write_bundle
from recorder.sharing.collected import collected_by
from recorder.sharing.consented import bounds_of, sender_of
from recorder.sharing.contents import Contents, look_through
from recorder.sharing.drop_errors import DropHasAnother
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.drops import Drop, Sent
from recorder.sharing.replacing import earlier_ones, replace
from recorder.sharing.shared import Shared, SharedFolder
from recorder.sharing.study_ids import id_for_study
from recorder.sharing.taking_back import take_back

_NS_PER_MINUTE = 60 * 10**9
_ENDED = (NoConsent, ConsentExpired, ConsentUntrusted, StudyUnknown, NotBundled)


@dataclass(frozen=True)
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

    @cached_property
    def memory(self) -> SharedFolder:
        """What was shared with the study."""
        return SharedFolder(self.folder, self.joined.study)

    @cached_property
    def collected(self) -> dict[str, str]:
        """When each bundle was collected, by its id, as the answers kept here say."""
        return collected_by(self.memory, self.joined.place.state)


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

    What was sent of the episode before, with other content, is taken back; the study is asked
    to erase it where it was collected. For who is alone with the memory.

    Raises:
        NoConsent, ConsentExpired: The consent ended, before or while it was sent.
        ConsentUntrusted: The study's ledger is not as it was left.
        NotBundled: The approval no longer holds, or something else was agreed to since.
        DropUnreachable: The next run goes on.
        DropHasAnother: Somebody took its place; the next run makes it under another id.
        EpisodeBusy: The episode is being changed.
    """
    look, memory = still_agreed(sharing), sharing.memory
    with held(find_home(sharing.folder, approval.episode_id)):
        _see_approval(sharing, approval, contents)
        waiting = _ready(sharing, approval, contents, drop)

    def piece(size_bytes: int) -> None:
        look()
        if sent is not None:
            sent(size_bytes)

    name = drop_path("bundles", waiting.study, waiting.pseudonym, waiting.bundle_id)
    try:
        drop.put(name, memory.bundle(waiting), piece)
        look()
    except (*_ENDED, DropHasAnother):
        take_back(memory, [waiting])
        raise
    done = waiting.model_copy(update={"state": "sent", "sent": _now()})
    memory.keep(done)
    memory.drop_bundle(done)
    return done


def still_agreed(sharing: Sharing) -> Callable[[], None]:
    """See that consent holds now, and give what sees it again; microseconds while it does.

    Raises:
        NoConsent, ConsentExpired, ConsentUntrusted, StudyUnknown: It does not.
        NotBundled: Something else was agreed to since.
    """
    ledger, until_ns = sharing.joined.place.ledger, sharing.joined.entry.expires_wall_ns
    stamp = _stamp(ledger)
    _see_consent(sharing)

    def look() -> None:
        if _stamp(ledger) != stamp or sharing.clock.wall_ns() >= until_ns:
            _see_consent(sharing)

    return look


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Give what changes when a file is written anew; None when it is gone."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


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


def _ready(sharing: Sharing, approval: Approval, contents: Contents, drop: Drop) -> Shared:
    """Give the bundle to send: one that waits, or a new one in place of what was sent before."""
    memory = sharing.memory
    earlier = earlier_ones(memory, approval.episode_id, contents.sha256)
    if earlier:
        replace(memory, sharing.joined, sharing.identity, earlier, sharing.collected)
    waiting = _waiting(sharing, approval, drop)
    return waiting or _seal(sharing, approval, contents, drop)


def _waiting(sharing: Sharing, approval: Approval, drop: Drop) -> Shared | None:
    """Give the bundle of an earlier run that was cut, if it is still what would be sent."""
    found, memory = None, sharing.memory
    head = ledger_head(sharing.joined.place.ledger.read_bytes())
    for one in memory.of_episode(approval.episode_id):
        if one.state != "sending":
            continue
        is_same = one.content_sha256 == _statement(approval).payload_sha256
        is_here = memory.bundle(one).is_file() and one.drop == drop.url
        if is_same and is_here and one.manifest.ledger_head == head:
            found = one
        else:
            take_back(memory, [one])
    return found


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
