"""The person's list of apps: what goes in, what never does, what a removal takes along."""

import pytest

from recorder.cli import wiring
from recorder.cli.apps import NeverRecorded, ScopeList, notes
from recorder.cli.guide import OpenApp
from recorder.cli.scope_file import NotAnApp
from recorder.core.ports import SourceUnavailable
from recorder.places import places


@pytest.fixture
def scope() -> ScopeList:
    return ScopeList(places(), ":1")


def test_nothing_is_allowed_until_the_person_says_so(scope: ScopeList) -> None:
    assert scope.allowed() == ()


def test_entries_are_kept_once_in_order_and_lower_case(scope: ScopeList) -> None:
    scope.allow(["xterm", "Chromium:Jira.Example.com"])
    scope.allow(["xterm", "gedit"])
    assert scope.allowed() == ("chromium:jira.example.com", "gedit", "xterm")


def test_denying_an_app_takes_its_sites_along(scope: ScopeList) -> None:
    scope.allow(["chromium", "chromium:a.example", "chromium:b.example", "xterm"])
    scope.deny(["chromium:a.example"])
    assert scope.allowed() == ("chromium", "chromium:b.example", "xterm")
    scope.deny(["chromium"])
    assert scope.allowed() == ("xterm",)


@pytest.mark.parametrize("entry", ["keepassxc", "pinentry-gtk-2", "KeePassXC"])
def test_what_is_never_recorded_cannot_be_allowed(scope: ScopeList, entry: str) -> None:
    with pytest.raises(NeverRecorded):
        scope.allow(["xterm", entry])
    assert scope.allowed() == ()


@pytest.mark.parametrize("entry", ["", "a b", "../x", "chromium:", "x\x1b[2J", "a:b/c"])
def test_what_is_no_app_is_refused_and_nothing_is_kept(scope: ScopeList, entry: str) -> None:
    with pytest.raises(NotAnApp):
        scope.allow(["xterm", entry])
    assert scope.allowed() == ()


def test_open_windows_are_offered_without_password_managers(
    scope: ScopeList, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [("xterm", "Terminal"), ("keepassxc", "KeePassXC")]
    monkeypatch.setattr(wiring, "open_windows", lambda _display: found)
    assert list(scope.open_now()) == [OpenApp("xterm", "Terminal")]


def test_without_a_display_nothing_is_offered(
    scope: ScopeList, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_display: str) -> list[tuple[str, str]]:
        raise SourceUnavailable("No display", "start one")

    monkeypatch.setattr(wiring, "open_windows", refuse)
    assert scope.open_now() == ()


def test_a_site_of_what_is_no_browser_is_questioned() -> None:
    assert notes(["xterm:jira.example.com"], []) == [
        "xterm is no browser, so it has no sites. Fix: recorder apps allow xterm"
    ]
    assert notes(["chromum:jira.example.com"], []) == [
        "No open window is of chromum. Perhaps you meant chromium."
    ]
    assert notes(["chromium:jira.example.com"], []) == []
