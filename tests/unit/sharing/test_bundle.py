"""A bundle: what was approved arrives as it was; everything else is refused unopened."""

import hashlib
import io
import os
import tarfile
import threading
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.consent.giving import withdraw
from recorder.consent.keys import UserKey
from recorder.consent.studies import Joined
from recorder.core.errors import ExitCode
from recorder.sharing.age_streams import unsealing
from recorder.sharing.bundle import MANIFEST_BYTES, NotBundled, Sender, write_bundle
from recorder.sharing.bundle_gate import Outer, Refused, check_outer
from recorder.sharing.statements import ContentManifest
from recorder.sharing.ustar import BLOCK, END
from tests.unit.sharing.joining import (
    DAY,
    NOW,
    Clock,
    Person,
    Study,
    changed,
    make_person,
    make_study,
)
from tests.unit.sharing.plain import opened, sealed_payload

EPISODE = "01KZ0000000000000000000000"
BUNDLE = "01KZ0000000000000000000001"
DATA = bytes(range(256)) * 2


def told(data: bytes, bundle_id: str = BUNDLE) -> ContentManifest:
    return ContentManifest(
        bundle_id=bundle_id, content_sha256=hashlib.sha256(data).hexdigest(),
        content_bytes=len(data), rows={"events": 3}, apps=("xterm",), tasks=0, duration_ns=1,
        files=(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def study() -> Study:
    return make_study()


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Person:
    return make_person(tmp_path_factory.mktemp("person"))


@pytest.fixture(scope="module")
def joined(person: Person, study: Study) -> Joined:
    return person.join(study)


@pytest.fixture(scope="module")
def whole(person: Person, joined: Joined) -> bytes:
    file = io.BytesIO()
    write_bundle(file, person.sender(joined), EPISODE, told(DATA), io.BytesIO(DATA))
    return file.getvalue()


def check(data: bytes, study: Study, at: Path) -> Outer:
    path = at / "bundle.tar"
    path.write_bytes(data)
    return check_outer(path, study.expect())


def test_what_was_approved_arrives_as_it_was(whole: bytes, study: Study, tmp_path: Path) -> None:
    outer = check(whole, study, tmp_path)
    assert opened(outer, study.identity) == (told(DATA), DATA)
    assert DATA not in whole
    assert b"xterm" not in whole


def test_every_byte_that_is_flipped_is_noticed(whole: bytes, study: Study, tmp_path: Path) -> None:
    path = tmp_path / "bundle.tar"
    path.write_bytes(whole)
    with path.open("r+b", buffering=0) as file:
        for at, value in enumerate(whole):
            os.pwrite(file.fileno(), bytes([value ^ 0xFF]), at)
            with pytest.raises(Refused):
                check_outer(path, study.expect())
            os.pwrite(file.fileno(), bytes([value]), at)
    assert check_outer(path, study.expect()).manifest.bundle_id == BUNDLE


def test_every_length_that_is_cut_is_refused(whole: bytes, study: Study, tmp_path: Path) -> None:
    path = tmp_path / "bundle.tar"
    path.write_bytes(whole)
    for size_bytes in range(len(whole) - 1, -1, -1):
        os.truncate(path, size_bytes)
        with pytest.raises(Refused) as refused:
            check_outer(path, study.expect())
        assert refused.value.code is ExitCode.FORMAT


def _put(whole: bytes, at: int, data: bytes) -> bytes:
    return whole[:at] + data + whole[at + len(data) :]


def _header(name: str, **fields: object) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = MANIFEST_BYTES, 0o600
    for field, value in fields.items():
        setattr(info, field, value)
    return info.tobuf(tarfile.GNU_FORMAT)[-BLOCK:]


MANIFEST = "manifest.dsse.json"
TRICKS = {
    "a path out of it": _header("../../etc/passwd"),
    "an absolute path": _header("/etc/passwd"),
    "a folder before it": _header(f"./{MANIFEST}"),
    "a symbolic link": _header(MANIFEST, type=tarfile.SYMTYPE, linkname="/etc/passwd"),
    "a hard link": _header(MANIFEST, type=tarfile.LNKTYPE, linkname="ledger.jsonl"),
    "a device": _header(MANIFEST, type=tarfile.CHRTYPE, devmajor=1, devminor=5),
    "a pipe": _header(MANIFEST, type=tarfile.FIFOTYPE),
    "a folder": _header(MANIFEST, type=tarfile.DIRTYPE),
    "a sparse file": _header(MANIFEST, type=tarfile.GNUTYPE_SPARSE),
    "a header of pax": _header(MANIFEST, type=tarfile.XHDTYPE),
    "another member": _header("ledger.jsonl"),
    "an owner": _header(MANIFEST, uid=1000),
    "a time": _header(MANIFEST, mtime=1),
    "rights": _header(MANIFEST, mode=0o4755),
    "no size": _header(MANIFEST, size=0),
    "a huge size": _header(MANIFEST, size=8**11 - 1),
    "a size in base 256": _header(MANIFEST, size=2**60),
    "a negative size": _header(MANIFEST, size=-1),
    "no header": bytes(BLOCK),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_member_that_is_not_in_the_one_form_is_refused(
    trick: str, whole: bytes, study: Study, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        check(_put(whole, 0, TRICKS[trick]), study, tmp_path)
    assert refused.value.code is ExitCode.FORMAT


def test_more_members_fewer_twice_or_in_another_order_are_refused(
    whole: bytes, study: Study, tmp_path: Path
) -> None:
    manifest, rest = whole[: BLOCK + MANIFEST_BYTES], whole[BLOCK + MANIFEST_BYTES :]
    for data in (
        rest, manifest + whole, whole[: -len(END)] + whole, whole + bytes(BLOCK), rest + manifest,
        whole[: -len(END)] + manifest + END, manifest + END, b"", b"PK\x03\x04" + whole[4:],
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            check(data, study, tmp_path)
        assert refused.value.code is ExitCode.FORMAT


def test_one_that_is_too_large_is_refused_before_it_is_read(
    whole: bytes, study: Study, tmp_path: Path
) -> None:
    path = tmp_path / "bundle.tar"
    path.write_bytes(whole)
    with path.open("r+b") as file:
        file.truncate(2**40)
    with pytest.raises(Refused) as refused:
        check_outer(path, study.expect())
    assert refused.value.code is ExitCode.FORMAT


def test_what_is_no_regular_file_is_not_opened(study: Study, whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bundle.tar"
    (tmp_path / "real").write_bytes(whole)
    path.symlink_to("real")
    with pytest.raises(OSError, match="symbolic"):
        check_outer(path, study.expect())
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(OSError, match="regular"):
        check_outer(path, study.expect())


def made(sender: Sender, content: ContentManifest | None = None, data: bytes = DATA) -> bytes:
    file = io.BytesIO()
    write_bundle(file, sender, EPISODE, content or told(data), io.BytesIO(data))
    return file.getvalue()


def test_refusals_have_the_code_of_their_reason(
    person: Person, joined: Joined, study: Study, tmp_path: Path
) -> None:
    sender, other = person.sender(joined), make_study("typing-1")
    stranger = UserKey(Ed25519PrivateKey.generate())
    someone = make_person(tmp_path / "someone")
    ledger = someone.sender(someone.join(study)).ledger
    cases = {
        "another audience": (changed(sender, audience="ab" * 32), ExitCode.AUDIENCE),
        "another study": (changed(sender, study="typing-2"), ExitCode.CONSENT_MISMATCH),
        "another pseudonym": (changed(sender, pseudonym="p" + "0" * 32), ExitCode.SIGNATURE),
        "another consent": (changed(sender, consent_id=BUNDLE), ExitCode.CONSENT_MISMATCH),
        "another notice": (
            changed(sender, notice_sha256=other.notice.sha256), ExitCode.CONSENT_MISMATCH,
        ),
        "another's key": (changed(sender, user=stranger), ExitCode.SIGNATURE),
        "another device key": (changed(sender, device_key="ab" * 32), ExitCode.SIGNATURE),
        "another's ledger": (changed(sender, ledger=ledger), ExitCode.CONSENT_MISMATCH),
        "a ledger cut in its line": (
            changed(sender, ledger=sender.ledger[:-1]), ExitCode.CONSENT_MISMATCH,
        ),
        "an empty ledger": (changed(sender, ledger=b""), ExitCode.CONSENT_MISMATCH),
    }  # fmt: skip
    for name, (said, code) in cases.items():
        with pytest.raises(Refused) as refused:
            check(made(said), study, tmp_path)
        assert (name, refused.value.code) == (name, code)
        assert refused.value.reason


def test_expired_withdrawn_and_unknown_notices_are_refused(
    person: Person, joined: Joined, study: Study, tmp_path: Path
) -> None:
    data = made(person.sender(joined))
    path = tmp_path / "bundle.tar"
    path.write_bytes(data)
    unknown = replace(study.expect(), notices={})
    for expect in (study.expect(NOW + 31 * DAY), unknown):
        with pytest.raises(Refused) as refused:
            check_outer(path, expect)
        assert refused.value.code is ExitCode.CONSENT_MISMATCH
    leaver = make_person(tmp_path / "leaver")
    left = leaver.join(study)
    withdraw(leaver.place(study), Clock())
    with pytest.raises(Refused) as refused:
        check(made(leaver.sender(left)), study, tmp_path)
    assert "no longer" in refused.value.reason


def test_a_payload_is_opened_by_its_recipient_alone(
    whole: bytes, study: Study, tmp_path: Path
) -> None:
    outer = check(whole, study, tmp_path)
    stranger = str(pyrage.x25519.Identity.generate())
    with pytest.raises(pyrage.DecryptError):
        opened(outer, stranger)


def test_content_that_the_manifest_does_not_tell_is_refused(person: Person, joined: Joined) -> None:
    sender = person.sender(joined)
    with pytest.raises(NotBundled):
        made(sender, told(b"other"), DATA)
    with pytest.raises(NotBundled):
        made(sender, told(DATA[::-1]), DATA)


def test_reading_a_part_and_leaving_ends_what_decrypts(
    person: Person, joined: Joined, study: Study, tmp_path: Path
) -> None:
    data = bytes(3_000_000)
    outer = check(made(person.sender(joined), told(data), data), study, tmp_path)
    with unsealing(io.BytesIO(sealed_payload(outer)), study.identity) as plain:
        assert len(plain.read(10)) == 10
    assert not [one for one in threading.enumerate() if one.name == "unsealing"]


@settings(max_examples=(settings.get_current_profile_name() == "soak" and 5_000) or 60)
@given(data=st.data())
def test_no_damage_gets_through_or_raises_something_else(
    whole: bytes, study: Study, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(broken)))
        piece = data.draw(st.binary(max_size=600))
        if data.draw(st.booleans()):
            broken[at : at + len(piece)] = piece
        else:
            broken[at:at] = piece
    path = tmp_path_factory.getbasetemp() / "fuzzed.tar"
    path.write_bytes(broken)
    if broken == whole:
        assert check_outer(path, study.expect()).manifest.bundle_id == BUNDLE
        return
    with pytest.raises(Refused):
        check_outer(path, study.expect())
