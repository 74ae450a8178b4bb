"""The gate: the only way from the ledger to a LiveGrant."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from recorder.consent.errors import (
    ClockSetBack,
    ConsentExpired,
    ConsentUntrusted,
    Missing,
    NoConsent,
    NoticeChanged,
    PolicyForbids,
)
from recorder.consent.folder import FolderGone
from recorder.consent.last_seen import last_seen_ns, note_time
from recorder.consent.ledger import LedgerPlace, kept_notice, read_ledger
from recorder.consent.notice import default_notice_file
from recorder.consent.policy import POLICY_FILE, Policy, read_policy
from recorder.consent.records import (
    NOTHING,
    OWN_CHAIN,
    ConsentEntry,
    EventState,
    digest,
    narrowest,
)
from recorder.core.clocks import Clock
from recorder.core.levels import TargetsLevel
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant
from recorder.files import read_regular

__all__ = [
    "ClockSetBack",
    "ConsentExpired",
    "ConsentUntrusted",
    "Gate",
    "GateFiles",
    "NoConsent",
    "NoticeChanged",
    "PolicyForbids",
]

CLOCK_TOLERANCE_NS = 120 * 1_000_000_000
"""A time service steps a wrong clock by seconds; two minutes are no attempt to cheat."""

MAX_NOTICE_BYTES = 1024 * 1024

_TARGETS_ALONE = replace(NOTHING, targets=TargetsLevel.ON)
"""The element under an action tells nothing where no action is stored."""

_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class GateFiles:
    """Files beside the ledger that decide; code may pass others, the environment cannot.

    Attributes:
        notice: The notice that must still be the one agreed to.
        policy: The machine's policy; need not exist.
        chain: Which chain of the ledger; `own` for oneself.
    """

    notice: Path = field(default_factory=default_notice_file)
    policy: Path = POLICY_FILE
    chain: str = OWN_CHAIN


class Gate:
    """Asked before capture begins and again for every batch.

    Args:
        folder: The recordings' folder.
        state: The user's state folder.
        clock: Both times; the wall clock decides about expiry.
        files: What else decides.
    """

    def __init__(
        self, folder: Path, state: Path, clock: Clock, files: GateFiles | None = None
    ) -> None:
        self._files = files or GateFiles()
        self._place = LedgerPlace(folder, state, self._files.chain)
        self._clock = clock
        self._minted: LiveGrant | None = None
        self._stamps: tuple[_Stamp, ...] = ()
        self._offset_ns = 0

    def open(self) -> LiveGrant:
        """Check everything and give a grant.

        Raises:
            FolderGone: The folder was taken away.
            PolicyForbids: The machine's policy does not allow recording.
            ConsentUntrusted: Ledger, head, notice or keys are not as they were left.
            NoConsent: Never given, refused or withdrawn.
            NoticeChanged: The notice is another one by now.
            ConsentExpired: Its time is over, or the clock was set back.
        """
        self._minted = None
        stamps = self._look()
        grant = mint_grant(self._agreed(notes_time=True))
        self._stamps, self._minted = stamps, grant
        self._offset_ns = self._clock.wall_ns() - self._clock.monotonic_ns()
        return grant

    def agreed(self) -> GrantTerms:
        """Give what a grant would allow now; mints none and writes nothing.

        Raises as `open`.
        """
        return self._agreed(notes_time=False)

    def renew(self, grant: LiveGrant) -> LiveGrant:
        """Check that the grant still holds; below 0.1 ms while no file changed (measured).

        Raises as `open`.
        """
        if grant is not self._minted or self._look() != self._stamps:
            return self.open()
        now_ns = self._clock.wall_ns()
        due_ns = self._clock.monotonic_ns() + self._offset_ns
        if now_ns < due_ns - CLOCK_TOLERANCE_NS:
            self._minted = None
            raise ClockSetBack(now_ns, due_ns)
        return grant if now_ns < grant.terms.expires_wall_ns else self.open()

    def _agreed(self, *, notes_time: bool) -> GrantTerms:
        if not self._place.folder.is_dir():
            raise FolderGone(self._place.folder)
        policy = read_policy(self._files.policy)
        view = read_ledger(self._place)
        if not view.entries:
            raise NoConsent
        entry = view.entries[-1]
        self._check(entry, notes_time=notes_time)
        return _terms(entry, view.head, policy)

    def _check(self, entry: ConsentEntry, *, notes_time: bool) -> None:
        check_in_force(self._place, entry, self._clock, notes_time=notes_time)
        kept_notice(self._place, entry.notice_sha256)
        if self._notice_sha256() != entry.notice_sha256:
            raise NoticeChanged

    def _notice_sha256(self) -> str:
        try:
            return digest(read_regular(self._files.notice, MAX_NOTICE_BYTES, follow=True))
        except OSError as cause:
            raise ConsentUntrusted("the notice cannot be read") from cause

    def _look(self) -> tuple[_Stamp, ...]:
        """Give what changes when a file that decides is written."""
        keys = self._place.folder / "keys"
        heads = self._place.state / "heads"
        watched = (
            self._place.ledger, heads, keys / "user.pub", keys / "device.pub",
            self._files.notice, self._files.policy,
        )  # fmt: skip
        return tuple(_stamp(path) for path in watched)


def check_in_force(
    place: LedgerPlace, entry: ConsentEntry, clock: Clock, *, notes_time: bool = True
) -> None:
    """Check that the last entry of a chain is a yes that holds now.

    `notes_time`: False only where nothing may be written and nothing follows from it.

    Raises:
        NoConsent: Refused or withdrawn.
        ConsentExpired: Its time is over, or the clock was set back.
        ConsentUntrusted: The time cannot be noted.
    """
    study = "" if place.chain == OWN_CHAIN else place.chain
    if entry.state is EventState.REFUSED:
        raise NoConsent(Missing.REFUSED, study)
    if entry.state is EventState.WITHDRAWN:
        raise NoConsent(Missing.WITHDRAWN, study)
    now_ns = clock.wall_ns()
    newest_ns = max(entry.wall_ns, last_seen_ns(place))
    if now_ns < newest_ns - CLOCK_TOLERANCE_NS:
        raise ClockSetBack(now_ns, newest_ns)
    if notes_time:
        _note(place, now_ns)
    if now_ns >= entry.expires_wall_ns:
        raise ConsentExpired(entry.expires_wall_ns, study)


def _note(place: LedgerPlace, now_ns: int) -> None:
    try:
        note_time(place, now_ns)
    except OSError as cause:
        raise ConsentUntrusted("the state folder cannot be written") from cause


def _stamp(path: Path) -> _Stamp:
    try:
        found = os.stat(path)  # noqa: PTH116 - half the time of Path.stat, called for every batch
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino, found.st_size)


def _terms(entry: ConsentEntry, head: str, policy: Policy) -> GrantTerms:
    levels = narrowest(entry.levels.levels(), policy.levels.levels())
    if levels in {NOTHING, _TARGETS_ALONE}:
        raise PolicyForbids("leaves nothing to record")
    return GrantTerms(
        consent_id=entry.record.header.record_id,
        notice_sha256=entry.notice_sha256,
        ledger_head=head,
        kind=GrantKind.PERSON,
        levels=levels,
        apps=entry.apps,
        expires_wall_ns=entry.expires_wall_ns,
        forbidden_apps=policy.forbidden_apps,
    )
