"""A study's folder: its notice, its keys, and every notice that was ever signed.

```
study.json               what marks the folder, schema recorder.study/1
notice.md                the notice as the researcher edits it
notice.md.dsse.json      the signature of the notice that participants get now
README.md                for participants
approved/<sha256>.md     every notice that was signed, each with its .dsse.json
keys/                    signing.pub, signing.key.age, decryption.pub, decryption.key.age
```
The age identity is sealed under the passphrase, and the signing key to that identity.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, ValidationError

from recorder.consent.keys import (
    ControllerKey,
    PublicKey,
    read_public_key,
    unsealed_key,
)
from recorder.consent.lint import lint
from recorder.consent.notice import MAX_NOTICE_BYTES, Notice, NoticeTerms, parse_notice
from recorder.consent.notice_signature import (
    MAX_SIGNATURE_BYTES,
    NOTICE_SIGNATURE_TYPE,
    SIGNATURE_ENDING,
    NoticeSignature,
    check_study_id,
    signed_notice,
)
from recorder.consent.passphrase import Passphrase, unseal
from recorder.consent.recipients import sealed_to
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.strict import Strict
from recorder.files import private_folder, read_regular, write_whole
from recorder.research.notice_text import participants_readme

STUDY_FILE: Final = "study.json"
NOTICE_FILE: Final = "notice.md"
README_FILE: Final = "README.md"
_MAX_FILE_BYTES: Final = 64 * 1024
_SECRET_WORDS: Final = ("secret", "key", "token", "password", "signature")


class StudyUnusable(RecorderError):
    """A folder is no study's, or something in it is damaged."""

    def __init__(self, what: str, fix: str = "put it back from a backup") -> None:
        super().__init__(f"The study cannot be used: {what}", fix, ExitCode.NO_FOLDER)


class NoticeUnsigned(RecorderError):
    """No notice of the study was signed yet."""

    def __init__(self) -> None:
        super().__init__(
            "The notice of this study is not signed yet",
            "recorder study lint, then recorder study sign",
            ExitCode.SIGNATURE,
        )


class NoticeUnfit(RecorderError):
    """A notice has problems, so it is not signed."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(
            f"The notice is not signed: {'; '.join(problems)}",
            "edit notice.md; recorder study lint shows more",
            ExitCode.CHECKS_FAILED,
        )


class StudyFile(Strict):
    """What marks a folder as a study's."""

    schema_name: Literal["recorder.study/1"] = Field("recorder.study/1", alias="schema")
    id: str
    created: str
    """UTC, ISO 8601."""


