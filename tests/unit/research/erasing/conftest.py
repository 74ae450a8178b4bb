"""A study with a collection, and two people who shared with it."""

from pathlib import Path

import pytest

from tests.unit.research.erasing.lab import Lab
from tests.unit.sharing.shared_study import MadeStudy, Participant


@pytest.fixture(scope="package")
def study() -> MadeStudy:
    return MadeStudy()


@pytest.fixture
def lab(tmp_path: Path, study: MadeStudy) -> Lab:
    return Lab(tmp_path, study)


@pytest.fixture
def person(tmp_path: Path, study: MadeStudy) -> Participant:
    return Participant(tmp_path / "one", study)


@pytest.fixture
def other(tmp_path: Path, study: MadeStudy) -> Participant:
    return Participant(tmp_path / "two", study)
