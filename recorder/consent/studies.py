"""Studies as a participant meets them: a signed notice, keys and a name of its own.

Recording and sharing are two consents. Joining a study writes to the study's own chain of
the ledger, which leaves the computer with what is shared. So nothing in it is known to
another study: not the keys, not the pseudonym, not the computer.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recorder.consent.errors import ConsentUntrusted
from recorder.consent.gate import check_in_force
from recorder.consent.kept_keys import put_aside
from recorder.consent.keys import (
    PublicKey,
    SignatureWrong,
    UserKey,
    create_signing_keys,
    keys_folder,
    load_public_key,
    load_user_key,
)
from recorder.consent.ledger import LedgerPlace, keep_notice, kept_notice, read_ledger
from recorder.consent.notice import Notice, NoticeInvalid, parse_notice
from recorder.consent.notice_signature import (
    MAX_SIGNATURE_BYTES,
    SIGNATURE_ENDING,
    is_study_id,
    signed_notice,
)
from recorder.consent.records import ConsentEntry
from recorder.core.clocks import Clock
from recorder.core.errors import ExitCode, RecorderError
from recorder.files import read_regular, write_whole

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


@dataclass(frozen=True, slots=True)
class Joined:
    """A study that the person joined, and how it stands; see `in_force`.

    Attributes:
        study: Its id, also the name of its chain.
        pseudonym: Follows from the study's keys; known to this study alone.
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


def study_chains(folder: Path) -> list[str]:
    """Give the ids of the studies that a recordings' folder has a chain of."""
    found = (folder / "consent").glob(f"{_LEDGER}*.jsonl")
    ids = sorted(path.stem.removeprefix(_LEDGER) for path in found)
    return [study for study in ids if is_study_id(study)]


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
        ConsentUntrusted: Its chain, head or notice is not as it was left, or its pseudonym
            does not follow from its keys.
    """
    place = study_place(folder, state, study)
    try:
        entries = read_ledger(place).entries
        if not entries:
            raise StudyUnknown(study, study_chains(folder))
        entry = entries[-1]
        notice = parse_notice(kept_notice(place, entry.notice_sha256))
    except ConsentUntrusted as cause:
        raise ConsentUntrusted(cause.what, study) from cause
    return Joined(study, entry.record.header.pii_principal_id, entry, notice, place)


def invited(
    folder: Path, state: Path, notice: bytes, signature: bytes
) -> tuple[Notice, LedgerPlace]:
    """Give a study's notice, checked as `signed_notice`, and the chain an answer goes to.

    A study that was answered before keeps the controller's keys of then.

    Raises:
        NoticeInvalid, SignatureWrong, NoticeOfAnother: It is not to be shown as the study's.
        ConsentUntrusted: The chain of before cannot be relied on.
    """
    found = signed_notice(notice, signature)
    place = LedgerPlace(folder, state, found.terms.id)
    pinned = pinned_keys(place)
    return (found if pinned is None else signed_notice(notice, signature, pinned)), place


def keep_signed(place: LedgerPlace, notice: bytes, signature: bytes) -> None:
    """Keep a notice's exact bytes, and beside them who signed them."""
    sha256 = keep_notice(place, notice)
    write_whole(_signature_of(place, sha256), signature)


def kept_signature_holds(place: LedgerPlace, sha256: str) -> bool:
    """Tell whether a kept notice is still the one that its controller signed.

    Raises:
        ConsentUntrusted: The kept notice is missing or was changed.
    """
    notice = kept_notice(place, sha256)
    try:
        signed_notice(notice, read_regular(_signature_of(place, sha256), MAX_SIGNATURE_BYTES))
    except (OSError, NoticeInvalid, SignatureWrong):
        return False
    return True


def study_place(folder: Path, state: Path, study: str) -> LedgerPlace:
    """Give the chain of a study that the person joined; the folder may be away just now.

    Raises:
        StudyUnknown: It never was joined, or its name cannot be one. A study whose chain was
            put out of force still has its keys.
    """
    known = study_chains(folder)
    is_one = is_study_id(study)
    was_there = is_one and (study in known or keys_folder(folder, study).is_dir())
    if not is_one or (not was_there and folder.is_dir()):
        raise StudyUnknown(study, known)
    return LedgerPlace(folder, state, study)


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


def answered_keys(place: LedgerPlace) -> tuple[str, ...]:
    """Give the controller's keys of every notice that was answered, the last one's first.

    Each was signed with a key of the one before, so what any of them signed is the study's. A
    notice that was lost since is left out.

    Raises:
        ConsentUntrusted: The chain cannot be relied on; see `kept_notices`.
    """
    entries = reversed(read_ledger(place).entries)
    found: dict[str, None] = {}
    for sha256 in dict.fromkeys(entry.notice_sha256 for entry in entries):
        with suppress(ConsentUntrusted, NoticeInvalid):
            keys = parse_notice(kept_notice(place, sha256)).terms.controller.keys
            found |= dict.fromkeys(keys)
    return tuple(found)


def kept_notices(place: LedgerPlace) -> list[Notice]:
    """Give the study's notices that were kept, the last first, where its chain is no help.

    Only those beside which the signature of their controller still lies.
    """
    found = []
    paths = sorted(place.notices.glob("*.md"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in paths:
        with suppress(ConsentUntrusted, NoticeInvalid):
            if kept_signature_holds(place, path.stem):
                found.append(parse_notice(kept_notice(place, path.stem)))
    return [notice for notice in found if notice.terms.id == place.chain]


def study_key(place: LedgerPlace, identity: str, recipients: Sequence[str]) -> UserKey:
    """Give the user key of a study; makes new keys where there is no chain, or no more.

    A chain that begins anew under the old keys would contradict the one that the study knows.

    Args:
        place: The study's chain.
        identity: The unlocked `AGE-SECRET-KEY-…`.
        recipients: `age1…` strings of identity and recovery key.

    Raises:
        KeyUnusable: It is damaged, or sealed to someone else; a ledger without keys counts.
        OSError: It cannot be written.
    """
    if not place.ledger.exists():
        put_aside(place.folder, place.chain)
        return create_signing_keys(place.folder, recipients, place.chain)
    return load_user_key(place.folder, identity, place.chain)


def _signature_of(place: LedgerPlace, sha256: str) -> Path:
    return place.notices / f"{sha256}.md{SIGNATURE_ENDING}"
