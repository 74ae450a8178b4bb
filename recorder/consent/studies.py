"""Studies as a participant meets them: a signed notice, keys and a name of its own.

Recording and sharing are two consents. Joining a study writes to the study's own chain of
the ledger, which leaves the computer with what is shared. So nothing in it is known to
another study: not the keys, not the pseudonym, not the computer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.consent.chain import foreign_ledger
from recorder.consent.gate import check_in_force
from recorder.consent.keys import (
    PublicKey,
    SignatureWrong,
    UserKey,
    create_signing_keys,
    load_public_key,
    load_user_key,
    verify_envelope,
)
from recorder.consent.ledger import LedgerPlace, kept_notice, read_ledger
from recorder.consent.notice import Notice, NoticeInvalid, NoticeTerms, parse_notice
from recorder.consent.recipients import roles, sealed_to
from recorder.consent.records import (
    OWN_CHAIN,
    ConsentEntry,
    Strict,
)
from recorder.core.clocks import Clock
from recorder.core.errors import ExitCode, RecorderError

__all__ = [
    "Joined",
    "NoticeSignature",
    "StudyUnknown",
    "controller_key",
    "find_joined",
    "foreign_ledger",
    "joined",
    "roles",
    "sealed_to",
    "signed_notice",
    "study_chains",
]

NOTICE_SIGNATURE_TYPE: Final = "application/vnd.recorder.notice-signature+json"
SIGNATURE_ENDING: Final = ".dsse.json"
"""Beside `notice.md` lies `notice.md.dsse.json`."""
MAX_SIGNATURE_BYTES: Final = 64 * 1024
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_HEX_KEY: Final = re.compile(r"[0-9a-f]{64}")
_LEDGER: Final = "ledger-"


class StudyUnknown(RecorderError):
    """The person never joined a study of that name."""

    def __init__(self, study: str, known: Sequence[str] = ()) -> None:
        one_of = f"one of {', '.join(known)}, or " if known else ""
        super().__init__(
            f"You have not joined a study named {study}",
            f"{one_of}recorder consent give --notice NOTICE",
            ExitCode.NO_CONSENT,
        )


class NoticeOfAnother(RecorderError):
    """A newer notice of a study is signed by nobody whom the one agreed to names."""

    def __init__(self, study: str) -> None:
        super().__init__(
            f"This notice of {study} is signed with a key that the study did not have before",
            "ask the study's contact; another study needs another id in its notice",
            ExitCode.SIGNATURE,
        )


class NoticeSignature(Strict):
    """What a controller signs for a notice."""

    schema_name: Literal["recorder.notice-signature/1"] = Field(
        "recorder.notice-signature/1", alias="schema"
    )
    study: str
    notice_sha256: str

    def payload(self) -> bytes:
        """Give the bytes that are signed."""
        return self.model_dump_json(by_alias=True).encode()


@dataclass(frozen=True, slots=True)
class Joined:
    """A study that the person joined, and how it stands; see `in_force`.

    Attributes:
        study: Its id, also the name of its chain.
        pseudonym: `p` and 32 hex; known to this study alone.
        entry: The last entry of the chain, whatever it says.
        notice: The notice that it was said to.
        place: The chain.
    """

    study: str
    pseudonym: str
    entry: ConsentEntry
    notice: Notice
    place: LedgerPlace

    @property
    def consent_id(self) -> str:
        """The record under which is shared."""
        return self.entry.record.header.record_id

    def in_force(self, clock: Clock) -> None:
        """Check that the person's yes holds now.

        Raises:
            NoConsent: Refused or withdrawn.
            ConsentExpired: Its time is over, or the clock was set back.
        """
        check_in_force(self.place, self.entry, clock)

    def user_key(self, identity: str) -> UserKey:
        """Give the key that signs for the person in this study; `identity` as unlocked.

        Raises:
            KeyUnusable: It is missing, damaged, or sealed to someone else.
        """
        return load_user_key(self.place.folder, identity, self.study)

    def public_keys(self) -> tuple[PublicKey, PublicKey]:
        """Give the public user key and device key of this study.

        Raises:
            KeyUnusable: One is missing or damaged.
        """
        folder = self.place.folder
        return (
            load_public_key(folder, "user", self.study),
            load_public_key(folder, "device", self.study),
        )


def signed_notice(notice: bytes, signature: bytes, pinned: Sequence[str] | None = None) -> Notice:
    """Give a study's notice, once a controller that it names is seen to have signed it.

    Args:
        notice: Its exact bytes.
        signature: The envelope beside it.
        pinned: Hex public keys of the notice agreed to before; None on first sight.

    Raises:
        NoticeInvalid: It is no notice of a study.
        SignatureWrong: None of its controller's keys signed exactly these bytes.
        NoticeOfAnother: One did, but it is none of the pinned ones.
    """
    found = parse_notice(notice)
    check_study_id(found.terms.id)
    keys = found.terms.controller.keys
    if not keys or not all(_HEX_KEY.fullmatch(key) for key in keys):
        raise NoticeInvalid("its controller has no key, or one that is no key")
    if not sealed_to(found.terms):
        raise NoticeInvalid("it names no recipient with a key")
    signers = [key for key in dict.fromkeys(keys) if _signed_by(key, found, signature)]
    if not signers:
        raise SignatureWrong("none of the controller's keys signed this notice")
    if pinned is not None and not set(signers) & set(pinned):
        raise NoticeOfAnother(found.terms.id)
    return found


def check_study_id(study: str) -> str:
    """Give back a study's id; it becomes the name of files.

    Raises:
        NoticeInvalid: It cannot be one.
    """
    if study == OWN_CHAIN or not _ID.fullmatch(study):
        raise NoticeInvalid("its id cannot be the name of a study")
    return study


def controller_key(terms: NoticeTerms) -> str:
    """Give the hex public key that bundles name as their audience: the first one."""
    return terms.controller.keys[0]


def study_chains(folder: Path) -> list[str]:
    """Give the ids of the studies that a recordings' folder has a chain of."""
    found = (folder / "consent").glob(f"{_LEDGER}*.jsonl")
    ids = sorted(path.stem.removeprefix(_LEDGER) for path in found)
    return [study for study in ids if study != OWN_CHAIN and _ID.fullmatch(study)]


