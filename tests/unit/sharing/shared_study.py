"""A study and somebody who joined it, without a terminal: keys, notice, ledger."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pyrage
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.giving import Answer, give, withdraw
from recorder.consent.keys import (
    ControllerKey,
    DeviceKey,
    UserKey,
    create_signing_keys,
    load_device_key,
)
from recorder.consent.ledger import LedgerPlace
from recorder.consent.notice import default_notice_file, parse_notice
from recorder.consent.notice_signature import NoticeSignature
from recorder.consent.recipients import sealed_to
from recorder.consent.studies import Joined, find_joined
from recorder.core.ids import ulid
from recorder.core.levels import Levels
from recorder.sharing.bundle import Sender, write_bundle
from recorder.sharing.erasing import Asker, asker_of
from recorder.sharing.rows import Whose
from recorder.sharing.statements import BundleManifest, ContentManifest

STUDY = "typing-1"
SIGNATURE_TYPE = "application/vnd.recorder.notice-signature+json"
OWNER = pyrage.x25519.Identity.generate()


@dataclass
class MadeStudy:
    """A controller with a notice; `front` replaces keys of the front matter."""

    front: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = ControllerKey(Ed25519PrivateKey.generate())
        self.sealed_to = pyrage.x25519.Identity.generate()
        _, front, text = default_notice_file().read_text("utf-8").split("---\n", 2)
        fields = yaml.safe_load(front) | {
            "id": STUDY,
            "controller": {
                "name": "Institute", "contact": "study@example.org", "keys": [self.public],
            },
            "recipients": [f"research team <{self.sealed_to.to_public()}>"],
            "retention_days": 30,
            "erasure_due_days": 14,
        } | self.front  # fmt: skip
        self.notice_bytes = f"---\n{yaml.safe_dump(fields)}---\n{text}".encode()
        self.notice = parse_notice(self.notice_bytes)
        told = NoticeSignature(study=self.notice.terms.id, notice_sha256=self.notice.sha256)
        self.signature = self.key.sign(told.payload(), SIGNATURE_TYPE)

    @property
    def public(self) -> str:
        """The controller's key in hex."""
        return self.key.public.public


class WallClock:
    """The time now."""

    def wall_ns(self) -> int:
        return int(datetime.now(UTC).timestamp() * 1e9)

    def monotonic_ns(self) -> int:
        return self.wall_ns()


class Participant:
    """Somebody with a folder, who joined a study."""

    def __init__(self, home: Path, study: MadeStudy, state: Path | None = None) -> None:
        self.study, self.bundles = study, 0
        self.folder, self.state = home / "Recorder", state or home / "state"
        self.id = study.notice.terms.id
        make_folder(self.folder, FolderFile(folder_id="0" * 26, plain=False, secret="passphrase"))
        self.user: UserKey = create_signing_keys(self.folder, [str(OWNER.to_public())], self.id)
        self.place = LedgerPlace(self.folder, self.state, self.id)
        self.agree()

    def agree(self) -> None:
        answer = Answer(self.study.notice, self.study.notice_bytes, Levels(), ("*",))
        give(self.place, answer, self.user, WallClock())

    def withdraw(self) -> None:
        withdraw(self.place, WallClock())

    @property
    def device(self) -> DeviceKey:
        return load_device_key(self.folder, self.id)

    @property
    def joined(self) -> Joined:
        return find_joined(self.folder, self.state, self.id)

    @property
    def asker(self) -> Asker:
        return asker_of(self.joined)

    @property
    def whose(self) -> Whose:
        return Whose(self.id, self.joined.pseudonym, (self.study.public,))

    def bundle(self, path: Path, episode_id: str, content: bytes = b"approved") -> BundleManifest:
        """Write a bundle of some content; what is inside is for other tests."""
        self.bundles += 1
        told = ContentManifest(
            bundle_id=ulid(WallClock().wall_ns(), self.bundles.to_bytes(10)),
            content_sha256=hashlib.sha256(content).hexdigest(),
            content_bytes=len(content),
            rows={}, apps=(), tasks=0, duration_ns=0, files=(),
        )  # fmt: skip
        joined, terms = self.joined, self.study.notice.terms
        sender = Sender(
            self.id, joined.pseudonym, self.study.public, joined.consent_id,
            self.study.notice.sha256, sealed_to(terms), self.user, self.device.public.public,
            self.place.ledger.read_bytes(),
        )  # fmt: skip
        with path.open("wb") as file:
            return write_bundle(file, sender, episode_id, told, BytesIO(content))
