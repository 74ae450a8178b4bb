"""Made-up studies with keys that cost nothing, for tests of everything about studies."""

import re
from functools import cache
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recorder.consent.giving import Answer, give
from recorder.consent.keys import ControllerKey
from recorder.consent.ledger import LedgerPlace
from recorder.consent.notice import parse_notice
from recorder.consent.notice_signature import NOTICE_SIGNATURE_TYPE, NoticeSignature
from recorder.consent.records import digest
from recorder.consent.studies import keep_signed, study_key
from recorder.core.levels import Levels
from tests.unit.consent.conftest import Person

EXAMPLE = Path(__file__).parents[3] / "config" / "example-study.md"


@cache
def controller(name: str = "one") -> ControllerKey:
    return ControllerKey(Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b"\0")))


@cache
def sealing(name: str) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


def notice_of(study: str = "typing-1", signer: str = "one", version: str = "1.0") -> bytes:
    text = EXAMPLE.read_text().replace("example-study", study)
    text = text.replace("version: '1.0'", f"version: '{version}'")
    text = re.sub(r"\b[0-9a-f]{64}\b", controller(signer).public.public, text)
    return re.sub(r"age1[0-9a-z]{58}", str(sealing(signer).to_public()), text).encode()


def signature_of(notice: bytes, study: str = "typing-1", signer: str = "one") -> bytes:
    told = NoticeSignature(study=study, notice_sha256=digest(notice))
    return controller(signer).sign(told.payload(), NOTICE_SIGNATURE_TYPE)


def joins(
    person: Person, study: str = "typing-1", signer: str = "one", version: str = "1.0"
) -> LedgerPlace:
    """Write a yes to a study's chain, as the talk at the terminal does at its end."""
    place = LedgerPlace(person.folder, person.state, study)
    notice = notice_of(study, signer, version)
    key = study_key(place, str(person.identity), [str(person.identity.to_public())])
    keep_signed(place, notice, signature_of(notice, study, signer))
    parsed = parse_notice(notice)
    give(place, Answer(parsed, notice, Levels(), parsed.terms.apps), key, person.clock)
    return place
