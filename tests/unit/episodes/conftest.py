"""A sealed folder for every test of episodes."""

from pathlib import Path

import pytest

from tests.unit.episodes.studio import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    folder = tmp_path / "Recorder"
    folder.mkdir(mode=0o700)
    return Studio(folder)


@pytest.fixture
def plain_studio(tmp_path: Path) -> Studio:
    folder = tmp_path / "Plain"
    folder.mkdir(mode=0o700)
    return Studio(folder, plain=True)
