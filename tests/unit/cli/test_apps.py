"""The list of apps: typing errors, whole browsers, and what is taken off it."""

import pytest

from recorder.cli.apps import NotOnTheList, ScopeList, notes
from recorder.places import places


@pytest.fixture
def scope(own_home: object) -> ScopeList:
    found = ScopeList(places(), "")
    found.allow(["xterm", "chromium:a.example"])
    return found


def test_denying_what_is_not_on_the_list_is_an_error_that_names_the_nearest(
    scope: ScopeList,
) -> None:
    with pytest.raises(NotOnTheList, match="perhaps you meant xterm"):
        scope.deny(["xtrm"])
    assert scope.allowed() == ("chromium:a.example", "xterm")


def test_denying_a_browser_takes_its_sites_and_one_wrong_name_stops_nothing(
    scope: ScopeList,
) -> None:
    with pytest.raises(NotOnTheList, match="gedit is not on the list"):
        scope.deny(["chromium", "gedit"])
    assert scope.allowed() == ("xterm",)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("xtrm", "Perhaps you meant xterm"),
        ("gedt", "Perhaps you meant gedit"),
        ("chromium", "chromium:SITE"),
        ("chromium:a.example", ""),
        ("xterm", ""),
        ("something-else-entirely", ""),
    ],
)
def test_allowing_notes_a_likely_typing_error_and_a_whole_browser(entry: str, told: str) -> None:
    found = " ".join(notes([entry], ["gedit"]))
    assert told in found
    assert bool(found) is bool(told)
