from recorder.capture.platforms.atspi_apps import App, Frame
from recorder.capture.scope import Page
from recorder.core.geometry import Rect

LEFT, RIGHT = Rect(0, 0, 900, 700), Rect(950, 0, 900, 700)


def app(*frames: tuple[str, str, Rect]) -> App:
    refs = [(":1.5", f"/frame/{number}") for number in range(len(frames))]
    return App(
        (":1.5", "/root"),
        tuple(
            Frame(ref, title, rect, ref, host, ())
            for ref, (title, host, rect) in zip(refs, frames, strict=True)
        ),
    )


def test_a_window_is_found_by_its_title() -> None:
    told = app(("A - Chromium", "a.example", LEFT), ("B - Chromium", "b.example", LEFT))
    assert told.page("B - Chromium", LEFT) == Page("b.example")


def test_a_window_whose_title_is_behind_is_found_by_its_place() -> None:
    told = app(("A - Chromium", "a.example", LEFT), ("B - Chromium", "b.example", RIGHT))
    assert told.page("B old - Chromium", Rect(950, 20, 900, 680)) == Page("b.example")


def test_windows_that_cannot_be_told_apart_are_not_told() -> None:
    told = app(("A - Chromium", "a.example", LEFT), ("A - Chromium", "b.example", LEFT))
    assert told.page("A - Chromium", LEFT) is None
    assert told.page("C - Chromium", Rect(300, 300, 20, 20)) is None


def test_a_private_frame_is_found_behind_a_title_without_its_mark() -> None:
    told = app(("A - Chromium (Incognito)", "a.example", LEFT))
    assert told.page("A - Chromium", LEFT) == Page("a.example", is_private=True)


def test_a_private_and_an_ordinary_window_of_one_title_are_told_apart_by_place_only() -> None:
    told = app(
        ("A - Chromium", "a.example", LEFT), ("A - Chromium (Incognito)", "a.example", RIGHT)
    )
    assert told.page("A - Chromium", RIGHT) == Page("a.example", is_private=True)
    assert told.page("A - Chromium", LEFT) == Page("a.example")
    assert told.page("A - Chromium", Rect(400, 400, 900, 700)) is None
