"""Two signing keys: the user key says yes, the device key signs for the machine.

The user key (consent, approval, erasure) is sealed to the owner's age recipients, so
the passphrase opens it. The device key (manifests, agent events, `withdrawn`,
`narrowed`, `refused`) is a 0600 file. Each study has a pair of its own, so that two
cannot tell that they know the same person.
"""

import hmac
import json
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from pydantic import Field, ValidationError

from recorder.consent.dsse import Envelope, key_id, signed
from recorder.consent.records import OWN_CHAIN
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.strict import Strict
from recorder.files import private_folder, read_regular, write_whole

MAX_ENVELOPE_BYTES = 16 * 1024 * 1024
_MAX_KEY_BYTES = 64 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_BACKUP = "put it back from a backup, or make a new folder with recorder init"
STUDIES = "studies"
USER_KEY = "user.key.age"
Role = Literal["user", "device", "controller"]


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


class PublicKey(Strict):
    """A public key, as it stands in `*.pub` files."""

    schema_name: Literal["recorder.key/1"] = Field("recorder.key/1", alias="schema")
    role: Role
    keytype: Literal["ed25519"] = "ed25519"
    public: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def key_id(self) -> str:
        """Hex SHA-256 by which envelopes name the key."""
        return key_id(self.verifier())

    def verifier(self) -> Ed25519PublicKey:
        """Give the key in the form that checks envelopes."""
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public))


class SigningKey:
    """A private key in memory; its repr shows the role only."""

    __slots__ = ("_private", "public")

    role: Role = "device"

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = PublicKey(role=self.role, public=public.hex())

    def __repr__(self) -> str:
        return f"<{self.role} key>"

    def sign(self, payload: bytes, payload_type: str) -> bytes:
        """Give a DSSE envelope as one line of JSON without a line end."""
        return signed(payload, payload_type, self._private).line()

    def pem(self) -> bytes:
        """Give the private key as PKCS#8 PEM, for sealing or for the 0600 file."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class UserKey(SigningKey):
    """The person's own key: the only one that can sign `given`."""

    role = "user"


class DeviceKey(SigningKey):
    """The machine's key: signs what needs no passphrase."""

    role = "device"

    def derived(self, purpose: str) -> bytes:
        """Give 32 secret bytes for one purpose; they tell nothing of those for another."""
        return hmac.digest(self._private.private_bytes_raw(), purpose.encode(), "sha256")


class ControllerKey(SigningKey):
    """A study's key: signs its notice, receipts and uses."""

    role = "controller"


def keys_folder(folder: Path, chain: str = OWN_CHAIN) -> Path:
    """Give where a chain's keys are, below the recordings' folder."""
    own = folder / "keys"
    return own if chain == OWN_CHAIN else own / STUDIES / chain


def create_signing_keys(folder: Path, recipients: Sequence[str], chain: str = OWN_CHAIN) -> UserKey:
    """Make both key pairs; the user key is sealed to the owner's recipients.

    Args:
        folder: The recordings' folder.
        recipients: `age1…` strings of identity and recovery key.
        chain: Whose keys: one's own, or a study's.

    Raises:
        OSError: The folder cannot be written.
    """
    user = UserKey(Ed25519PrivateKey.generate())
    sealed = pyrage.encrypt(user.pem(), [pyrage.x25519.Recipient.from_str(r) for r in recipients])
    keys = private_folder(keys_folder(folder, chain))
    create_device_key(folder, chain)
    write_whole(keys / "user.pub", public_file(user.public))
    write_whole(keys / USER_KEY, sealed)
    return user


def create_device_key(folder: Path, chain: str = OWN_CHAIN) -> DeviceKey:
    """Make the device key alone: all that a demonstration's folder needs."""
    device = DeviceKey(Ed25519PrivateKey.generate())
    keys = private_folder(keys_folder(folder, chain))
    write_whole(keys / "device.key", device.pem())
    write_whole(keys / "device.pub", public_file(device.public))
    return device


def load_device_key(folder: Path, chain: str = OWN_CHAIN) -> DeviceKey:
    """Give the device key.

    Raises:
        KeyUnusable: It is missing, damaged or open to others.
    """
    path = keys_folder(folder, chain) / "device.key"
    data = _read(path)
    if path.stat().st_mode & _OTHERS:
        raise KeyUnusable(path.name, "can be read by others", f"chmod 600 {path}")
    return DeviceKey(_private(data, path.name))


def load_user_key(folder: Path, identity: str, chain: str = OWN_CHAIN) -> UserKey:
    """Give the user key.

    Args:
        folder: The recordings' folder.
        identity: The unlocked `AGE-SECRET-KEY-…`, or the recovery key.
        chain: Whose key: one's own, or a study's.

    Raises:
        KeyUnusable: It is missing, damaged, or sealed to someone else.
    """
    path = keys_folder(folder, chain) / USER_KEY
    return UserKey(unsealed_key(path, identity))


def unsealed_key(path: Path, identity: str) -> Ed25519PrivateKey:
    """Give the private key of a file that is sealed to an identity.

    Raises:
        KeyUnusable: It is missing, damaged, or sealed to someone else.
    """
    sealed = _read(path)
    try:
        data = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError as cause:
        raise KeyUnusable(path.name, "is damaged or belongs to other keys") from cause
    return _private(data, path.name)


def load_public_key(
    folder: Path, role: Literal["user", "device"], chain: str = OWN_CHAIN
) -> PublicKey:
    """Give a public key from its file.

    Raises:
        KeyUnusable: It is missing or damaged.
    """
    return read_public_key(keys_folder(folder, chain) / f"{role}.pub", role)


def read_public_key(path: Path, role: Role) -> PublicKey:
    """Give a public key from a file of that role.

    Raises:
        KeyUnusable: It is missing, damaged, or of another role.
    """
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
    if not envelope.is_signed_by(public_key.verifier()):
        raise SignatureWrong(f"the {public_key.role} key did not sign it")
    if payload_type is not None and envelope.payload_type != payload_type:
        raise SignatureWrong(f"it is no {payload_type}")
    return envelope.payload


def parse_envelope(data: bytes) -> Envelope:
    """Give an envelope whose signatures nobody has checked yet.

    Raises:
        SignatureWrong: It is no envelope.
    """
    if len(data) > MAX_ENVELOPE_BYTES:
        raise SignatureWrong("it is too large")
    try:
        return Envelope.from_dict(json.loads(data))
    except (ValueError, RecursionError) as cause:
        raise SignatureWrong("it is no signed envelope") from cause


def public_file(key: PublicKey) -> bytes:
    """Give the bytes of a `*.pub` file."""
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
