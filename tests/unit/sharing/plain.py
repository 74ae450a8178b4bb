"""What an approval's sealed copy holds, byte for byte."""

import pyrage

from recorder.sharing.approval import Approval


def plain_payload(approval: Approval, identity: str) -> bytes:
    """Give the plain tar, unchecked."""
    key = pyrage.x25519.Identity.from_str(identity)
    plain: bytes = pyrage.decrypt(approval.payload.read_bytes(), [key])
    return plain
