"""Two signing keys: the user key says yes, the device key signs for the machine.

The user key (consent, approval, erasure) is sealed to the owner's age recipients, so
the passphrase opens it. The device key (manifests, agent events, `withdrawn`,
`narrowed`, `refused`) is a 0600 file. Envelopes are DSSE with Ed25519,
https://github.com/secure-systems-lab/dsse.
"""

import json
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import (  # type: ignore[attr-defined]  # it has no __all__
    CryptoSigner,
    SSlibKey,
)

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import private_folder, read_regular, write_whole

MAX_ENVELOPE_BYTES = 16 * 1024 * 1024
_MAX_KEY_BYTES = 64 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BACKUP = "put it back from a backup, or make a new folder with recorder init"
_ENVELOPE_FIELDS = frozenset({"payload", "payloadType", "signatures"})


class KeyUnusable(RecorderError):
    """A signing key is missing, damaged or readable by others."""

    def __init__(self, name: str, what: str, fix: str = _BACKUP) -> None:
        super().__init__(f"The key file {name} {what}", fix, ExitCode.SIGNATURE)


class SignatureWrong(RecorderError):
    """An envelope is damaged, or was not signed by the key that it should be."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"It is not what was signed: {what}",
            "compare it with a backup, and do not rely on it until then",
            ExitCode.SIGNATURE,
        )


class PublicKey(BaseModel):
    """A public key, as it stands in `keys/*.pub`."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_name: Literal["recorder.key/1"] = Field("recorder.key/1", alias="schema")
    role: Literal["user", "device"]
    keytype: Literal["ed25519"] = "ed25519"
    public: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def key_id(self) -> str:
        """Hex SHA-256 by which envelopes name the key."""
        return self.verifier().keyid

    def verifier(self) -> SSlibKey:
        """Give the key in the form that checks envelopes."""
        return SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public)))


class SigningKey:
    """A private key in memory; its repr shows the role only."""

    __slots__ = ("_signer", "public")

    role: Literal["user", "device"] = "device"

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._signer = CryptoSigner(private)
        self.public = PublicKey(role=self.role, public=self._signer.public_key.keyval["public"])

    def __repr__(self) -> str:
        return f"<{self.role} key>"

    def sign(self, payload: bytes, payload_type: str) -> bytes:
        """Give a DSSE envelope as one line of JSON without a line end."""
        envelope = Envelope(payload, payload_type, {})
        envelope.sign(self._signer)
        return json.dumps(envelope.to_dict(), separators=(",", ":"), sort_keys=True).encode()

    def pem(self) -> bytes:
        """Give the private key as PKCS#8 PEM, for sealing or for the 0600 file."""
        return self._signer.private_bytes


class UserKey(SigningKey):
    """The person's own key: the only one that can sign `given`."""

    role = "user"


class DeviceKey(SigningKey):
    """The machine's key: signs what needs no passphrase."""

    role = "device"


def create_signing_keys(folder: Path, recipients: Sequence[str]) -> UserKey:
    """Make both key pairs; the user key is sealed to the owner's recipients.

    Args:
        folder: The recordings' folder.
        recipients: `age1…` strings of identity and recovery key.

    Raises:
        OSError: The folder cannot be written.
    """
    user = UserKey(Ed25519PrivateKey.generate())
    sealed = pyrage.encrypt(user.pem(), [pyrage.x25519.Recipient.from_str(r) for r in recipients])
    keys = private_folder(folder / "keys")
    write_whole(keys / "user.key.age", sealed)
    write_whole(keys / "user.pub", _public_file(user.public))
    create_device_key(folder)
    return user


def reseal_user_key(folder: Path, identity: str, recipients: Sequence[str]) -> None:
    """Seal the user key to other recipients.

    Args:
        folder: The recordings' folder.
        identity: What opens it now.
        recipients: `age1…` strings of those who shall open it.

    Raises:
        KeyUnusable: It is missing, damaged, or sealed to someone else.
        OSError: It cannot be written; it is as it was.
    """
    pem = load_user_key(folder, identity).pem()
    sealed = pyrage.encrypt(pem, [pyrage.x25519.Recipient.from_str(r) for r in recipients])
    write_whole(folder / "keys" / "user.key.age", sealed)


