"""Writing a bundle: what a participant shares, sealed to the recipients of the study.

```
manifest.dsse.json   BundleManifest, padded with spaces to 2,048 bytes
ledger.jsonl         the participant's ledger of this study
payload.age          sealed: content.dsse.json (ContentManifest), content.tar (as approved)
```
Written front to back in one pass; the manifest, which tells the digest of what follows it,
has a fixed size and is filled in at the end.
"""

import hashlib
import io
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO, Final

import pyrage

from recorder.consent.keys import SigningKey
from recorder.core.errors import ExitCode, RecorderError
from recorder.sharing.statements import BUNDLE_TYPE, CONTENT_TYPE, BundleManifest, ContentManifest
from recorder.sharing.ustar import BLOCK, END, MOST_BYTES, Readable, header, padding, taken

MANIFEST: Final = "manifest.dsse.json"
LEDGER: Final = "ledger.jsonl"
PAYLOAD: Final = "payload.age"
CONTENT_MANIFEST: Final = "content.dsse.json"
CONTENT: Final = "content.tar"
MANIFEST_BYTES: Final = 2048
"""A signed manifest takes about 1,500."""
MOST_LEDGER_BYTES: Final = 4 * 1024 * 1024
"""A line takes 3 kB; nobody decides a thousand times."""
_COPIED_BYTES: Final = 1 << 20


class NotBundled(RecorderError):
    """A bundle cannot be made of it."""

    def __init__(self, why: str, fix: str, code: ExitCode = ExitCode.HASH) -> None:
        super().__init__(f"That cannot be shared: {why}", fix, code)


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name and under which consent is shared.

    Attributes:
        audience: Hex public key of the controller.
        recipients: `age1…`, the only ones who can read the payload.
        user: The study's user key, which signs.
        device_key: Hex public device key of the study.
        ledger: The study's ledger, exact bytes.
    """

    study: str
    pseudonym: str
    audience: str
    consent_id: str
    notice_sha256: str
    recipients: tuple[str, ...]
    user: SigningKey = field(repr=False)
    device_key: str
    ledger: bytes = field(repr=False)


def write_bundle(
    file: BinaryIO, sender: Sender, episode_id: str, content: ContentManifest, source: Readable
) -> BundleManifest:
    """Write a bundle; memory stays flat however long it is.

    Args:
        file: Seekable, at its beginning.
        sender: In whose name.
        episode_id: Which episode it is.
        content: What the source holds; its digest and size must be true.
        source: The approved tar.

    Raises:
        NotBundled: The source is not what the content manifest tells, or it is too large.
        RecorderError: As the source raises.
    """
    if len(sender.ledger) > MOST_LEDGER_BYTES:
        raise NotBundled("its ledger is too large", "leave the study and join it anew")
    file.write(bytes(taken(MANIFEST_BYTES)) + header(LEDGER, len(sender.ledger)))
    file.write(sender.ledger + bytes(padding(len(sender.ledger)) + BLOCK))
    sealed = _Sealed(file)
    plain = _Plain(content, sender.user.sign(content.payload(), CONTENT_TYPE), source)
    keys = [pyrage.x25519.Recipient.from_str(one) for one in sender.recipients]
    pyrage.encrypt_io(plain, sealed, keys)
    plain.check()
    if sealed.size_bytes > MOST_BYTES:
        raise NotBundled("it is larger than 8 GB", "approve ranges of it", ExitCode.LIMITS)
    file.write(bytes(padding(sealed.size_bytes)) + END)
    manifest = _manifest(sender, episode_id, content.bundle_id, sealed)
    envelope = sender.user.sign(manifest.payload(), BUNDLE_TYPE)
    file.seek(0)
    file.write(header(MANIFEST, MANIFEST_BYTES) + envelope.ljust(MANIFEST_BYTES))
    file.seek(taken(MANIFEST_BYTES) + taken(len(sender.ledger)))
    file.write(header(PAYLOAD, sealed.size_bytes))
    return manifest


def ledger_head(ledger: bytes) -> str:
    """Give the hex digest of a ledger's last line."""
    return hashlib.sha256(ledger.removesuffix(b"\n").rpartition(b"\n")[2]).hexdigest()


def _manifest(sender: Sender, episode_id: str, bundle_id: str, sealed: "_Sealed") -> BundleManifest:
    return BundleManifest(
        bundle_id=bundle_id,
        episode_id=episode_id,
        study=sender.study,
        pseudonym=sender.pseudonym,
        audience=sender.audience,
        nonce=secrets.token_hex(16),
        user_key=sender.user.public.public,
        device_key=sender.device_key,
        consent_id=sender.consent_id,
        notice_sha256=sender.notice_sha256,
        ledger_head=ledger_head(sender.ledger),
        payload_sha256=sealed.digest.hexdigest(),
        payload_bytes=sealed.size_bytes,
        created=datetime.now(UTC).isoformat(timespec="microseconds"),
    )


class _Sealed:
    """Where age writes to: the file, counted and hashed on the way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size_bytes = 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size_bytes += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        """Leave it to the file."""


class _Plain:
    """What age reads from: the inner tar, made while it is read."""

    def __init__(self, content: ContentManifest, envelope: bytes, source: Readable) -> None:
        self._content = content
        self._source = source
        self._digest = hashlib.sha256()
        self._size_bytes = 0
        self._error: RecorderError | None = None
        size_bytes = content.content_bytes
        front = header(CONTENT_MANIFEST, len(envelope)) + envelope
        front += bytes(padding(len(envelope))) + header(CONTENT, size_bytes)
        self._chunk = io.BytesIO(front)
        self._end = bytes(padding(size_bytes)) + END

    def read(self, size: int = -1) -> bytes:
        """Give some of the next bytes; b"" at the end, also where the source failed."""
        found = self._chunk.read(size)
        if not found:
            self._chunk = io.BytesIO(self._next())
            found = self._chunk.read(size)
        return found

    def check(self) -> None:
        """Raise what went wrong while it was read: age would have gone on."""
        if self._error is not None:
            raise self._error
        told = (self._content.content_sha256, self._content.content_bytes)
        if (self._digest.hexdigest(), self._size_bytes) != told:
            raise NotBundled("it is not what was approved", "approve it again")

    def _next(self) -> bytes:
        try:
            data = self._source.read(_COPIED_BYTES) if self._error is None else b""
        except RecorderError as error:
            self._error, data = error, b""
        self._digest.update(data)
        self._size_bytes += len(data)
        if not data:
            data, self._end = self._end, b""
        return data
