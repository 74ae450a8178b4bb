"""The recorder's own page and window are never recorded, by whatever name they go."""

import pytest

from recorder.capture.labels import url_host
from recorder.capture.scope import Page, Scope, WindowFacts
from recorder.core.own_page import OWN_HOST, OWN_PATH, OWN_TITLE, OWN_WINDOW
from recorder.core.scenes import Gate, Paint
from recorder.review.door import Door

EVERYTHING = Scope(("chromium", "firefox", f"chromium:{OWN_HOST}", "firefox:127.0.0.1"), ("*",))


@pytest.mark.parametrize("host", ["127.0.0.1:43211", "localhost:1", "[::1]:43211"])
def test_its_address_has_a_host_of_its_own(host: str) -> None:
    assert url_host(f"http://{host}{OWN_PATH}abc/episode/1") == OWN_HOST
    assert url_host(f"http://{host}/my-own-site") == host.rpartition(":")[0].strip("[]")
    assert url_host(f"https://example.org{OWN_PATH}abc/") == "example.org"
    assert url_host(Door().home(43211)) == OWN_HOST


@pytest.mark.parametrize("app", ["chromium", "firefox"])
def test_no_list_allows_it(app: str) -> None:
    page = WindowFacts(app, title="a", page=Page(host=OWN_HOST))
    assert EVERYTHING.decide(page).paint is Paint.HIDE
    assert EVERYTHING.decide(page).gate is Gate.EXCLUDED


def test_its_title_is_enough() -> None:
    for title in (f"Locked · {OWN_TITLE} - Chromium", OWN_TITLE.upper()):
        found = EVERYTHING.decide(WindowFacts("chromium", title=title, page=Page(host="other")))
        assert (found.paint, found.gate) == (Paint.HIDE, Gate.EXCLUDED)


def test_other_pages_of_this_machine_may_be_recorded() -> None:
    own = WindowFacts("firefox", title="My site", page=Page(host="127.0.0.1"))
    assert EVERYTHING.decide(own).gate is Gate.OPEN


def test_no_list_allows_the_indicator_by_any_of_its_names() -> None:
    scope = Scope((OWN_WINDOW, "python3"), ("*",))
    assert scope.decide(WindowFacts(OWN_WINDOW)).paint is Paint.HIDE
    named = WindowFacts("python3", names=(OWN_WINDOW, "python3"))
    assert scope.decide(named).gate is Gate.EXCLUDED
    assert scope.decide(WindowFacts("python3")).gate is Gate.OPEN
