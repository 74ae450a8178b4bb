"""One made-up folder for all tests of the page; each test that changes it gets a copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.episodes.studio import Studio
from tests.web.chromium import Chromium
from tests.web.site import PASSPHRASE, Site, make_studio, site_of, write_day


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


@pytest.fixture
def home(studio: Studio, episode_id: str) -> Path:
    return next(studio.folder.glob(f"episodes/*/{episode_id}"))


@pytest.fixture
def page(studio: Studio, browser: Chromium) -> Iterator[Site]:
    """Give a page that the browser entered and unlocked; the test reads it with its cookie."""
    with site_of(studio) as site:
        browser.open_tab()
        browser.look_like()
        browser.go(site.room.door.link(site.port))
        browser.run("document.getElementById('passphrase').focus()")
        browser.type(PASSPHRASE)
        browser.press("Enter")
        browser.wait("document.querySelector('.cards')")
        cookie = next(c for c in browser.cookies() if c["path"].startswith(site.base))
        site.cookie = f"recorder_review={cookie['value']}"
        yield site
        told = [line for line in browser.complaints() if "Failed to load resource" not in line]
        assert told == []
