"""Approving an episode, or ranges of it, for a study; nothing is sent.

An approval is the SHA-256 of the payload that would be shared, signed by the user key, and
binds the manifest of the episode. The payload is kept beside it, sealed to its owner. Any
change of the episode removes both: `episodes.copies` knows where they lie.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, Protocol

import pyrage
from pydantic import Field, ValidationError

from recorder.consent.keys import PublicKey, SignatureWrong, verify_envelope
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.ids import is_ulid
from recorder.core.losses import Loss
from recorder.core.strict import Strict
from recorder.episodes.copies import APPROVED, drop_begun
from recorder.episodes.holding import held
from recorder.episodes.homes import EpisodeUnknown, find_home
from recorder.episodes.identity import owners
from recorder.episodes.names import MANIFEST_FILE
from recorder.episodes.reader import Episode
from recorder.episodes.selection import TimeRange
from recorder.episodes.table_files import read_regular, sha256_of, writing
from recorder.files import private_folder, sync_folder, whole_file, write_whole
from recorder.sharing.approvable import (
    NotApprovable,
    check_approvable,
    check_files,
)
from recorder.sharing.kept import approved_ranges
from recorder.sharing.payload import payload_of
from recorder.sharing.study_ids import id_for_study
from recorder.sharing.within import Bounds, WithinCheck

APPROVAL_TYPE: Final = "application/vnd.recorder.approval+json"
"""DSSE payload type of an approval."""
STATEMENT: Final = ".approval.json"
PAYLOAD: Final = ".payload.age"
_STUDY: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LIMIT_BYTES: Final = 4_000_000


class StudyNameWrong(RecorderError):
    """The study's name cannot be one."""

    def __init__(self) -> None:
        super().__init__(
            "A study's name has 1 to 64 small letters, digits, dots and dashes",
            "take it from the study's notice",
            ExitCode.USAGE,
        )


class ApprovalUnknown(RecorderError):
    """There is no such approval."""

    def __init__(self) -> None:
        super().__init__("There is no such approval", "recorder approvals", ExitCode.USAGE)


class Statement(Strict):
    """What the user key signs."""

    schema_name: Literal["recorder.approval/1"] = Field("recorder.approval/1", alias="schema")
    study: str
    episode_id: str
    ranges: tuple[tuple[int, int], ...]
    """Times of the episode, nanoseconds."""
    manifest_sha256: str
    payload_sha256: str
    payload_bytes: int
    rows: dict[str, int]
    left_out: dict[Loss, int] = Field(default_factory=dict)
    """Pictures of those times that the study does not get, by reason."""
    approved: str
    """UTC, ISO 8601."""


