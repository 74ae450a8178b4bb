"""Envelopes are those of the DSSE specification: another library writes and checks the same."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope as TheirEnvelope
from securesystemslib.signer import (  # type: ignore[attr-defined]  # it has no __all__
    CryptoSigner,
    SSlibKey,
)

from recorder.consent.dsse import Envelope, key_id, signed

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
TYPES = st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=40)


@given(st.binary(max_size=200), TYPES)
def test_the_other_library_writes_the_same_bytes(payload: bytes, payload_type: str) -> None:
    theirs = TheirEnvelope(payload, payload_type, {})
    theirs.sign(CryptoSigner(KEY))
    told = json.dumps(theirs.to_dict(), separators=(",", ":"), sort_keys=True).encode()
    ours = signed(payload, payload_type, KEY)
    assert ours.line() == told
    assert Envelope.from_dict(json.loads(told)) == ours
    assert ours.is_signed_by(KEY.public_key())
    assert not ours.is_signed_by(OTHER.public_key())


def test_the_other_library_checks_what_is_written_here() -> None:
    line = signed(b"payload", "text/plain", KEY).line()
    public = SSlibKey.from_crypto(KEY.public_key())
    assert public.keyid == key_id(KEY.public_key())
    TheirEnvelope.from_dict(json.loads(line)).verify([public], 1)


@pytest.mark.parametrize("part", ["payload", "payloadType", "sig", "keyid"])
def test_nothing_of_an_envelope_can_be_exchanged(part: str) -> None:
    fields = json.loads(signed(b"payload", "text/plain", KEY).line())
    other = json.loads(signed(b"another", "text/html", OTHER).line())
    if part in fields:
        fields[part] = other[part]
    else:
        fields["signatures"][0][part] = other["signatures"][0][part]
    assert not Envelope.from_dict(fields).is_signed_by(KEY.public_key())


def test_a_signature_of_another_length_is_none() -> None:
    fields = json.loads(signed(b"payload", "text/plain", KEY).line())
    for data in (b"", b"x" * 63, b"x" * 65):
        fields["signatures"][0]["sig"] = base64.b64encode(data).decode()
        assert not Envelope.from_dict(fields).is_signed_by(KEY.public_key())


@pytest.mark.parametrize(
    "change",
    [{"payload": "a"}, {"payload": "é"}, {"payload": None}, {"payloadType": 1},
     {"payloadType": "\ud800"}, {"signatures": {}}, {"signatures": [1]}, {"more": 1},
     {"signatures": [{"keyid": 1, "sig": ""}]}, {"signatures": [{"keyid": "a", "sig": "*"}]},
     {"signatures": [{"keyid": "a", "sig": ""}, {"keyid": "a", "sig": ""}]},
     {"signatures": [{"keyid": "a", "sig": "", "more": 1}]}],
)  # fmt: skip
def test_what_is_no_envelope_is_refused(change: dict[str, object]) -> None:
    fields = json.loads(signed(b"payload", "text/plain", KEY).line())
    with pytest.raises(ValueError, match=r"."):
        Envelope.from_dict({**fields, **change})
