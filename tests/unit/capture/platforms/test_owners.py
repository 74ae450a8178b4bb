"""Whose a window is, and which part of it is a page."""

from recorder.capture.platforms.atspi_apps import App, Frame
from recorder.capture.platforms.x11_owners import Judged, Owners
from recorder.capture.platforms.x11_sight import painted
from recorder.capture.platforms.x11_tops import Identity, Top
from recorder.capture.scope import Scope
from recorder.core.geometry import Rect
from recorder.core.scenes import Paint

BROWSER_PID, OTHER_PID = 70, 71
PLACE = Rect(40, 20, 900, 700)
PAGE = Rect(44, 107, 892, 609)


def _top(window: int, identity: Identity, place: Rect = PLACE, *, is_override: bool = False) -> Top:
    return Top(
        window, place.x, place.y, place.w, place.h, 0, is_mapped=True, is_input_only=False,
        is_override=is_override, depth=24, identity=identity,
    )  # fmt: skip


def _browser(window: int = 5, frame: tuple[int, ...] = ()) -> Top:
    return _top(
        window,
        Identity(window, "Chromium", ("chromium",), title="Work", pid=BROWSER_PID, frame=frame),
    )


def _told(margins: tuple[int, int, int, int] | None = (4, 87, 4, 4)) -> dict[int, App]:
    ref = (":1.5", "/1")
    return {
        BROWSER_PID: App(ref, (Frame(ref, "Work", PLACE, ref, "jira.example", (), margins),)),
    }


def _judge(allowed: str, stack: list[Top], apps: dict[int, App] | None = None) -> list[Judged]:
    scope = Scope((allowed,), ("*",))
    return Owners(scope, stack, _told() if apps is None else apps, is_composited=False).judge()


def test_around_the_page_of_a_limited_browser_all_text_goes() -> None:
    (browser,) = _judge("chromium:jira.example", [_browser()])
    assert list(painted(browser)) == [(PAGE, Paint.REDACT), (PLACE, Paint.LAYOUT)]


def test_where_the_page_is_not_told_all_text_of_a_limited_browser_goes() -> None:
    (browser,) = _judge("chromium:jira.example", [_browser()], _told(None))
    assert list(painted(browser)) == [(PLACE, Paint.LAYOUT)]


def test_a_frame_around_the_window_is_not_the_page() -> None:
    (browser,) = _judge("chromium:jira.example", [_browser(frame=(1, 1, 20, 5))])
    assert browser.page == Rect(45, 127, 890, 584)


def test_suggestions_of_a_limited_browser_are_painted() -> None:
    popup = _top(
        6, Identity(0, "Chromium", ("chromium",), pid=BROWSER_PID), Rect(150, 60, 700, 90),
        is_override=True,
    )  # fmt: skip
    found = _judge("chromium:jira.example", [popup, _browser()])
    assert list(painted(found[0])) == [(popup.rect, Paint.LAYOUT)]


def test_a_browser_without_limits_is_one_area() -> None:
    (browser,) = _judge("chromium", [_browser()])
    assert list(painted(browser)) == [(PLACE, Paint.REDACT)]


def test_a_menu_of_an_allowed_program_is_its_own() -> None:
    main = _top(5, Identity(5, "XTerm", ("xterm",), pid=OTHER_PID))
    menu = _top(6, Identity(6, "", ("xterm",), pid=OTHER_PID, transient_for=5))
    assert _judge("xterm", [menu, main])[0].verdict.paint is Paint.REDACT


def test_another_process_cannot_claim_an_allowed_window() -> None:
    main = _top(5, Identity(5, "XTerm", ("xterm",), pid=OTHER_PID))
    for pid in (72, 0):
        dialog = _top(6, Identity(6, "", ("secretive",), pid=pid, transient_for=5))
        assert _judge("xterm", [dialog, main])[0].verdict.paint is Paint.HIDE
