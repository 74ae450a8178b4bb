"""Opening the payload of a bundle that passed the gate: its content, as a stream.

The content is handed on as bytes, not parsed: Parquet from elsewhere is for a process with
limits. Whoever reads must throw away what it made of the stream when the end is refused.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

from pydantic import ValidationError

from recorder.consent.keys import PublicKey, SignatureWrong, verify_envelope
from recorder.core.errors import ExitCode
from recorder.files import regular_file
from recorder.sharing.age_streams import NotSealedToYou, Unsealed, unsealing
from recorder.sharing.bundle import CONTENT, CONTENT_MANIFEST
from recorder.sharing.bundle_gate import Outer, Refused
from recorder.sharing.envelopes import is_canonical
from recorder.sharing.statements import CONTENT_TYPE, ContentManifest
from recorder.sharing.ustar import BLOCK, END, padding, size_told

MOST_CONTENT_MANIFEST_BYTES: Final = 4 * 1024 * 1024
"""A day of one-minute files takes half a megabyte."""


class Content:
    """The approved tar, front to back; the end is given only when the digest is right."""

    def __init__(self, plain: Unsealed, told: ContentManifest) -> None:
        self._plain = plain
        self._told = told
        self._left = told.content_bytes
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; b"" at the end.

        Raises:
            Refused: It is not what was signed, found out at the end.
        """
        wanted = self._left if size < 0 else min(size, self._left)
        data = _read(self._plain, wanted)
        if len(data) < wanted:
            raise Refused(ExitCode.FORMAT, "its content was cut")
        self._digest.update(data)
        if self._left and not self._left - len(data):
            self._check_end()
        self._left -= len(data)
        return data

    def _check_end(self) -> None:
        if self._digest.hexdigest() != self._told.content_sha256:
            raise Refused(ExitCode.HASH, "its content is not what was signed")
        end = bytes(padding(self._told.content_bytes)) + END
        if _read(self._plain, len(end) + 1) != end:
            raise Refused(ExitCode.FORMAT, "something follows its content")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a bundle holds, its manifest checked."""

    manifest: ContentManifest
    content: Content


@contextmanager
def open_payload(outer: Outer, identity: str) -> Iterator[Opened]:
    """Decrypt a payload while the block lasts.

    Args:
        outer: Of `check_outer`.
        identity: The study's `AGE-SECRET-KEY-1…`.

    Raises:
        Refused: It is sealed to others, or its content is not what the participant signed.
        OSError: It cannot be read.
    """
    with regular_file(outer.path) as file:
        file.seek(outer.payload_at)
        part = _Part(file, outer.manifest.payload_bytes)
        with unsealing(part, identity) as plain:
            told = _manifest(plain, outer)
            if size_told(_read(plain, BLOCK), CONTENT) != told.content_bytes:
                raise Refused(ExitCode.FORMAT, "its content has another size than was signed")
            yield Opened(told, Content(plain, told))


class _Part:
    """The next bytes of a file, and no more."""

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        self._file = file
        self._left = size_bytes

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted)
        self._left -= len(data)
        return data


def _manifest(plain: Unsealed, outer: Outer) -> ContentManifest:
    """Give the content's manifest, signed by the participant for this bundle."""
    size_bytes = size_told(_read(plain, BLOCK), CONTENT_MANIFEST)
    if size_bytes is None or size_bytes > MOST_CONTENT_MANIFEST_BYTES:
        raise Refused(ExitCode.FORMAT, "its payload has no manifest")
    envelope = _read(plain, size_bytes)
    payload = is_canonical(envelope)
    if payload is None or any(_read(plain, padding(size_bytes))):
        raise Refused(ExitCode.FORMAT, "the manifest of its content is no signed envelope")
    try:
        verify_envelope(
            envelope, PublicKey(role="user", public=outer.manifest.user_key), CONTENT_TYPE
        )
        told = ContentManifest.model_validate_json(payload)
    except SignatureWrong as cause:
        raise Refused(ExitCode.SIGNATURE, "the participant did not sign its content") from cause
    except ValidationError as cause:
        raise Refused(ExitCode.FORMAT, "the manifest of its content says too much") from cause
    if told.bundle_id != outer.manifest.bundle_id:
        raise Refused(ExitCode.AUDIENCE, "its content was signed for another bundle")
    return told


def _read(plain: Unsealed, size: int) -> bytes:
    try:
        return plain.read(size)
    except NotSealedToYou as cause:
        raise Refused(ExitCode.AUDIENCE, "it is not sealed to this study's key") from cause
