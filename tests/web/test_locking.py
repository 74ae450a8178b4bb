"""Decisions that wait when the page locks: nothing of them is said until it is unlocked."""

from pathlib import Path

import pytest

from recorder.review import answers
from recorder.review.decisions import Act, DeleteEverything
from tests.web.chromium import Chromium
from tests.web.player import look_at, waits
from tests.web.site import PASSPHRASE, Site
from tests.web.stored import applied, decided


def test_decisions_wait_unseen_while_the_page_is_locked(site: Site, home: Path) -> None:
    decided(site, home, kind="app", app_id="xterm")
    site.tell("lock", {})
    for answer in (site.api("changes"), site.tell("apply", {}), site.tell("undo", {})):
        assert answer.status == 423
        assert "xterm" not in answer.text
    site.tell("unlock", {"passphrase": PASSPHRASE})
    assert "xterm" in site.api("changes").json["changes"][0]["says"]
    assert applied(site)["changes"] == []


def test_no_text_of_what_waits_is_there_while_the_page_is_locked(site: Site, home: Path) -> None:
    task = site.api(f"episode/{home.name}/tasks").json["tasks"][0]
    decided(site, home, kind="label", seq=task["seq"], instruction="Zanzibar")
    site.room.changes.add(home.name, "Zanzibar", DeleteEverything())
    site.tell("lock", {})
    held = (site.room.changes.waiting, site.room.changes.progress.said)
    assert held == ((), ())
    assert b"Zanzibar" not in site.room._away
    paths = ("", f"episode/{home.name}", "search", "api/changes", f"api/episode/{home.name}/tasks")
    given = [site.page(path) for path in paths]
    given += [site.tell(path, {}) for path in ("changes", "apply", "undo", "seen", "lock")]
    given.append(site.tell("unlock", {"passphrase": "guess"}))
    for answer in given:
        assert answer.status in {200, 403, 423}
        assert "zanzibar" not in answer.text.lower()
    site.tell("unlock", {"passphrase": PASSPHRASE})
    assert ["Zanzibar" in one["says"] for one in site.api("changes").json["changes"]] == [True] * 2


def test_what_was_said_of_applied_decisions_goes_with_the_lock(site: Site, home: Path) -> None:
    task = site.api(f"episode/{home.name}/tasks").json["tasks"][0]
    decided(site, home, kind="label", seq=task["seq"], instruction="Zanzibar")
    assert "Zanzibar" in applied(site)["said"][0]
    site.tell("lock", {})
    site.tell("unlock", {"passphrase": PASSPHRASE})
    assert site.api("changes").json["said"] == []


@pytest.mark.parametrize("path", ["changes", "apply"])
def test_an_answer_under_way_when_the_page_locks_holds_no_text(
    site: Site, home: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    decided(site, home, kind="site", host="jira.example.com")

    def late(*_given: object) -> list[tuple[str, str, Act]]:
        site.room.lock()
        return [(home.name, "Zanzibar", DeleteEverything())]

    monkeypatch.setattr(answers, "decision_of", late)
    monkeypatch.setattr(site.room.changes, "apply", late)
    answer = site.tell(path, {})
    assert answer.status == 423
    assert "jira" not in answer.text
    assert "Zanzibar" not in answer.text
    site.tell("unlock", {"passphrase": PASSPHRASE})
    assert len(site.api("changes").json["changes"]) == 1


def test_locking_one_tab_takes_what_waits_off_the_other(
    page: Site, browser: Chromium, home: Path
) -> None:
    look_at(browser, page, home)
    browser.press("i")
    browser.press("o")
    browser.press("d")
    waits(browser, 1)
    base = browser.run("document.body.dataset.base")  # the page may leave once it is locked
    assert page.tell("lock", {}).status == 200
    browser.run(f"new BroadcastChannel('{base}').postMessage('locked')")
    browser.wait("document.getElementById('passphrase')")
    assert browser.run("document.getElementById('changes')") is None
    assert "delete" not in browser.run("document.documentElement.outerHTML").lower()
