"""One sealed file's own key, and reading what it seals from any place.

The age format (https://c2sp.org/age, version 1): a header wraps a random *file key* to each
recipient; the payload is ChaCha20-Poly1305 in chunks of 64 KiB, each with its number. Whoever
has a file key reads that file and no other, so a worker gets it and never the identity.
"""

import hashlib
import hmac
from base64 import b64decode
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from recorder.sharing.age_streams import NotSealedToYou

_VERSION: Final = b"age-encryption.org/v1"
_MAC_MARK: Final = b"---"
_MOST_HEADER_BYTES: Final = 64_000
_CHUNK: Final = 64 * 1024
_TAG: Final = 16
_NONCE: Final = 16
_KEY_BYTES: Final = 32
_LETTERS: Final = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
"""Of Bech32 (BIP 173)."""
_SECRET: Final = "AGE-SECRET-KEY-1"  # noqa: S105 - what an identity begins with
_CHECKSUM_LETTERS: Final = 6


def file_key(sealed: BinaryIO, identity: str) -> bytes:
    """Give the key of one age file; 16 bytes. Nothing of what it seals is decrypted.

    Args:
        sealed: At the file's beginning; at the payload's nonce afterwards.
        identity: `AGE-SECRET-KEY-1…`.

    Raises:
        NotSealedToYou: The identity does not open it, or its header is damaged.
    """
    own = X25519PrivateKey.from_private_bytes(_secret(identity))
    header, stanzas, mac = _header(sealed)
    for share, wrapped in stanzas:
        try:
            found = _unwrapped(own, share, wrapped)
        except (InvalidTag, ValueError):
            continue
        if hmac.compare_digest(_mac(found, header), mac):
            return found
    raise NotSealedToYou


class SealedParts:
    """The plain bytes of an age file, front to back or from any place.

    Every chunk is checked before it is given. Which chunk is the last one is part of what is
    checked, so a file that was cut is found out at its new end.
    """

    def __init__(self, file: BinaryIO, at: int, size_bytes: int, key: bytes) -> None:
        """Open it.

        Args:
            file: Seekable; used by nobody else meanwhile.
            at: Where the age file begins in it, bytes.
            size_bytes: How long the age file is.
            key: Its file key.

        Raises:
            NotSealedToYou: The header is damaged.
        """
        self._file = file
        file.seek(at)
        _header(file)
        nonce = file.read(_NONCE)
        self._first = file.tell()
        left = at + size_bytes - self._first
        if left < _TAG:
            raise NotSealedToYou
        self._chunks = -(-left // (_CHUNK + _TAG))
        self._end = self._first + left
        self._cipher = ChaCha20Poly1305(_derived(key, nonce, b"payload"))
        self._position = 0
        self._held = (-1, b"")

    def read(self, size: int = -1, /) -> bytes:
        """Give the next bytes, fewer only at the end.

        Raises:
            NotSealedToYou: It is damaged, cut or cannot be read there.
        """
        left = self._chunks * _CHUNK if size < 0 else size
        found: list[memoryview] = []
        while left:
            number, skip = divmod(self._position, _CHUNK)
            piece = memoryview(self._chunk(number))[skip : skip + left]
            if not piece:
                break
            found.append(piece)
            left -= len(piece)
            self._position += len(piece)
        return b"".join(found)

    def tell(self) -> int:
        """Give where the next byte is read, in plain bytes."""
        return self._position

    def seek(self, position: int) -> None:
        """Read on from another place."""
        self._position = position

    def _chunk(self, number: int) -> bytes:
        if number >= self._chunks:
            return b""
        if self._held[0] != number:
            at = self._first + number * (_CHUNK + _TAG)
            nonce = number.to_bytes(11, "big") + bytes([number == self._chunks - 1])
            try:
                self._file.seek(at)
                sealed = self._file.read(min(_CHUNK + _TAG, self._end - at))
                self._held = (number, self._cipher.decrypt(nonce, sealed, None))
            except (InvalidTag, ValueError, OSError) as cause:
                raise NotSealedToYou from cause
        return self._held[1]


def _header(sealed: BinaryIO) -> tuple[bytes, list[tuple[bytes, bytes]], bytes]:
    """Give the header up to its MAC, shares and wrapped keys of X25519 recipients, the MAC."""
    lines = [_line(sealed)]
    if lines[0] != _VERSION:
        raise NotSealedToYou
    stanzas: list[tuple[bytes, bytes]] = []
    size_bytes = len(lines[0])
    while not lines[-1].startswith(_MAC_MARK + b" "):
        lines.append(_line(sealed))
        size_bytes += len(lines[-1])
        if size_bytes > _MOST_HEADER_BYTES:
            raise NotSealedToYou
        words = lines[-2].split(b" ")
        if words[:2] == [b"->", b"X25519"] and len(words) == 3:  # noqa: PLR2004 - mark, kind, share
            stanzas.append((words[2], lines[-1]))
    mac = lines.pop().removeprefix(_MAC_MARK + b" ")
    header = b"\n".join([*lines, _MAC_MARK])
    return header, [(_bytes(one), _bytes(other)) for one, other in stanzas], _bytes(mac)


def _line(sealed: BinaryIO) -> bytes:
    line = sealed.readline(_MOST_HEADER_BYTES)
    if not line.endswith(b"\n"):
        raise NotSealedToYou
    return line[:-1]


def _bytes(text: bytes) -> bytes:
    try:
        return b64decode(text + bytes(-len(text) % 4).replace(b"\0", b"="), validate=True)
    except ValueError as cause:
        raise NotSealedToYou from cause


def _unwrapped(own: X25519PrivateKey, share: bytes, wrapped: bytes) -> bytes:
    public = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = own.exchange(X25519PublicKey.from_public_bytes(share))
    key = _derived(shared, share + public, _VERSION + b"/X25519")
    return ChaCha20Poly1305(key).decrypt(bytes(12), wrapped, None)


def _mac(key: bytes, header: bytes) -> bytes:
    return hmac.new(_derived(key, b"", b"header"), header, hashlib.sha256).digest()


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt, info).derive(key)


def _secret(identity: str) -> bytes:
    """Give the 32 bytes of an identity; its checksum was checked when it was made."""
    letters = identity.strip().upper().removeprefix(_SECRET)[:-_CHECKSUM_LETTERS]
    number = 0
    for letter in letters:
        number = number << 5 | _LETTERS.index(letter)
    return (number >> (len(letters) * 5 - _KEY_BYTES * 8)).to_bytes(_KEY_BYTES, "big")
