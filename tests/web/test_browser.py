"""The page in a real Chromium: by mouse, by keyboard alone, in light and dark, enlarged."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from recorder.consent.keys import load_public_key
from recorder.sharing.approval import approvals
from tests.unit.episodes.studio import WALL, Studio
from tests.web.axe import violations
from tests.web.chromium import Chromium
from tests.web.site import PASSPHRASE, Site, site_of
from tests.web.test_decisions import events, pixels

DAY = datetime.fromtimestamp(WALL / 1e9).astimezone().date().isoformat()
SHOWN = "document.querySelector('.row[aria-selected=true]')"
PAINTED = f"{SHOWN} && document.getElementById('clock').textContent"


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


def test_a_range_is_deleted_by_keyboard_alone(page: Site, browser: Chromium, home: Path) -> None:
    look_at(browser, page, home)
    step_to(browser, "Type write to")
    browser.press("i")
    step_to(browser, "Press enter")
    browser.press("o")
    browser.press("d")
    waits(browser, 1)
    browser.run("document.getElementById('apply').focus()")
    browser.press("Enter")
    browser.wait("document.getElementById('sure').open")
    browser.press("Enter")
    browser.wait("document.getElementById('changes').hidden")
    assert not any(row["key"] in {"w", "enter"} for row in events(page.studio, home))


def test_a_range_is_deleted_by_mouse_and_undone(page: Site, browser: Chromium, home: Path) -> None:
    look_at(browser, page, home)
    step_to(browser, "Type write to")
    browser.click("#mark-in")
    browser.click("#next")
    browser.click("#mark-out")
    browser.click("#delete-range")
    waits(browser, 1)
    browser.click("#undo")
    browser.wait("document.getElementById('changes').hidden")
    assert any(row["key"] == "w" for row in events(page.studio, home))


def test_a_typed_line_is_deleted_with_one_key(page: Site, browser: Chromium, home: Path) -> None:
    look_at(browser, page, home)
    step_to(browser, "goodbye")
    browser.press("t")
    waits(browser, 1)
    apply(browser)
    assert not any(row["key"] == "g" for row in events(page.studio, home))


def test_a_box_is_drawn_with_the_mouse_and_painted_out(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home)
    step_to(browser, "Click")
    frame = browser.run("Number(document.querySelector('#picture').width)")
    browser.click("#box-tool")
    x, y, width = browser.run(
        "(() => { const b = document.getElementById('picture').getBoundingClientRect();"
        "return [b.x, b.y, b.width]; })()"
    )
    scale = width / frame
    browser.drag((x + 30 * scale, y + 30 * scale), (x + 150 * scale, y + 60 * scale))
    browser.wait("document.getElementById('paint').open")
    browser.click("#paint-here")
    waits(browser, 1)
    before = pixels(page, home, 0).copy()
    apply(browser)
    after = pixels(page, home, 0)
    assert len(np.unique(after[35:55, 35:145])) == 1
    assert len(np.unique(before[35:55, 35:145])) > 1


def test_a_box_is_painted_out_in_all_pictures_of_the_window_by_keyboard(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home)
    step_to(browser, "Click")
    browser.press("b")
    for _ in range(16):
        browser.press("ArrowLeft")
        browser.press("ArrowUp")
    browser.press("Enter")
    browser.wait("document.getElementById('paint').open")
    browser.run("document.getElementById('paint-window').focus()")
    browser.press("Enter")
    browser.wait("document.querySelector('#previews li')")
    assert browser.run("document.querySelectorAll('#previews li.unsure').length") > 0
    assert violations(browser) == []
    browser.run("document.getElementById('paint-all').focus()")
    browser.press("Enter")
    waits(browser, 1)
    said = browser.run("document.querySelector('#changes-list li').textContent")
    assert "paint out a box in" in said
    apply(browser)


@pytest.mark.parametrize("what", [("delete-app", "Click", "w"), ("delete-site", "goodbye", "g")])
def test_an_app_or_a_site_is_deleted(
    page: Site, browser: Chromium, home: Path, what: tuple[str, str, str]
) -> None:
    button, key, gone = what
    look_at(browser, page, home)
    step_to(browser, key)
    browser.click("#more-button")
    browser.wait("document.getElementById('more').open")
    browser.click(f"#{button}")
    waits(browser, 1)
    apply(browser)
    assert gone not in {row["key"] for row in events(page.studio, home)}


def test_a_task_is_renamed(page: Site, browser: Chromium, home: Path) -> None:
    look_at(browser, page, home)
    browser.click("#more-button")
    browser.wait(
        "document.getElementById('more').open && !document.getElementById('label-form').hidden"
    )
    browser.run("document.getElementById('label').focus()")
    browser.type("Order three")
    browser.press("Enter")
    waits(browser, 1)
    apply(browser)
    assert page.labels == ["Order three"]


def test_a_recording_is_approved_by_keyboard(page: Site, browser: Chromium, home: Path) -> None:
    look_at(browser, page, home)
    browser.press("a")
    browser.wait("document.getElementById('approve').open")
    browser.run("document.getElementById('study').focus()")
    browser.type("sleep")
    browser.press("Enter")
    waits(browser, 1)
    apply(browser)
    user = load_public_key(page.studio.folder, "user")
    assert [one.study for one in approvals(page.studio.folder, user)] == ["sleep"]


def test_the_whole_recording_and_everything_go(page: Site, browser: Chromium, home: Path) -> None:
    look_at(browser, page, home)
    browser.click("#more-button")
    browser.wait("document.getElementById('more').open")
    browser.click("#delete-episode")
    waits(browser, 1)
    browser.go(page.room.door.home(page.port))
    waits(browser, 1)
    browser.click(".more summary")
    browser.click("[data-decide]")
    waits(browser, 2)
    apply(browser)
    assert not home.exists()


def test_a_picture_that_changed_behind_the_page_is_not_decided_about(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home)
    step_to(browser, "Click")
    browser.run(
        "(async () => { const { now } = await import(document.body.dataset.base + '/static/player.js');"
        "now.painted.sha256 = '0'.repeat(64); })()"
    )
    browser.press("i")
    browser.press("o")
    browser.press("d")
    browser.wait(
        "document.getElementById('toast').textContent.includes('not the one that is stored')"
    )
    assert browser.run("document.getElementById('changes').hidden")


def test_playing_skips_waiting_and_stops_at_the_end(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home, "actions")
    browser.press("Space")
    browser.wait("document.getElementById('toast').textContent.includes('last one')")
    assert browser.run("document.getElementById('play').getAttribute('aria-pressed')") == "false"
    assert "goodbye" in caption(browser)


def test_views_scrubber_and_search_lead_to_moments(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home, "redacted")
    assert browser.run("document.querySelectorAll('.row mark').length") > 0
    browser.press("Home")
    browser.run(
        "(() => { const s = document.getElementById('scrub'); s.value = 40500;"
        "s.dispatchEvent(new Event('change')); })()"
    )
    browser.wait("document.getElementById('caption').textContent.includes('Scroll down')")
    assert browser.run("document.querySelectorAll('#marks .line').length") > 0
    browser.press("/")
    browser.type("bicycles")
    browser.press("Enter")
    browser.wait("document.querySelector('.hits a')")
    browser.click(".hits a")
    browser.wait(f"{SHOWN} && document.getElementById('caption').textContent.includes('bicycles')")


def test_a_screen_reader_hears_app_action_and_what_was_taken_out(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home)
    step_to(browser, "Click")
    says = browser.run("document.getElementById('picture').getAttribute('aria-label')")
    assert says == (
        "Picture of Xterm, Work terminal. Click on push button “Save”. "
        "Painted out: an e-mail address."
    )
    assert browser.run("document.getElementById('says').textContent") == says
    whys = browser.run("document.getElementById('whys').textContent")
    assert "EMAIL_1" in whys
    assert "an e-mail address" in whys


def test_up_and_down_step_where_the_list_has_the_focus(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home)
    browser.run("document.getElementById('rows').focus()")
    browser.press("ArrowDown")
    browser.wait(f"{SHOWN}.id === 'moment-1'")
    assert browser.run("document.activeElement.getAttribute('aria-activedescendant')") == "moment-1"
    browser.press("ArrowUp")
    browser.wait(f"{SHOWN}.id === 'moment-0'")


def test_a_page_that_slept_for_ten_minutes_locks_when_it_wakes(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home)
    browser.run("(() => { const was = Date.now; Date.now = () => was() + 600001; })()")
    browser.run("document.dispatchEvent(new Event('visibilitychange'))")
    browser.wait("document.getElementById('passphrase')")
    assert browser.run(SHOWN) is None


def test_help_lists_the_keys_and_switches_them_off(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home)
    browser.press("?")
    browser.wait("document.getElementById('help').open")
    assert violations(browser) == []
    browser.click("#single-keys")
    browser.press("Escape")
    browser.wait("!document.getElementById('help').open")
    browser.press("i")
    assert browser.run("document.getElementById('range').hidden")
    browser.run("document.getElementById('single-keys').click()")
    browser.press("i")
    assert not browser.run("document.getElementById('range').hidden")


def test_every_control_is_reached_with_tab_and_shows_it(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home)
    browser.run("document.activeElement.blur()")
    reached = set()
    for _ in range(60):
        browser.press("Tab")
        name, outline = browser.run(
            "[document.activeElement.id || document.activeElement.className || document.activeElement.tagName,"
            "getComputedStyle(document.activeElement).outlineStyle]"
        )
        if name in reached and name not in {"BUTTON", "A", "LI"}:
            break
        reached.add(name)
        assert outline != "none" or name == "BODY", name
    wanted = {
        "skip", "q", "help-button", "lock-button", "previous", "play", "next", "show-marks",
        "mark-in", "mark-out", "box-tool", "more-button", "approve-button", "scrub", "view", "rows",
    }  # fmt: skip
    assert wanted <= reached


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("zoom", [1.0, 4.0], ids=["100", "400"])
def test_axe_finds_nothing_and_nothing_runs_out_of_sight(
    page: Site, browser: Chromium, home: Path, *, dark: bool, zoom: float
) -> None:
    browser.look_like(dark=dark, zoom=zoom)
    for path in (
        "",
        f"day/{DAY}",
        f"episode/{home.name}",
        "search?q=write",
        "search?q=nowhere",
        "day/x",
    ):
        browser.go(page.room.door.home(page.port) + path)
        if path.startswith("episode"):
            browser.wait(f"{SHOWN} && document.getElementById('whys').children.length")
        assert violations(browser) == [], path
        wide = browser.run("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_dialogs_and_while_locked(
    page: Site, browser: Chromium, home: Path, *, dark: bool
) -> None:
    browser.look_like(dark=dark)
    look_at(browser, page, home)
    browser.press("i")
    browser.press("o")
    browser.press("d")
    waits(browser, 1)
    browser.click("#changes-title")
    assert violations(browser) == []
    for button, dialog in (
        ("apply", "sure"),
        ("more-button", "more"),
        ("approve-button", "approve"),
    ):
        browser.click(f"#{button}")
        browser.wait(f"document.getElementById('{dialog}').open")
        assert violations(browser) == [], dialog
        browser.press("Escape")
        browser.wait(f"!document.getElementById('{dialog}').open")
    browser.click("#lock-button")
    browser.wait("document.getElementById('passphrase')")
    assert violations(browser) == []
    browser.look_like()


def test_a_title_runs_nothing(page: Site, browser: Chromium, home: Path) -> None:
    for path in ("", f"day/{DAY}", f"episode/{home.name}", "search"):
        browser.go(page.room.door.home(page.port) + path)
    browser.go(f"{page.room.door.home(page.port)}episode/{home.name}?at=31000000000")
    browser.wait(f"{SHOWN} && document.getElementById('window').textContent.includes('Inbox')")
    shown = browser.run("document.getElementById('window').textContent")
    assert "<img src=x onerror=alert(1)> [U+202E]gnp.exe[U+0007]" in shown
    assert browser.run("document.querySelectorAll('img').length") == 0
    with pytest.raises(AssertionError, match="TrustedHTML"):
        browser.run("document.body.innerHTML = '<b>x</b>'")
    browser.forget()
