"""The player in a browser: going to a moment, and applying what waits."""

from datetime import datetime
from pathlib import Path

from tests.unit.episodes.studio import WALL
from tests.web.chromium import Chromium
from tests.web.site import Site

DAY = datetime.fromtimestamp(WALL / 1e9).astimezone().date().isoformat()
SHOWN = "document.querySelector('.row[aria-selected=true]')"
PAINTED = f"{SHOWN} && document.getElementById('clock').textContent"


def visit(browser: Chromium, page: Site, path: str, sight: str) -> None:
    """Go to a page and wait until its scripts ran and an element can be used."""
    browser.go(page.room.door.home(page.port) + path)
    browser.wait(f"document.readyState === 'complete' && document.querySelector({sight!r})")
    browser.place(sight)


def look_at(browser: Chromium, page: Site, home: Path, view: str = "all") -> None:
    """Open the player and wait for its first moment."""
    browser.go(f"{page.room.door.home(page.port)}episode/{home.name}")
    browser.wait(PAINTED)
    if view != "all":
        choose(browser, "view", view)
        browser.wait(f"document.getElementById('view').value === '{view}' && {SHOWN}")


def choose(browser: Chromium, name: str, value: str) -> None:
    browser.run(
        f"(() => {{ const e = document.getElementById('{name}'); e.value = '{value}';"
        "e.dispatchEvent(new Event('change')); })()"
    )


def caption(browser: Chromium) -> str:
    return str(browser.run("document.getElementById('caption').textContent"))


def step_to(browser: Chromium, words: str) -> None:
    """Press the arrow until the caption holds the words."""
    for _ in range(40):
        if words in caption(browser):
            return
        before = browser.run(f"{SHOWN}.id")
        browser.press("ArrowRight")
        browser.wait(f"{SHOWN} && {SHOWN}.id !== '{before}'", f"a step after {before}")
    raise AssertionError(words)


def waits(browser: Chromium, count: int) -> None:
    browser.wait(f"document.querySelectorAll('#changes-list li').length === {count}")


def apply(browser: Chromium) -> None:
    browser.click("#apply")
    browser.wait("document.getElementById('sure').open")
    browser.click("#sure-yes")
    browser.wait("document.getElementById('changes').hidden")
