"""The name that a study knows a participant by; it follows from the keys made for that study."""

import hashlib
from typing import Final

_TAG: Final = b"recorder.pseudonym/1\0"
_HEX_DIGITS: Final = 32


def pseudonym_of(user_key: str, device_key: str) -> str:
    """Give `p` and 32 hex of a SHA-256 over both public keys.

    So nobody takes another's pseudonym, who was seen first or not: a second pair of keys with
    the same one costs 2^128 tries. The keys are random and of one study alone, and so is it.

    Args:
        user_key: Hex public key.
        device_key: Hex public key.
    """
    keys = bytes.fromhex(user_key) + bytes.fromhex(device_key)
    return "p" + hashlib.sha256(_TAG + keys).hexdigest()[:_HEX_DIGITS]