@dataclass(frozen=True, slots=True)
class StudySecrets:
    """What the passphrase opens.

    Attributes:
        sign: Signs notices, receipts and uses.
        identity: `AGE-SECRET-KEY-…`, opens what participants shared.
    """

    sign: ControllerKey
    identity: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Study:
    """A study's folder.

    Attributes:
        id: As its notice has it.
        created: UTC, ISO 8601.
        signing: Public key; bundles and receipts name it.
        sealing: The study's `age1…` key.
    """

    folder: Path
    id: str
    created: str
    signing: PublicKey
    sealing: str

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a study's folder; no passphrase is needed.

        Raises:
            StudyUnusable: It is none, or its marks are damaged.
            KeyUnusable: Its public key is missing or damaged.
        """
        try:
            marks = StudyFile.model_validate_json(
                read_regular(folder / STUDY_FILE, _MAX_FILE_BYTES)
            )
            sealing = (folder / "keys" / "decryption.pub").read_text("ascii").strip()
        except FileNotFoundError as cause:
            raise StudyUnusable(
                f"there is none in {folder}", "recorder study init, or name its --folder"
            ) from cause
        except (OSError, ValidationError, UnicodeDecodeError) as cause:
            raise StudyUnusable(f"{folder} is damaged") from cause
        check_study_id(marks.id)
        signing = read_public_key(folder / "keys" / "signing.pub", "controller")
        return cls(folder, marks.id, marks.created, signing, sealing)

    @property
    def audience(self) -> str:
        """Hex public key that bundles for this study name."""
        return self.signing.public

    @property
    def notice(self) -> Notice:
        """The notice that participants get now: the one signed last, not its later edits.

        Raises:
            NoticeUnsigned: There is none yet.
            StudyUnusable: It is damaged.
        """
        path = self.folder / (NOTICE_FILE + SIGNATURE_ENDING)
        found = self.notices()
        try:
            signature = read_regular(path, MAX_SIGNATURE_BYTES)
        except FileNotFoundError as cause:
            raise NoticeUnsigned from cause
        for sha256, notice in found.items():
            kept = self.folder / "approved" / (sha256 + ".md" + SIGNATURE_ENDING)
            if kept.read_bytes() == signature:
                return notice
        raise StudyUnusable(f"{path.name} signs no notice in approved", "recorder study sign")

    @property
    def terms(self) -> NoticeTerms:
        """What the notice of now says; raises as `notice`."""
        return self.notice.terms

    def draft(self) -> Notice:
        """Give `notice.md` as it is now, signed or not.

        Raises:
            StudyUnusable: It is missing.
            NoticeInvalid: It is no notice.
        """
        return parse_notice(self.draft_bytes())

    def draft_bytes(self) -> bytes:
        """Give the exact bytes of `notice.md`.

        Raises:
            StudyUnusable: It cannot be read.
        """
        try:
            return read_regular(self.folder / NOTICE_FILE, MAX_NOTICE_BYTES, follow=True)
        except OSError as cause:
            raise StudyUnusable("notice.md cannot be read") from cause

    def notices(self) -> dict[str, Notice]:
        """Give every notice that was signed, by its SHA-256: bundles may name each of them.

        Raises:
            StudyUnusable: One is damaged, or not signed by this study.
        """
        found = {}
        for path in sorted((self.folder / "approved").glob("*.md")):
            notice = self._signed(path)
            found[notice.sha256] = notice
        return found

    def problems(self, notice: Notice) -> tuple[str, ...]:
        """Give what keeps a notice from being signed."""
        return (*lint(notice).problems, *_study_problems(self, notice))

    def check_fit(self, notice: Notice) -> None:
        """Check that a notice may be signed.

        Raises:
            NoticeUnfit: It has problems.
        """
        problems = self.problems(notice)
        if problems:
            raise NoticeUnfit(problems)

    def unlock(self, passphrase: Passphrase) -> StudySecrets:
        """Open the private keys; takes about 1.5 s and half a gigabyte, in a child.

        Raises:
            WrongPassphrase: It does not open them.
            KeysDamaged, KeyUnusable, StudyUnusable: They are damaged, or not a pair.
        """
        keys = self.folder / "keys"
        try:
            sealed = read_regular(keys / "decryption.key.age", _MAX_FILE_BYTES)
        except OSError as cause:
            raise StudyUnusable("its key file decryption.key.age cannot be read") from cause
        identity = unseal(sealed, passphrase).decode("ascii")
        sign = ControllerKey(unsealed_key(keys / "signing.key.age", identity))
        if sign.public != self.signing:
            raise StudyUnusable("its signing keys are not a pair")
        return StudySecrets(sign, identity)

    def sign_notice(self, secrets: StudySecrets) -> Notice:
        """Sign `notice.md` as it is, and keep it among the notices that count.

        Raises:
            NoticeInvalid: It is no notice.
            NoticeUnfit: It has problems.
            OSError: It cannot be written; the notice of before holds.
        """
        data = self.draft_bytes()
        notice = parse_notice(data)
        self.check_fit(notice)
        told = NoticeSignature(study=self.id, notice_sha256=notice.sha256)
        signature = secrets.sign.sign(told.payload(), NOTICE_SIGNATURE_TYPE) + b"\n"
        kept = private_folder(self.folder / "approved") / f"{notice.sha256}.md"
        write_whole(kept.with_name(kept.name + SIGNATURE_ENDING), signature)
        write_whole(kept, data)
        terms = notice.terms
        readme = participants_readme(terms.id, terms.controller.contact, terms.drop)
        write_whole(self.folder / README_FILE, readme)
        write_whole(self.folder / (NOTICE_FILE + SIGNATURE_ENDING), signature)
        return notice

    def _signed(self, path: Path) -> Notice:
        try:
            notice = signed_notice(
                read_regular(path, MAX_NOTICE_BYTES),
                read_regular(path.with_name(path.name + SIGNATURE_ENDING), MAX_SIGNATURE_BYTES),
                (self.audience,),
            )
        except OSError as cause:
            raise StudyUnusable(f"approved/{path.name} cannot be read") from cause
        except RecorderError as cause:
            raise StudyUnusable(f"approved/{path.name}: {cause.message}") from cause
        if notice.terms.id != self.id or f"{notice.sha256}.md" != path.name:
            raise StudyUnusable(f"approved/{path.name} is another study's")
        return notice


def _study_problems(study: Study, notice: Notice) -> list[str]:
    terms = notice.terms
    found = []
    if terms.id != study.id:
        found.append(f"its id is {terms.id}, but the study's is {study.id}")
    if study.audience not in terms.controller.keys:
        found.append("controller.keys does not have the study's signing key")
    if study.sealing not in sealed_to(terms):
        found.append("no recipient has the study's key, so nothing shared could be opened")
    if terms.drop is not None and _holds_credentials(terms.drop):
        found.append("drop holds a user name, password or key, which every participant could read")
    for sha256, other in study.notices().items():
        if other.terms.version == terms.version and sha256 != notice.sha256:
            found.append(f"version {terms.version} was signed with another text: raise it")
    return found


def _holds_credentials(url: str) -> bool:
    parts = urlsplit(url)
    asked = [name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    return "@" in parts.netloc or any(word in name for name in asked for word in _SECRET_WORDS)