State = Literal["valid", "changed", "damaged"]


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval as it stands.

    Attributes:
        path: Of the signed statement.
        statement: None when it cannot be read or is not signed by the owner.
        state: `changed`: the episode is not the one that was approved, or it is gone.
    """

    path: Path
    study: str
    episode_id: str
    statement: Statement | None
    state: State

    @property
    def payload(self) -> Path:
        """The sealed payload."""
        return self.path.with_name(self.episode_id + PAYLOAD)


class Sign(Protocol):
    """The user key's signature: a DSSE envelope around a payload of a type."""

    def __call__(self, payload: bytes, payload_type: str, /) -> bytes: ...  # noqa: D102 - as the class


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be approved.

    Attributes:
        study: Its name.
        ranges: Times of the episode; None for all of it.
        bounds: What the study may have; None where it was not joined.
    """

    study: str
    ranges: Sequence[TimeRange] | None = None
    bounds: Bounds | None = None


def approve(
    episode: Episode, wish: Wish, sign: Sign, step: Callable[[], None] | None = None
) -> Approval:
    """Approve an episode, or ranges of it, for a study. An earlier approval is replaced.

    Args:
        episode: Closed, recorded under a person's consent, undamaged within the ranges.
        wish: For which study, and how much.
        sign: The user key's, for example `UserKey.sign`.
        step: Called after each file that was read.

    Raises:
        StudyNameWrong, NotApprovable: Nothing was approved.
        SignedElsewhere: Its manifest is not signed by this folder's device key.
        BeyondConsent: It holds more than the study may have; nothing was approved.
        DamagedFile: A file within the ranges cannot be read; nothing was approved.
        EpisodeBusy: It is being changed by another program.
        FolderUnwritable: Nothing was approved.
    """
    folder, study = episode.path.parents[2], wish.study
    if not _STUDY.fullmatch(study):
        raise StudyNameWrong
    with held(episode.path):
        episode.refresh()
        check_approvable(episode)
        if not approved_ranges(episode, wish.ranges):
            raise NotApprovable("nothing lies in that range", "recorder show tells how long it is")
        with writing(folder):
            place = private_folder(folder / APPROVED / study)
            statement = _keep(episode, place, wish, (sign, step or _nothing))
    path = place / (episode.episode_id + STATEMENT)
    return Approval(path, study, episode.episode_id, statement, "valid")


def approvals(folder: Path, user: PublicKey, study: str | None = None) -> Iterator[Approval]:
    """Give the approvals of a folder, by study and episode.

    Args:
        folder: The recording folder.
        user: The owner's public user key.
        study: Of this study alone.
    """
    for place in sorted(_folders(folder / APPROVED)):
        if study in {None, place.name}:
            for path in sorted(place.glob(f"*{STATEMENT}")):
                if is_ulid(path.name.removesuffix(STATEMENT)):
                    yield approval_at(folder, path, user)


def approval_of(folder: Path, study: str, episode_id: str, user: PublicKey) -> Approval:
    """Give the approval of an episode for a study.

    Raises:
        ApprovalUnknown: There is none.
    """
    if not _STUDY.fullmatch(study) or not is_ulid(episode_id):
        raise ApprovalUnknown
    path = folder / APPROVED / study / (episode_id + STATEMENT)
    if path.parent.is_symlink() or not path.is_file():
        raise ApprovalUnknown
    return approval_at(folder, path, user)


def studies_by_episode(folder: Path) -> dict[str, list[str]]:
    """Give the studies for which each episode is approved, by the names of the files alone."""
    found: dict[str, list[str]] = {}
    for place in sorted(_folders(folder / APPROVED)):
        if _STUDY.fullmatch(place.name):
            for path in sorted(place.glob(f"*{STATEMENT}")):
                found.setdefault(path.name.removesuffix(STATEMENT), []).append(place.name)
    return found


def approval_at(folder: Path, path: Path, user: PublicKey) -> Approval:
    """Give one approval, its signature and the episode behind it checked."""
    study, episode_id = path.parent.name, path.name.removesuffix(STATEMENT)
    try:
        payload = verify_envelope(read_regular(path, _LIMIT_BYTES), user, APPROVAL_TYPE)
        statement = Statement.model_validate_json(payload)
    except (SignatureWrong, ValidationError, RecorderError):
        return Approval(path, study, episode_id, None, "damaged")
    if (statement.study, statement.episode_id) != (study, episode_id):
        return Approval(path, study, episode_id, None, "damaged")
    state: State = "valid" if _is_unchanged(folder, statement) else "changed"
    return Approval(path, study, episode_id, statement, state)


def withdraw_approval(folder: Path, study: str, episode_id: str) -> None:
    """Take an approval back: its payload goes, then its statement.

    Raises:
        ApprovalUnknown: There is none.
        FolderUnwritable: Some of it may be left; call again.
    """
    if not _STUDY.fullmatch(study) or not is_ulid(episode_id):
        raise ApprovalUnknown
    place = folder / APPROVED / study
    found = [place / (episode_id + ending) for ending in (PAYLOAD, STATEMENT)]
    if not any(map(os.path.lexists, found)):
        raise ApprovalUnknown
    with writing(folder):
        for path in found:
            path.unlink(missing_ok=True)
        sync_folder(place)


def _keep(
    episode: Episode, place: Path, wish: Wish, told: tuple[Sign, Callable[[], None]]
) -> Statement:
    """Write the sealed payload, then the statement that makes it an approval."""
    sign, step = told
    folder = episode.path.parents[2]
    study_id = id_for_study(folder, wish.study, episode.episode_id)
    made = payload_of(episode, study_id, wish.ranges, step, WithinCheck(wish.bounds))
    recipients = [pyrage.x25519.Recipient.from_str(r) for r in owners(folder)]
    statement_path = place / (episode.episode_id + STATEMENT)
    statement_path.unlink(missing_ok=True)
    drop_begun(place, episode.episode_id)
    with whole_file(place / (episode.episode_id + PAYLOAD), episode.episode_id) as file:
        pyrage.encrypt_io(made, file, recipients)
        if made.error is not None:
            raise made.error
        check_files(episode.path, made.files)
    statement = Statement(
        study=wish.study,
        episode_id=episode.episode_id,
        ranges=tuple((one.start_ns, one.end_ns) for one in approved_ranges(episode, wish.ranges)),
        manifest_sha256=sha256_of(episode.path / MANIFEST_FILE),
        payload_sha256=made.sha256,
        payload_bytes=made.size_bytes,
        rows=made.rows,
        left_out=dict(made.left_out),
        approved=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    write_whole(
        statement_path, sign(statement.model_dump_json(by_alias=True).encode(), APPROVAL_TYPE)
    )
    return statement


def _is_unchanged(folder: Path, statement: Statement) -> bool:
    try:
        home = find_home(folder, statement.episode_id)
        return sha256_of(home / MANIFEST_FILE) == statement.manifest_sha256
    except (EpisodeUnknown, OSError):
        return False


def _folders(path: Path) -> list[Path]:
    try:
        entries = list(os.scandir(path))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]


def _nothing() -> None:
    """Stand for a bar where nobody looks."""
