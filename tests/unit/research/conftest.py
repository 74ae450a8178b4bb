"""A study, somebody who joined it, and one content child for all tests of a module."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from recorder.consent.studies import Joined
from recorder.research import collecting
from recorder.research.content_process import ContentProcess
from tests.unit.research.bundles import Lab
from tests.unit.sharing.joining import Person, Study, make_person, make_study


@pytest.fixture(scope="package")
def content() -> Iterator[ContentProcess]:
    with ContentProcess() as process:
        yield process


@pytest.fixture(scope="package")
def study() -> Study:
    return make_study()


@pytest.fixture(scope="package")
def person(tmp_path_factory: pytest.TempPathFactory) -> Person:
    return make_person(tmp_path_factory.mktemp("person"))


@pytest.fixture(scope="package")
def joined(person: Person, study: Study) -> Joined:
    return person.join(study)


@pytest.fixture
def lab(
    tmp_path: Path, study: Study, content: ContentProcess, monkeypatch: pytest.MonkeyPatch
) -> Lab:
    monkeypatch.setattr(collecting, "ContentProcess", lambda: nullcontext(content))
    return Lab.make(tmp_path, study)
