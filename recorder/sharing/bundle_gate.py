"""The gate of a bundle: every check that needs no key, before anything is decrypted.

Order: form and size, whose it is (the pseudonym follows from the keys, and they signed the
manifest), the payload's digest, consent, audience.
Only names, sizes and digests are read until then; JSON of at most 2 kB and a ledger whose
digest stands in the signed manifest. What needs a collection's memory is the collection's.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final

from pydantic import ValidationError

from recorder.consent.chain import foreign_ledger
from recorder.consent.errors import ConsentUntrusted
from recorder.consent.keys import PublicKey, SignatureWrong, verify_envelope
from recorder.consent.notice import Notice
from recorder.consent.pseudonym import pseudonym_of
from recorder.consent.records import ConsentEntry, EventState
from recorder.core.errors import ExitCode, RecorderError
from recorder.files import regular_file
from recorder.sharing.bundle import (
    LEDGER,
    MANIFEST,
    MANIFEST_BYTES,
    MOST_LEDGER_BYTES,
    PAYLOAD,
    ledger_head,
)
from recorder.sharing.envelopes import is_canonical
from recorder.sharing.statements import BUNDLE_TYPE, BundleManifest
from recorder.sharing.ustar import BLOCK, END, MOST_BYTES, padding, size_told, taken

FRONT_BYTES: Final = BLOCK + MANIFEST_BYTES
"""What `manifest_in` reads."""
_HASHED_BYTES: Final = 1 << 20
_AGE_MAGIC: Final = b"age-encryption.org/v1\n"
_GIVEN: Final = frozenset({EventState.GIVEN, EventState.NARROWED})


class Refused(RecorderError):
    """A bundle that is not taken: why, and under which code."""

    def __init__(self, code: ExitCode, reason: str) -> None:
        super().__init__(
            f"The bundle is refused: {reason}", "ask the participant to share it again", code
        )
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Expect:
    """What a bundle must be.

    Attributes:
        study: Its id.
        audience: Hex public key of the controller.
        notices: Every notice that the study signed, by hex SHA-256.
        now_ns: Wall clock.
        most_bytes: Largest bundle that is taken.
    """

    study: str
    audience: str
    notices: Mapping[str, Notice]
    now_ns: int
    most_bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Outer:
    """A bundle that passed; its payload is still sealed.

    Attributes:
        ledger: Exact bytes; its head is the manifest's.
        consent: The entry under which it was shared, the ledger's last.
        payload_at: Where the payload begins in the file, bytes.
    """

    path: Path
    manifest: BundleManifest
    ledger: bytes
    consent: ConsentEntry
    notice: Notice
    payload_at: int


def check_outer(path: Path, expect: Expect, *, whole: bool = True) -> Outer:
    """Check everything that can be checked without a key.

    `whole`: False leaves the payload's digest out, for who checks it before opening it.

    Raises:
        Refused: It is not taken; 30 form, 31 signature, 32 digest, 33 consent, 34 audience.
        OSError: It cannot be read.
    """
    with regular_file(path) as file:
        parts = _parts(file, expect.most_bytes)
        manifest = _manifest(parts.manifest)
        if whole:
            _check_payload(file, parts, manifest)
        consent = _consent(parts.ledger, manifest, expect)
        notice = _check_terms(consent, manifest, expect)
        _check_audience(manifest, notice, expect)
    return Outer(path, manifest, parts.ledger, consent, notice, parts.payload_at)


def read_manifest(path: Path) -> BundleManifest:
    """Give what a bundle says of itself; only its form and its own signature are checked.

    Raises:
        Refused: It is no bundle, or its key did not sign it.
        OSError: It cannot be read.
    """
    with regular_file(path) as file:
        return manifest_in(file)


def manifest_in(file: BinaryIO) -> BundleManifest:
    """Give the manifest at the front of a bundle; raises Refused as `read_manifest`."""
    manifest = _member(file, MANIFEST, MANIFEST_BYTES)
    if len(manifest) != MANIFEST_BYTES:
        raise _no_bundle("its manifest has another size")
    return _manifest(manifest)


@dataclass(frozen=True, slots=True)
class _Parts:
    manifest: bytes
    ledger: bytes
    payload_at: int
    payload_bytes: int


def _parts(file: BufferedReader, most_bytes: int) -> _Parts:
    """Take the tar apart; the payload is only measured."""
    size_bytes = os.fstat(file.fileno()).st_size
    if size_bytes > most_bytes:
        raise Refused(ExitCode.FORMAT, "it is larger than is taken")
    manifest = _member(file, MANIFEST, MANIFEST_BYTES)
    if len(manifest) != MANIFEST_BYTES:
        raise _no_bundle("its manifest has another size")
    ledger = _member(file, LEDGER, MOST_LEDGER_BYTES)
    payload_bytes = _told(file, PAYLOAD)
    at = file.tell()
    whole = taken(len(manifest)) + taken(len(ledger)) + taken(payload_bytes) + len(END)
    if size_bytes != whole:
        raise _no_bundle("it was cut, or something follows it")
    if file.read(len(_AGE_MAGIC)) != _AGE_MAGIC:
        raise _no_bundle("its payload is not sealed")
    file.seek(at + payload_bytes)
    if any(file.read()):
        raise _no_bundle("something follows its payload")
    return _Parts(manifest, ledger, at, payload_bytes)


def _member(file: BinaryIO, name: str, most_bytes: int) -> bytes:
    size_bytes = _told(file, name)
    if size_bytes > most_bytes:
        raise _no_bundle(f"{name} is too large")
    data = file.read(size_bytes)
    pad = file.read(padding(size_bytes))
    if len(data) != size_bytes or any(pad):
        raise _no_bundle(f"{name} was cut or changed")
    return data


def _told(file: BinaryIO, name: str) -> int:
    size_bytes = size_told(file.read(BLOCK), name)
    if size_bytes is None:
        raise _no_bundle(f"{name} is not where it belongs")
    return size_bytes


def _no_bundle(why: str) -> Refused:
    return Refused(ExitCode.FORMAT, f"it is no bundle: {why}")


def _manifest(padded: bytes) -> BundleManifest:
    envelope = padded.rstrip(b" ")
    found = is_canonical(envelope)
    if found is None:
        raise _no_bundle("its manifest is no signed envelope")
    try:
        manifest = BundleManifest.model_validate_json(found)
    except ValidationError as cause:
        raise _no_bundle("its manifest says what is not known") from cause
    if manifest.pseudonym != pseudonym_of(manifest.user_key, manifest.device_key):
        raise Refused(ExitCode.SIGNATURE, "its keys are not those of its pseudonym")
    signer = PublicKey(role="user", public=manifest.user_key)
    try:
        verify_envelope(envelope, signer, BUNDLE_TYPE)
    except (SignatureWrong, ValueError) as cause:
        raise Refused(ExitCode.SIGNATURE, "its manifest is not signed by its key") from cause
    if not _is_utc(manifest.created):
        raise _no_bundle("its date is no date")
    return manifest


def _is_utc(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).utcoffset() == timedelta(0)
    except ValueError:
        return False


def _check_payload(file: BufferedReader, parts: _Parts, manifest: BundleManifest) -> None:
    if parts.payload_bytes != manifest.payload_bytes:
        raise Refused(ExitCode.HASH, "its payload has another size than was signed")
    digest, left = hashlib.sha256(), parts.payload_bytes
    file.seek(parts.payload_at)
    piece = memoryview(bytearray(min(left, _HASHED_BYTES)))
    while left:
        count = file.readinto(piece[:left])
        if not count:
            raise _no_bundle("it became shorter while it was read")
        digest.update(piece[:count])
        left -= count
    if digest.hexdigest() != manifest.payload_sha256:
        raise Refused(ExitCode.HASH, "its payload is not what was signed")


def _consent(ledger: bytes, manifest: BundleManifest, expect: Expect) -> ConsentEntry:
    """Give the entry under which it was shared: the last one, and a yes."""
    if not ledger or ledger_head(ledger) != manifest.ledger_head:
        raise Refused(ExitCode.CONSENT_MISMATCH, "its ledger is not the one that was signed")
    try:
        view = foreign_ledger(ledger, manifest.study, manifest.user_key, manifest.device_key)
    except ConsentUntrusted as cause:
        raise Refused(ExitCode.CONSENT_MISMATCH, f"consent: {cause.what}") from cause
    entry = view.entries[-1]
    if entry.state not in _GIVEN:
        raise Refused(ExitCode.CONSENT_MISMATCH, "the participant did not consent, or no longer")
    if entry.expires_wall_ns <= expect.now_ns:
        raise Refused(ExitCode.CONSENT_MISMATCH, "the consent expired")
    return entry


def _check_terms(entry: ConsentEntry, manifest: BundleManifest, expect: Expect) -> Notice:
    """Give the notice that was agreed to, one of the study's, for its purposes."""
    header = entry.record.header
    told = (manifest.consent_id, manifest.pseudonym, manifest.notice_sha256)
    if told != (header.record_id, header.pii_principal_id, entry.notice_sha256):
        raise Refused(ExitCode.CONSENT_MISMATCH, "it names another consent than its ledger")
    notice = expect.notices.get(entry.notice_sha256)
    if notice is None:
        raise Refused(ExitCode.CONSENT_MISMATCH, "the study never signed the notice")
    purposes = {one.purpose for one in entry.record.pii_processing.purposes}
    if purposes != set(notice.terms.purposes):
        raise Refused(ExitCode.CONSENT_MISMATCH, "the consent is for other purposes")
    return notice


def _check_audience(manifest: BundleManifest, notice: Notice, expect: Expect) -> None:
    if manifest.study != expect.study or notice.terms.id != expect.study:
        raise Refused(ExitCode.AUDIENCE, "it is for another study")
    if manifest.audience != expect.audience or expect.audience not in notice.terms.controller.keys:
        raise Refused(ExitCode.AUDIENCE, "it is for another controller")
