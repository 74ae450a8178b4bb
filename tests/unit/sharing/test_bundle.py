"""A bundle: what was approved arrives as it was; everything else is refused unopened."""

import hashlib
import io
from pathlib import Path

import pytest

from recorder.consent.studies import Joined
from recorder.sharing.bundle import write_bundle
from recorder.sharing.bundle_gate import Outer, check_outer
from recorder.sharing.opening import open_payload
from recorder.sharing.statements import ContentManifest
from tests.unit.sharing.joining import Person, Study, make_person, make_study

EPISODE = "01KZ0000000000000000000000"
BUNDLE = "01KZ0000000000000000000001"
DATA = bytes(range(256)) * 10


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
    with open_payload(outer, study.identity) as opened:
        assert opened.manifest == told(DATA)
        assert opened.content.read() == DATA
        assert opened.content.read() == b""
    assert DATA not in whole
    assert b"xterm" not in whole
