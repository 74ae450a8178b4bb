"""Envelopes from elsewhere: taken in the one form in which they are written."""

from recorder.consent.keys import SignatureWrong, parse_envelope


def is_canonical(data: bytes) -> bytes | None:
    """Give the payload of an envelope written as `SigningKey.sign` writes; None otherwise.

    One signature, no white space, keys in order, canonical base64: so that no byte of it can
    change without being noticed. The signature itself is for `verify_envelope` to check.
    """
    try:
        envelope = parse_envelope(data)
    except SignatureWrong:
        return None
    return envelope.payload if len(envelope.signatures) == 1 and envelope.line() == data else None
