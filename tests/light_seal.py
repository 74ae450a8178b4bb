"""Sealing under a passphrase with an scrypt that costs a test milliseconds.

An age file says in its own header how much work its passphrase takes (age-encryption.org/v1,
"The scrypt recipient type"), so what is sealed here is opened by the real program, its real
child and the real pyrage, in any process. Only how long guessing takes is less.
"""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from recorder.consent.passphrase import Passphrase
from recorder.episodes import identity
from recorder.research import new_study

WORK: Final = 10
"""Power of two of scrypt's N; age itself takes about 19."""
_CHUNK_BYTES: Final = 64 * 1024


@contextmanager
def used() -> Iterator[None]:
    """Have recordings' folders and studies that this process makes sealed so."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (identity, new_study):
            patch.setattr(module, "seal", seal)
        yield


def seal(secret: bytes, passphrase: Passphrase) -> bytes:
    """Give an age file of one chunk that the passphrase opens; see `passphrase.seal`."""
    assert len(secret) <= _CHUNK_BYTES
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    scrypt = Scrypt(b"age-encryption.org/v1/scrypt" + salt, length=32, n=2**WORK, r=8, p=1)
    wrap = ChaCha20Poly1305(scrypt.derive(passphrase.text.encode()))
    stanza = b"-> scrypt %s %d\n%s\n" % (
        _text(salt), WORK, _text(wrap.encrypt(bytes(12), file_key, None)),
    )  # fmt: skip
    header = b"age-encryption.org/v1\n" + stanza + b"---"
    mac = hmac.HMAC(_derived(file_key, b"", b"header"), hashes.SHA256())
    mac.update(header)
    chunk = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    last = bytes(11) + b"\1"
    return header + b" " + _text(mac.finalize()) + b"\n" + nonce + chunk.encrypt(last, secret, None)


def _derived(file_key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=salt, info=info).derive(file_key)


def _text(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")
