"""Letting a bundle into a build: every gate once more, on the day of the build, then its key."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from recorder.consent.notice import Notice
from recorder.consent.recipients import roles
from recorder.core.errors import ExitCode, RecorderError
from recorder.files import regular_file
from recorder.research.access import note_access
from recorder.research.building.work import SealedBundle
from recorder.research.collection import Collection
from recorder.research.datasets import LeftOut
from recorder.research.held import Held
from recorder.research.memory_gate import check_memory
from recorder.research.retention import ends
from recorder.sharing.age_chunks import file_key
from recorder.sharing.age_streams import NotSealedToYou
from recorder.sharing.bundle_gate import Expect, Outer, Refused, check_outer

_LONGEST_REASON: Final = 200


class RoleUnknown(RecorderError):
    """No notice lets recordings go to them."""

    def __init__(self, role: str, known: Iterable[str]) -> None:
        super().__init__(
            f"The notice names no recipient {role!r}" if role else "The notice has several recipients",
            f"--for with one of: {'; '.join(known)}",
            ExitCode.USAGE,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Admission:
    """Who asks, and what for.

    Attributes:
        expect: What a bundle must be today.
        identity: `AGE-SECRET-KEY-1…` of the study; never leaves this process.
        role: Who gets the dataset, as notices name their recipients.
        purpose: For the row of each access.
    """

    collection: Collection
    expect: Expect
    now: datetime
    identity: str = field(repr=False)
    role: str
    purpose: str

    def admit(self, held: Held) -> SealedBundle | LeftOut:
        """Give a bundle with its own key, or why it is left out; safe from several threads.

        Raises:
            OSError: The access cannot be noted, so nothing is opened.
        """
        try:
            outer = self._checked(held, whole=True)
            note_access(self.collection.folder, "decrypt", held.bundle_id, self.purpose)
            return self._opened(outer)
        except Refused as refused:
            return left_out(held, refused.code, refused.reason)
        except NotSealedToYou:
            return left_out(held, ExitCode.AUDIENCE, "it is not sealed to this study's key")

    def refused(self, held: Held) -> LeftOut | None:
        """Give why a bundle may not be used today; None when it may. Its payload is not read."""
        try:
            self._checked(held, whole=False)
        except Refused as refused:
            return left_out(held, refused.code, refused.reason)
        return None

    def _checked(self, held: Held, *, whole: bool) -> Outer:
        end = ends(held, self.expect.notices)
        if end is not None and end <= self.now:
            raise Refused(ExitCode.CONSENT_MISMATCH, "it was kept for as long as its notice allows")
        try:
            outer = check_outer(held.path, self.expect, whole=whole)
        except OSError as cause:
            raise Refused(ExitCode.FORMAT, "its file is missing or cannot be read") from cause
        if outer.manifest != held.manifest:
            raise Refused(ExitCode.HASH, "it is not the bundle that was collected")
        check_memory(self.collection, outer, self.now)
        if self.role not in roles(outer.notice.terms):
            raise Refused(ExitCode.CONSENT_MISMATCH, "its notice names no such recipient")
        return outer

    def _opened(self, outer: Outer) -> SealedBundle:
        told = outer.manifest
        with regular_file(outer.path) as file:
            file.seek(outer.payload_at)
            key = file_key(file, self.identity)
        return SealedBundle(
            bundle_id=told.bundle_id,
            episode_id=told.episode_id,
            user_key=told.user_key,
            path=str(outer.path),
            payload_at=outer.payload_at,
            payload_bytes=told.payload_bytes,
            file_key=key.hex(),
        )


def left_out(held: Held, code: ExitCode, reason: str) -> LeftOut:
    """Give the row of a bundle that is left out."""
    return LeftOut(
        pseudonym=held.pseudonym,
        episode_id=held.episode_id,
        bundle_id=held.bundle_id,
        code=int(code),
        reason=reason[:_LONGEST_REASON],
    )


def without_record(path: Path) -> LeftOut:
    """Give the row of a bundle whose record in the collection cannot be read."""
    return LeftOut(
        pseudonym=path.parent.parent.name,
        episode_id=path.parent.name,
        bundle_id=path.stem,
        code=int(ExitCode.CHECKS_FAILED),
        reason="what the collection tells of it is missing or damaged",
    )


def role_of(notice: Notice, asked: str | None) -> str:
    """Give the role of a dataset's recipients.

    Raises:
        RoleUnknown: The notice does not name it, or names several and none was chosen.
    """
    known = roles(notice.terms)
    if asked is None and len(known) == 1:
        return known[0]
    if asked is None or asked not in known:
        raise RoleUnknown(asked or "", known)
    return asked
