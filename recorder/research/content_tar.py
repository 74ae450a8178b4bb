"""Reading the plain content of a bundle as a stream: each member once, none larger than told."""

import hashlib
from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError

from recorder.consent.keys import PublicKey, SignatureWrong, verify_envelope
from recorder.core.errors import ExitCode
from recorder.research.content_verdict import ContentRefused
from recorder.sharing.bundle import CONTENT, CONTENT_MANIFEST
from recorder.sharing.statements import CONTENT_TYPE, ContentFile, ContentManifest
from recorder.sharing.ustar import BLOCK, END, Readable, padding, size_told

_MANIFEST_BYTES: Final = 4_000_000
"""A day in one-minute files takes a quarter of it."""
_MEMBER_BYTES: Final = 128_000_000
"""A segment ends at 32 MB; one frame more may follow."""


class ContentStream:
    """The content as it comes; whatever is not exactly as told is refused.

    Args:
        plain: What was sealed.
        is_known: These very bytes were looked at before, by the signed digest of their sealed
            form: their digests, a second's work for each gigabyte, are not taken again.
    """

    def __init__(self, plain: Readable, *, is_known: bool = False) -> None:
        self._plain = plain
        self._is_known = is_known
        self._digest = hashlib.sha256()

    def manifest(self, user_key: str) -> ContentManifest:
        """Give the signed list of what follows; the first thing to be read.

        Raises:
            ContentRefused: It is no such list, or the participant did not sign it.
        """
        block = self._take(BLOCK)
        size_bytes = size_told(block, CONTENT_MANIFEST)
        if size_bytes is None or size_bytes > _MANIFEST_BYTES:
            raise ContentRefused(ExitCode.FORMAT, "its content does not begin with its manifest")
        envelope = self._take(size_bytes)
        self._blank(padding(size_bytes))
        try:
            key = PublicKey(role="user", public=user_key)
            found = ContentManifest.model_validate_json(
                verify_envelope(envelope, key, CONTENT_TYPE)
            )
        except SignatureWrong as cause:
            raise ContentRefused(
                ExitCode.SIGNATURE, "the participant did not sign its content manifest"
            ) from cause
        except ValidationError as cause:
            raise ContentRefused(ExitCode.FORMAT, "its content manifest is no such list") from cause
        if size_told(self._take(BLOCK), CONTENT) != found.content_bytes:
            raise ContentRefused(ExitCode.FORMAT, "its content is not packed as content is")
        return found

    def members(self, told: ContentManifest) -> Iterator[tuple[ContentFile, bytes]]:
        """Give each member of the approved tar in order, its digest checked.

        Raises:
            ContentRefused: It is not exactly the tar that was signed.
        """
        for file in told.files:
            if file.size_bytes > _MEMBER_BYTES:
                raise ContentRefused(ExitCode.LIMITS, "a file in it is too large")
            if size_told(self._hashed(BLOCK), file.name) != file.size_bytes:
                raise ContentRefused(
                    ExitCode.FORMAT, "it holds another file than its manifest lists"
                )
            data = self._hashed(file.size_bytes)
            if not self._is_known and hashlib.sha256(data).hexdigest() != file.sha256:
                raise ContentRefused(ExitCode.HASH, "a file in it is not the one that was signed")
            if any(self._hashed(padding(file.size_bytes))):
                raise ContentRefused(ExitCode.FORMAT, "its content is not packed as content is")
            yield file, data
        self._end(told)

    def _end(self, told: ContentManifest) -> None:
        if self._hashed(len(END)) != END:
            raise ContentRefused(ExitCode.FORMAT, "it holds more files than its manifest lists")
        if not self._is_known and self._digest.hexdigest() != told.content_sha256:
            raise ContentRefused(ExitCode.HASH, "its content is not what was approved")
        self._blank(padding(told.content_bytes) + len(END))
        if self._plain.read(1):
            raise ContentRefused(ExitCode.FORMAT, "bytes follow its content")

    def _hashed(self, size: int) -> bytes:
        data = self._take(size)
        if not self._is_known:
            self._digest.update(data)
        return data

    def _blank(self, size: int) -> None:
        if any(self._take(size)):
            raise ContentRefused(ExitCode.FORMAT, "its content is not packed as content is")

    def _take(self, size: int) -> bytes:
        data = self._plain.read(size)
        if len(data) != size:
            raise ContentRefused(ExitCode.FORMAT, "its content ends too early")
        return data
