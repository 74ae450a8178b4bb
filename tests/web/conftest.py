"""One made-up folder for all tests of the page; each test that changes it gets a copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.episodes.studio import Studio
from tests.web.chromium import Chromium
from tests.web.site import Site, make_studio, site_of, write_day


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = make_studio(tmp_path_factory.mktemp("web") / "Recorder")
    write_day(studio)
    return studio


@pytest.fixture
def studio(template: Studio, tmp_path: Path) -> Studio:
    return template.copy(tmp_path / "Recorder")


@pytest.fixture
def site(studio: Studio) -> Iterator[Site]:
    """Give a page that was entered and unlocked."""
    with site_of(studio) as found:
        found.come_in()
        yield found


@pytest.fixture
def episode_id(template: Studio) -> str:
    return next(template.folder.glob("episodes/*/*")).name


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """Give one browser for all tests; each opens a tab of its own."""
    with Chromium() as found:
        yield found