def joined(folder: Path, state: Path) -> list[Joined]:
    """Give every study that was ever joined, also those withdrawn from.

    Raises:
        ConsentUntrusted: A chain is not as it was left; `find_joined` asks for one.
    """
    return [find_joined(folder, state, study) for study in study_chains(folder)]


def find_joined(folder: Path, state: Path, study: str) -> Joined:
    """Give one study that was joined.

    Raises:
        StudyUnknown: It never was.
        ConsentUntrusted: Its chain, head or notice is not as it was left.
    """
    known = study_chains(folder)
    if study not in known:
        raise StudyUnknown(study, known)
    place = LedgerPlace(folder, state, study)
    entries = read_ledger(place).entries
    if not entries:
        raise StudyUnknown(study, known)
    entry = entries[-1]
    notice = parse_notice(kept_notice(place, entry.notice_sha256))
    return Joined(study, entry.record.header.pii_principal_id, entry, notice, place)


def pinned_keys(place: LedgerPlace) -> tuple[str, ...] | None:
    """Give the controller's keys of the notice answered last; None where none was.

    Raises:
        ConsentUntrusted: The chain cannot be relied on.
    """
    entries = read_ledger(place).entries
    if not entries:
        return None
    notice = parse_notice(kept_notice(place, entries[-1].notice_sha256))
    return notice.terms.controller.keys


def study_key(place: LedgerPlace, identity: str, recipients: Sequence[str]) -> UserKey:
    """Give the user key of a study; makes the study's pair on first use.

    Args:
        place: The study's chain.
        identity: The unlocked `AGE-SECRET-KEY-…`.
        recipients: `age1…` strings of identity and recovery key.

    Raises:
        KeyUnusable: It is damaged, or sealed to someone else; a ledger without keys counts.
        OSError: It cannot be written.
    """
    if not place.ledger.exists() and not (place.keys / "user.key.age").exists():
        return create_signing_keys(place.folder, recipients, place.chain)
    return load_user_key(place.folder, identity, place.chain)


def _signed_by(key: str, notice: Notice, signature: bytes) -> bool:
    """Tell whether a key signed the notice.

    Raises:
        SignatureWrong: It signed something else.
    """
    try:
        payload = verify_envelope(
            signature, PublicKey(role="controller", public=key), NOTICE_SIGNATURE_TYPE
        )
    except SignatureWrong:
        return False
    try:
        told = NoticeSignature.model_validate_json(payload)
    except ValidationError as cause:
        raise SignatureWrong("what the controller signed is no notice") from cause
    if (told.study, told.notice_sha256) != (notice.terms.id, notice.sha256):
        raise SignatureWrong("the notice was changed after the controller signed it")
    return True
