"""DSSE envelopes with Ed25519: the signature covers the type together with the payload.

Source: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md. What is written
here is what `securesystemslib` writes and checks; a test holds the two against each other.
That library itself imports whatever cloud clients are installed, and with them HTTP.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_FIELDS = frozenset({"payload", "payloadType", "signatures"})
_SIGNATURE_FIELDS = frozenset({"keyid", "sig"})


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload, its type and signatures that nobody has checked yet.

    Attributes:
        signatures: 64 bytes each, by the id of the key.
    """

    payload: bytes
    payload_type: str
    signatures: Mapping[str, bytes]

    @classmethod
    def from_dict(cls, fields: object) -> Self:
        """Give the envelope of parsed JSON.

        Raises:
            ValueError: It is none, or a key signed twice.
        """
        if not isinstance(fields, dict) or set(fields) != _FIELDS:
            raise ValueError("no envelope")
        payload_type, signatures = fields["payloadType"], fields["signatures"]
        if not isinstance(payload_type, str) or not isinstance(signatures, list):
            raise ValueError("no envelope")  # noqa: TRY004 - damaged data, not a wrong call
        if not payload_type.isascii():
            raise ValueError("a type that is no media type")
        found = dict(map(_signature, signatures))
        if len(found) != len(signatures):
            raise ValueError("a key signed twice")
        return cls(_decoded(fields["payload"]), payload_type, found)

    def to_dict(self) -> dict[str, object]:
        """Give the JSON form."""
        return {
            "payload": _encoded(self.payload),
            "payloadType": self.payload_type,
            "signatures": [
                {"keyid": key, "sig": _encoded(sig)} for key, sig in self.signatures.items()
            ],
        }

    def line(self) -> bytes:
        """Give the one form in which envelopes are written: JSON without a line end."""
        return json.dumps(self.to_dict(), separators=(",", ":"), sort_keys=True).encode()

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Tell whether the key signed this payload as this type."""
        signature = self.signatures.get(key_id(key))
        if signature is None:
            return False
        try:
            key.verify(signature, _signed_bytes(self.payload, self.payload_type))
        except InvalidSignature:
            return False
        return True


def signed(payload: bytes, payload_type: str, key: Ed25519PrivateKey) -> Envelope:
    """Give an envelope around a payload with one signature."""
    signature = key.sign(_signed_bytes(payload, payload_type))
    return Envelope(payload, payload_type, {key_id(key.public_key()): signature})


def key_id(key: Ed25519PublicKey) -> str:
    """Give the hex SHA-256 by which envelopes name a key: over its canonical JSON."""
    public = key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    told = f'{{"keytype":"ed25519","keyval":{{"public":"{public}"}},"scheme":"ed25519"}}'
    return hashlib.sha256(told.encode()).hexdigest()


def _signed_bytes(payload: bytes, payload_type: str) -> bytes:
    """Give DSSE's pre-authentication encoding."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _signature(fields: object) -> tuple[str, bytes]:
    if not isinstance(fields, dict) or set(fields) != _SIGNATURE_FIELDS:
        raise ValueError("no signature")
    if not isinstance(fields["keyid"], str):
        raise ValueError("no signature")  # noqa: TRY004 - damaged data, not a wrong call
    return fields["keyid"], _decoded(fields["sig"])


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decoded(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError("no base64")  # noqa: TRY004 - damaged data, not a wrong call
    return base64.b64decode(text, validate=True)
