"""Keys sign and are checked; a key that is damaged or open to others is refused."""

import base64
import json

import pyrage
import pytest

from recorder.consent.keys import (
    KeyUnusable,
    SignatureWrong,
    load_device_key,
    load_public_key,
    load_user_key,
    verify_envelope,
)
from tests.unit.consent.conftest import Person

TYPE = "application/test"


def test_a_signed_payload_comes_back(person: Person) -> None:
    device = load_device_key(person.folder)
    data = device.sign(b"payload", TYPE)
    assert verify_envelope(data, load_public_key(person.folder, "device"), TYPE) == b"payload"


def test_the_unlocked_user_key_is_the_one_that_was_made(person: Person) -> None:
    key = load_user_key(person.folder, str(person.identity))
    assert key.public == person.key.public == load_public_key(person.folder, "user")
    assert str(key) == "<user key>"


def test_another_identity_does_not_open_the_user_key(person: Person) -> None:
    with pytest.raises(KeyUnusable):
        load_user_key(person.folder, str(pyrage.x25519.Identity.generate()))


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"null", b"\xff", b'{"payload": 1, "payloadType": 2, "signatures": 3}',
     b'{"payload": "", "payloadType": "", "signatures": [1]}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_envelope_is_refused(person: Person, data: bytes) -> None:
    with pytest.raises(SignatureWrong):
        verify_envelope(data, load_public_key(person.folder, "device"))


def test_a_changed_payload_type_or_signer_is_refused(person: Person) -> None:
    public = load_public_key(person.folder, "device")
    signed = load_device_key(person.folder).sign(b"payload", TYPE)
    fields = json.loads(signed)
    other = {**fields, "payload": base64.b64encode(b"other").decode()}
    for changed in (other, {**fields, "payloadType": "application/other"}, {**fields, "x": 1}):
        with pytest.raises(SignatureWrong):
            verify_envelope(json.dumps(changed).encode(), public)
    with pytest.raises(SignatureWrong):
        verify_envelope(signed, public, "application/other")
    with pytest.raises(SignatureWrong):
        verify_envelope(signed, load_public_key(person.folder, "user"))


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b'{"public": "00"}'])
def test_a_damaged_key_file_is_named(person: Person, data: bytes) -> None:
    keys = person.folder / "keys"
    (keys / "user.pub").write_bytes(data)
    (keys / "device.key").write_bytes(data)
    (keys / "user.key.age").write_bytes(data)
    with pytest.raises(KeyUnusable, match=r"user\.pub"):
        load_public_key(person.folder, "user")
    with pytest.raises(KeyUnusable, match=r"device\.key"):
        load_device_key(person.folder)
    with pytest.raises(KeyUnusable, match=r"user\.key\.age"):
        load_user_key(person.folder, str(person.identity))


def test_a_device_key_open_to_others_is_refused_with_the_fix(person: Person) -> None:
    path = person.folder / "keys" / "device.key"
    path.chmod(0o640)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        load_device_key(person.folder)


def test_key_files_are_private(person: Person) -> None:
    for path in (person.folder / "keys").iterdir():
        assert path.stat().st_mode & 0o077 == 0
