"""Acts on the page in a real Chromium: by mouse, and by keyboard alone."""

from pathlib import Path

import numpy as np
import pytest

from recorder.consent.keys import load_public_key
from recorder.sharing.approval import approvals
from tests.web.axe import violations
from tests.web.chromium import Chromium
from tests.web.player import apply, look_at, step_to, waits
from tests.web.site import Site
from tests.web.stored import events, pixels


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
