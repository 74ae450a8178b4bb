"""Sealing: one random key per episode, wrapped to its owner; one derived key per file.

The recorder holds the key while the episode is open and only then. What is wrapped can be
opened by the owner's identity or recovery key alone.
"""

import secrets
from collections.abc import Sequence
from typing import Final

import pyarrow.parquet.encryption as pe
import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from recorder.core.errors import ExitCode, RecorderError

KEY_SIZE_BYTES: Final = 32
"""AES-256; DuckDB 2.0 reads files under 32-byte keys and refuses those under 16 (measured)."""


class NotUnlocked(RecorderError):
    """The identity does not open this episode."""

    def __init__(self, episode_id: str) -> None:
        super().__init__(
            f"Episode {episode_id} is sealed to another key",
            "use the identity or recovery key of the folder in which it was recorded",
            ExitCode.WRONG_PASSPHRASE,
        )


class EpisodeKey:
    """An episode's key in memory; `wipe` overwrites it.

    Python may have copied the bytes before; wiping shortens their life, no more.
    """

    __slots__ = ("_bytes", "_episode_id")

    def __init__(self, episode_id: str, key: bytes) -> None:
        self._episode_id = episode_id
        self._bytes = bytearray(key)

    @classmethod
    def new(cls, episode_id: str) -> "EpisodeKey":
        """Give a random key."""
        return cls(episode_id, secrets.token_bytes(KEY_SIZE_BYTES))

    @classmethod
    def unwrap(cls, episode_id: str, wrapped: bytes, identity: str) -> "EpisodeKey":
        """Open a wrapped key. `identity`: AGE-SECRET-KEY-1….

        Raises:
            NotUnlocked: It is wrapped to others, or damaged.
        """
        return cls(episode_id, open_sealed(wrapped, identity, episode_id))

    def wrap(self, recipients: Sequence[str]) -> bytes:
        """Seal the key to age recipients (age1…)."""
        return seal(bytes(self._bytes), recipients)

    def file_key(self, file_name: str) -> bytes:
        """Derive the key of one file: HKDF-SHA256, bound to episode and file name.

        Raises:
            ValueError: The key was wiped.
        """
        if not self._bytes:
            raise ValueError("the episode's key was wiped")
        info = f"recorder/v1|{self._episode_id}|{file_name}".encode()
        return HKDF(hashes.SHA256(), KEY_SIZE_BYTES, salt=b"", info=info).derive(self._bytes)

    def encryption(self, file_name: str) -> object:
        """Give Parquet's settings to write one file: uniform, footer encrypted, AES-GCM."""
        return pe.create_encryption_properties(
            footer_key=self.file_key(file_name), encryption_algorithm="AES_GCM_V1"
        )

    def decryption(self, file_name: str) -> object:
        """Give Parquet's settings to read one file."""
        return pe.create_decryption_properties(footer_key=self.file_key(file_name))

    def wipe(self) -> None:
        """Overwrite the key with zeros and let go of it; nothing more can be sealed."""
        self._bytes[:] = bytes(len(self._bytes))
        self._bytes = bytearray()

    def __repr__(self) -> str:
        return "EpisodeKey(…)"


def seal(data: bytes, recipients: Sequence[str]) -> bytes:
    """Encrypt to age X25519 recipients."""
    return bytes(
        pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(text) for text in recipients])
    )


def open_sealed(data: bytes, identity: str, episode_id: str) -> bytes:
    """Decrypt what `seal` made.

    Raises:
        NotUnlocked: It is sealed to others, or damaged.
    """
    try:
        return bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(identity.strip())]))
    except (pyrage.DecryptError, pyrage.IdentityError) as cause:
        raise NotUnlocked(episode_id) from cause
