"""A study with its keys, and a person who joined it; made in milliseconds, no passphrase."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recorder.consent.giving import Answer, give
from recorder.consent.keys import ControllerKey, SigningKey, load_public_key
from recorder.consent.ledger import LedgerPlace, keep_notice
from recorder.consent.notice import Notice, parse_notice
from recorder.consent.recipients import sealed_to
from recorder.consent.studies import Joined, find_joined, study_key
from recorder.core.levels import KeyboardLevel, Levels
from recorder.sharing.bundle import Sender
from recorder.sharing.bundle_gate import Expect

DAY = 86_400 * 1_000_000_000
NOW = 1_795_000_000 * 1_000_000_000
NOTICE = """---
schema: recorder.notice/1
id: {study}
version: "1.0"
language: en
controller:
  name: A university
  contact: someone@university.example
  keys: [{key}]
purposes:
  - train an agent
streams:
  required: {{}}
  optional:
    keyboard: [class, text]
    screen: [layout, redacted]
    titles: [app, title, host]
    pointer: [clicks, full]
    targets: ["on"]
apps: ["*"]
recipients:
  - "the lab <{recipient}>"
retention_days: 30
consent_valid_days: 30
erasure_due_days: 7
withdrawal: recorder consent withdraw
employment_effect: none
lawful_basis: consent
dpia: done
supersedes: null
---
# A study

## In short

What you share is used to train an agent.
"""


class Clock:
    """A clock that stands."""

    def __init__(self, now_ns: int = NOW) -> None:
        self.now_ns = now_ns

    def monotonic_ns(self) -> int:
        return self.now_ns

    def wall_ns(self) -> int:
        return self.now_ns


@dataclass(frozen=True)
class Study:
    """A study as its controller has it."""

    key: SigningKey
    identity: str
    text: bytes

    @property
    def notice(self) -> Notice:
        return _parsed(self.text)

    def expect(self, now_ns: int = NOW + 1) -> Expect:
        notice = self.notice
        return Expect(notice.terms.id, self.key.public.public, {notice.sha256: notice}, now_ns)


@cache
def _parsed(text: bytes) -> Notice:
    return parse_notice(text)


def make_study(name: str = "typing-1") -> Study:
    key = ControllerKey(Ed25519PrivateKey.generate())
    identity = pyrage.x25519.Identity.generate()
    text = NOTICE.format(study=name, key=key.public.public, recipient=identity.to_public())
    return Study(key, str(identity), text.encode())


@dataclass(frozen=True)
class Person:
    """A folder with an age identity."""

    folder: Path
    state: Path
    identity: str

    def join(
        self, study: Study, levels: Levels | None = None, apps: tuple[str, ...] = ("*",)
    ) -> Joined:
        place = self.place(study)
        recipient = str(pyrage.x25519.Identity.from_str(self.identity).to_public())
        key = study_key(place, self.identity, [recipient])
        keep_notice(place, study.text)
        agreed = levels or Levels(keyboard=KeyboardLevel.TEXT)
        give(place, Answer(study.notice, study.text, agreed, apps), key, Clock())
        return find_joined(self.folder, self.state, study.notice.terms.id)

    def place(self, study: Study) -> LedgerPlace:
        return LedgerPlace(self.folder, self.state, study.notice.terms.id)

    def sender(self, joined: Joined) -> Sender:
        terms = joined.notice.terms
        return Sender(
            study=joined.study, pseudonym=joined.pseudonym, audience=terms.controller.keys[0],
            consent_id=joined.consent_id, notice_sha256=joined.notice.sha256,
            recipients=sealed_to(terms), user=joined.user_key(self.identity),
            device_key=load_public_key(self.folder, "device", joined.study).public,
            ledger=joined.place.ledger.read_bytes(),
        )  # fmt: skip


def make_person(at: Path) -> Person:
    folder, state = at / "Recorder", at / "state"
    (folder / "consent").mkdir(parents=True)
    return Person(folder, state, str(pyrage.x25519.Identity.generate()))


def changed(sender: Sender, **fields: object) -> Sender:
    """Give a sender that says something else."""
    return replace(sender, **fields)  # type: ignore[arg-type]  # as given
