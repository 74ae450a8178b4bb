"""What pyrage seals, the file's own key opens: all of it, from any place, and nothing changed."""

import io
import os

import pyrage
import pytest

from recorder.sharing.age_chunks import SealedParts, file_key
from recorder.sharing.age_streams import NotSealedToYou

OWN = pyrage.x25519.Identity.generate()
OTHER = pyrage.x25519.Identity.generate()
CHUNK = 65_536


def sealed(plain: bytes, *recipients: pyrage.x25519.Identity) -> bytes:
    keys = [one.to_public() for one in recipients or (OTHER, OWN)]
    data: bytes = pyrage.encrypt(plain, keys)
    return data


def parts(data: bytes, before: bytes = b"") -> SealedParts:
    file = io.BytesIO(before + data + b"behind")
    file.seek(len(before))
    key = file_key(file, str(OWN))
    return SealedParts(file, len(before), len(data), key)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_comes_back_at_every_edge_of_a_chunk(size: int) -> None:
    plain = os.urandom(size)
    found = parts(sealed(plain), before=b"a tar's header")
    assert found.read() == plain
    assert found.read(1) == b""


def test_any_place_can_be_read_and_reading_goes_on_from_there() -> None:
    plain = os.urandom(3 * CHUNK)
    found = parts(sealed(plain))
    for at in (2 * CHUNK - 5, 7, CHUNK):
        found.seek(at)
        assert found.read(20) == plain[at : at + 20]
        assert found.tell() == at + 20


def test_another_identity_gets_no_key() -> None:
    with pytest.raises(NotSealedToYou):
        file_key(io.BytesIO(sealed(b"plain", OTHER)), str(OWN))


@pytest.mark.parametrize("at", [0, 30, 90, -20, -CHUNK - 40])
def test_a_changed_byte_is_never_given_as_plain(at: int) -> None:
    data = bytearray(sealed(os.urandom(2 * CHUNK)))
    data[at] ^= 1
    with pytest.raises(NotSealedToYou):
        parts(bytes(data)).read()


@pytest.mark.parametrize("left", [0, 10, 180, 300, CHUNK, 2 * CHUNK])
def test_a_cut_file_is_found_out(left: int) -> None:
    with pytest.raises(NotSealedToYou):
        parts(sealed(os.urandom(3 * CHUNK))[:left]).read()


def test_a_cut_between_chunks_is_found_out() -> None:
    data = sealed(os.urandom(2 * CHUNK))
    with pytest.raises(NotSealedToYou):
        parts(data[: -(CHUNK + 16)]).read()


def test_a_key_of_one_file_opens_no_other() -> None:
    key = file_key(io.BytesIO(sealed(b"one")), str(OWN))
    other = sealed(b"other")
    with pytest.raises(NotSealedToYou):
        SealedParts(io.BytesIO(other), 0, len(other), key).read()
