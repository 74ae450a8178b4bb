"""Looking at the page in a real Chromium: in light and dark, enlarged, with a screen reader."""

from pathlib import Path

import pytest

from tests.web.axe import violations
from tests.web.chromium import Chromium
from tests.web.player import DAY, SHOWN, caption, look_at, step_to, waits
from tests.web.site import Site

LONGEST_MS = 1200
TEN_TIMES = (
    "window.shownMs = [];"
    "window.plainTimeout = window.setTimeout.bind(window);"
    "window.setTimeout = (then, ms) => {"
    f" if (ms > {LONGEST_MS}) return plainTimeout(then, ms);"
    " shownMs.push(ms);"
    " return plainTimeout(then, ms / 10);"
    "};"
)
"""Plays ten times as fast, and keeps how long each moment was to be seen."""


def test_playing_skips_waiting_and_stops_at_the_end(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home, "actions")
    browser.run(TEN_TIMES)
    browser.press("Space")
    browser.wait("document.getElementById('toast').textContent.includes('last one')")
    assert browser.run("document.getElementById('play').getAttribute('aria-pressed')") == "false"
    assert "goodbye" in caption(browser)
    shown_ms = browser.run("shownMs")
    assert max(shown_ms) == LONGEST_MS
    assert min(shown_ms) < LONGEST_MS


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


def test_a_held_arrow_arrives_where_it_was_held_to_and_fetches_only_that(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home)
    last = int(str(browser.run("document.getElementById('player').dataset.total"))) - 1
    held = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}))"
    browser.run(f"for (let n = 0; n < {last}; n += 1) {held}")
    browser.wait(f"{SHOWN} && {SHOWN}.id === 'moment-{last}'")
    asked = (
        "performance.getEntriesByType('resource').filter((one) => one.name.includes('/moment/'))"
    )
    seen = browser.run(f"{asked}.map((one) => one.name.split('/').pop())")
    assert str(last) in seen
    assert str(last // 2) not in seen


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
    browser.wait("document.readyState === 'complete' && document.getElementById('passphrase')")
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
