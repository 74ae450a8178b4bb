"""Marking recordings as seen on the page: bound to what was shown, and taken back as easily."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from recorder.core.geometry import Rect
from recorder.episodes.repainting import repaint
from recorder.episodes.reviewed import is_seen, manifest_digest, unreviewed
from tests.unit.episodes.studio import SECOND, WALL, Studio
from tests.web.axe import violations
from tests.web.chromium import Chromium
from tests.web.player import DAY, look_at, visit
from tests.web.site import Answer, Site, site_of, write_day

PRESSED = "document.querySelector('[data-seen]').getAttribute('aria-pressed')"


def tell(site: Site, home: Path, *, seen: bool = True, digest: str | None = None) -> Answer:
    sent = {"episode": home.name, "seen": seen, "manifest_sha256": digest or manifest_digest(home)}
    return site.tell("seen", sent)


def test_the_list_shrinks_and_grows_again(site: Site, home: Path) -> None:
    write_day(site.studio, wall_ns=WALL + 600 * SECOND)
    assert "Seen or approved" not in site.page().text
    assert tell(site, home).json == {"seen": True}
    page = site.page().text
    to_review, done = page.split("Seen or approved")
    assert home.name not in to_review
    assert home.name in done
    assert unreviewed(site.studio.folder) == 1
    assert tell(site, home, seen=False).json == {"seen": False}
    assert "Seen or approved" not in site.page().text


def test_a_change_makes_it_unseen_again(site: Site, home: Path) -> None:
    tell(site, home)
    repaint(site.studio.open(home), {3: Rect(0, 0, 64, 64)})
    assert not is_seen(home)
    assert "Seen or approved" not in site.page().text


def test_what_changed_since_it_was_shown_is_not_marked(site: Site, home: Path) -> None:
    shown = manifest_digest(home)
    repaint(site.studio.open(home), {3: Rect(0, 0, 64, 64)})
    answer = tell(site, home, digest=shown)
    assert (answer.status, answer.json["fix"]) == (409, "look at it again")
    assert not is_seen(home)


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"seen": True}, {"episode": "../..", "seen": True, "manifest_sha256": "0" * 64},
        {"episode": "x", "seen": "yes", "manifest_sha256": "0" * 64},
        {"episode": "x", "seen": True, "manifest_sha256": ""},
        {"episode": "x", "seen": False, "manifest_sha256": "0" * 64, "more": 1},
    ],
)  # fmt: skip
def test_nonsense_marks_nothing(site: Site, sent: dict[str, object]) -> None:
    assert site.tell("seen", sent).status in {404, 422}
    assert not (site.studio.folder / "seen").exists()


def test_what_can_still_change_is_not_offered(studio: Studio, home: Path) -> None:
    with site_of(studio, live=home.name) as site:
        site.come_in()
        assert "data-seen" not in site.page().text
        assert tell(site, home).json["fix"] == "recorder stop first"


def test_a_locked_page_marks_nothing(site: Site, home: Path) -> None:
    site.tell("lock", {})
    assert tell(site, home).status == 423
    assert not is_seen(home)


def test_hostile_marks_break_no_view(site: Site, home: Path) -> None:
    place = site.studio.folder / "seen"
    (place / home.name).mkdir(parents=True)
    (place / "\udcff<script>").symlink_to("/etc/passwd")
    for path in ("", f"day/{DAY}", f"episode/{home.name}"):
        assert site.page(path).status == 200
    assert tell(site, home).status == 409


def test_a_site_goes_from_all_recordings_of_a_day(site: Site, home: Path) -> None:
    write_day(site.studio, wall_ns=WALL + 600 * SECOND)
    day = datetime.fromtimestamp(WALL / 1e9).astimezone().date().isoformat()
    page = site.page(f"day/{day}").text
    assert re.search(r"jira\.example\.com</th><td>1 min</td>", page)
    sent = {"kind": "day_site", "day": day, "host": "jira.example.com"}
    waiting = site.tell("changes", sent).json["changes"]
    assert [("delete all of jira.example.com" in one["says"]) for one in waiting] == [True, True]
    assert site.tell("apply", {}).json["changes"] == []
    assert "jira.example.com" not in site.page(f"day/{day}").text
    assert site.tell("changes", sent).status == 404
    for wrong in ({"day": "x"}, {"host": ""}):
        assert site.tell("changes", {**sent, **wrong}).status == 422


def test_seen_by_mouse_and_by_keyboard(page: Site, browser: Chromium, home: Path) -> None:
    for path in ("", f"day/{DAY}"):
        visit(browser, page, path, "[data-seen]")
        for expected in ("true", "false"):
            browser.click("[data-seen]")
            browser.wait(f"{PRESSED} === '{expected}'")
            assert is_seen(home) is (expected == "true")
    look_at(browser, page, home)
    for expected in ("true", "false", "true"):
        browser.press("s")
        browser.wait(f"{PRESSED} === '{expected}'")
        assert is_seen(home) is (expected == "true")
    assert violations(browser) == []
    browser.run("document.querySelector('[data-seen]').focus()")
    browser.press("Enter")
    browser.wait(f"{PRESSED} === 'false'")


def test_a_site_is_deleted_for_a_day_by_keyboard(page: Site, browser: Chromium, home: Path) -> None:
    visit(browser, page, f"day/{DAY}", "[data-decide*=day_site]")
    browser.run("document.querySelector('[data-decide*=day_site]').focus()")
    browser.press("Enter")
    browser.wait("document.getElementById('changes-list').textContent.includes('jira.example.com')")
    assert violations(browser) == []