def create_device_key(folder: Path) -> DeviceKey:
    """Make the device key alone: all that a demonstration's folder needs."""
    device = DeviceKey(Ed25519PrivateKey.generate())
    keys = private_folder(folder / "keys")
    write_whole(keys / "device.key", device.pem())
    write_whole(keys / "device.pub", _public_file(device.public))
    return device


def load_device_key(folder: Path) -> DeviceKey:
    """Give the device key.

    Raises:
        KeyUnusable: It is missing, damaged or open to others.
    """
    path = folder / "keys" / "device.key"
    data = _read(path)
    if path.stat().st_mode & _OTHERS:
        raise KeyUnusable(path.name, "can be read by others", f"chmod 600 {path}")
    return DeviceKey(_private(data, path.name))


def load_user_key(folder: Path, identity: str) -> UserKey:
    """Give the user key.

    Args:
        folder: The recordings' folder.
        identity: The unlocked `AGE-SECRET-KEY-…`, or the recovery key.

    Raises:
        KeyUnusable: It is missing, damaged, or sealed to someone else.
    """
    path = folder / "keys" / "user.key.age"
    sealed = _read(path)
    try:
        data = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError as cause:
        raise KeyUnusable(path.name, "is damaged or belongs to other keys") from cause
    return UserKey(_private(data, path.name))


def load_public_key(folder: Path, role: Literal["user", "device"]) -> PublicKey:
    """Give a public key from its file.

    Raises:
        KeyUnusable: It is missing or damaged.
    """
    path = folder / "keys" / f"{role}.pub"
    try:
        key = PublicKey.model_validate_json(_read(path))
    except ValidationError as cause:
        raise KeyUnusable(path.name, "is damaged") from cause
    if key.role != role:
        raise KeyUnusable(path.name, "is the wrong key")
    return key


def verify_envelope(data: bytes, public_key: PublicKey, payload_type: str | None = None) -> bytes:
    """Give the payload of an envelope that the key signed.

    Args:
        data: The envelope's JSON; trailing whitespace is ignored.
        public_key: Who must have signed.
        payload_type: What it must be; None takes any.

    Raises:
        SignatureWrong: Damaged, of another type, or signed by nobody or someone else.
    """
    envelope = parse_envelope(data)
    try:
        envelope.verify([public_key.verifier()], 1)
    except VerificationError as cause:
        raise SignatureWrong(f"the {public_key.role} key did not sign it") from cause
    if payload_type is not None and envelope.payload_type != payload_type:
        raise SignatureWrong(f"it is no {payload_type}")
    return bytes(envelope.payload)


def parse_envelope(data: bytes) -> Envelope:
    """Give an envelope whose signatures nobody has checked yet.

    Raises:
        SignatureWrong: It is no envelope.
    """
    if len(data) > MAX_ENVELOPE_BYTES:
        raise SignatureWrong("it is too large")
    try:
        fields = json.loads(data)
        if not isinstance(fields, dict) or set(fields) != _ENVELOPE_FIELDS:
            raise SignatureWrong("it is no signed envelope")
        return Envelope.from_dict(fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as cause:
        raise SignatureWrong("it is no signed envelope") from cause


def _public_file(key: PublicKey) -> bytes:
    return key.model_dump_json(by_alias=True).encode() + b"\n"


def _read(path: Path) -> bytes:
    try:
        return read_regular(path, _MAX_KEY_BYTES)
    except OSError as cause:
        raise KeyUnusable(path.name, "cannot be read") from cause


def _private(data: bytes, name: str) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(data, None)
    except ValueError as cause:
        raise KeyUnusable(name, "is damaged") from cause
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(name, "is no Ed25519 key")
    return key
