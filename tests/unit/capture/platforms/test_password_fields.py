"""A field that was a password field stays one when the page shows what is in it."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

import pytest

from recorder.capture.platforms.atspi_apps import App, Focus
from recorder.capture.platforms.atspi_calls import (
    ROLE_PASSWORD,
    STATE_EDITABLE,
    STATE_SHOWING,
    Calls,
)
from recorder.capture.platforms.atspi_reading import read_focus, scan, verify
from recorder.capture.platforms.bus_calls import Ref, Silent
from recorder.capture.platforms.x11_sight import secret_places
from recorder.core.geometry import Rect
from recorder.core.scenes import Field

ROOT, WINDOW, PAGE, OTHER_PAGE, PASSWORD = ((":1.5", f"/{number}") for number in range(5))
PLACE = Rect(100, 200, 180, 22)
ENTRY = 79


@dataclass
class FakeCalls:
    """One browser window with one field, as accessibility tells it."""

    page: Ref = PAGE
    is_busy: bool = False
    role_now: int = ROLE_PASSWORD
    place: Rect = PLACE
    asked: list[Ref] = field(default_factory=list)

    async def children(self, ref: Ref) -> list[Ref]:
        return [WINDOW] if ref == ROOT else []

    async def name(self, _ref: Ref) -> str:
        return "Sign in - Chromium"

    async def extents(self, ref: Ref) -> Rect:
        if self.is_busy and ref == PASSWORD:
            raise Silent
        places = {WINDOW: Rect(40, 20, 900, 700), PASSWORD: self.place}
        return places.get(ref, Rect(44, 107, 892, 609))

    async def embedded(self, _ref: Ref) -> Ref:
        return self.page

    async def url(self, _ref: Ref) -> str:
        return "https://a.example/"

    async def with_role(self, ref: Ref, role: int, _most: int) -> list[Ref]:
        return [PASSWORD] if ref == PAGE and role == self.role_now else []

    async def role(self, _ref: Ref) -> int:
        return self.role_now

    async def states(self, _ref: Ref) -> int:
        return 1 << STATE_SHOWING | 1 << STATE_EDITABLE


def _scan(calls: FakeCalls, app: App) -> App:
    return asyncio.run(scan(cast("Calls", calls), app))


def _focus(calls: FakeCalls, app: App) -> Focus:
    return asyncio.run(read_focus(cast("Calls", calls), app, PASSWORD, 1))


def test_one_that_gets_its_place_after_the_page_was_read_is_found_without_news() -> None:
    calls = FakeCalls(place=Rect(0, 0, 0, 0))
    app = _scan(calls, App(ROOT))
    assert app.secrets == ()
    calls.place = PLACE
    assert asyncio.run(verify(cast("Calls", calls), app)).secrets == (PLACE,)


def test_one_that_is_too_busy_to_tell_its_place_fills_the_window_until_it_does() -> None:
    calls = FakeCalls(is_busy=True)
    app = _scan(calls, App(ROOT))
    assert app.secrets == (Rect(40, 20, 900, 700),)
    calls.is_busy = False
    assert asyncio.run(verify(cast("Calls", calls), app)).secrets == (PLACE,)


def test_it_stays_secure_when_the_page_shows_the_password() -> None:
    calls = FakeCalls()
    app = _scan(calls, App(ROOT))
    assert app.secrets == (PLACE,)
    calls.role_now = ENTRY
    app = _scan(calls, app)
    assert app.secrets == (PLACE,)
    assert _focus(calls, app).field is Field.SECURE


def test_it_is_secure_again_when_its_page_comes_back_and_not_on_others() -> None:
    calls = FakeCalls()
    app = _scan(calls, App(ROOT))
    calls.page, calls.role_now = OTHER_PAGE, ENTRY
    app = asyncio.run(verify(cast("Calls", calls), app))
    assert app.secrets == ()
    assert _scan(calls, app).secrets == ()
    calls.page = PAGE
    assert asyncio.run(verify(cast("Calls", calls), app)).secrets == (PLACE,)


def test_a_field_that_never_was_one_is_plain() -> None:
    calls = FakeCalls(role_now=ENTRY)
    app = _scan(calls, App(ROOT))
    assert app.secrets == ()
    assert _focus(calls, app).field is Field.PLAIN


def test_the_place_of_the_page_in_its_window_is_told() -> None:
    (frame,) = _scan(FakeCalls(), App(ROOT)).frames
    assert frame.margins == (4, 87, 4, 4)


@pytest.mark.parametrize(
    "place", [Rect(-(2**31), -(2**31), 180, 22), Rect(2, 2, 30, 10), Rect(5000, 300, 180, 22)]
)
def test_one_that_is_told_outside_its_window_fills_the_window(place: Rect) -> None:
    app = _scan(FakeCalls(place=place), App(ROOT))
    assert app.secrets == (Rect(40, 20, 900, 700),)


def test_an_application_that_lies_about_all_places_is_secure_as_a_whole() -> None:
    app = _scan(FakeCalls(), App(ROOT))
    real = Rect(40, 20, 900, 700)
    assert secret_places(app, [real], (1.0,)) == {PLACE}
    assert secret_places(app, [Rect(80, 40, 1800, 1400)], (1.0, 2.0)) == {
        PLACE, Rect(200, 400, 360, 44),
    }  # fmt: skip
    elsewhere = [Rect(1000, 500, 900, 700)]
    assert secret_places(app, elsewhere, (1.0,)) == set(elsewhere)


@pytest.mark.parametrize(("place", "is_in_page"), [(PLACE, True), (Rect(200, 50, 600, 24), False)])
def test_a_field_of_the_browser_itself_is_told_from_one_of_its_page(
    place: Rect, *, is_in_page: bool
) -> None:
    calls = FakeCalls(role_now=ENTRY, place=place)
    focus = _focus(calls, _scan(calls, App(ROOT)))
    assert (focus.field, focus.is_in_page) == (Field.PLAIN, is_in_page)
