"""Which windows a frame shows: by the stack, what is painted out, and where the frame is."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from recorder.core.geometry import Rect
from recorder.core.scenes import LEFT_BEHIND, Paint, Scene, Window

SCREEN = Rect(0, 0, 100, 100)
BELOW = Window(1, Rect(10, 10, 20, 20), Paint.REDACT, label=1)


def shown(*windows: Window, frame: Rect = SCREEN) -> set[int]:
    return Scene(0, windows=windows).shown_labels(frame)


def test_a_window_that_is_covered_whole_is_not_shown() -> None:
    whole = Window(2, SCREEN, Paint.REDACT, label=2)
    assert shown(whole, BELOW) == {2}
    assert shown(replace(whole, paint=Paint.HIDE), BELOW) == set()
    halves = [replace(whole, rect=Rect(x, 0, 20, 100), label=3 + x) for x in (0, 20)]
    assert shown(*halves, BELOW) == {3, 23}


def test_a_window_of_which_a_pixel_is_seen_is_shown() -> None:
    nearly = Window(2, Rect(10, 10, 20, 19), Paint.HIDE, label=2)
    assert shown(nearly, BELOW) == {1}


def test_a_window_on_another_monitor_is_not_in_the_frame() -> None:
    assert shown(BELOW, frame=Rect(100, 0, 100, 100)) == set()


def test_an_app_of_which_only_the_layout_is_stored_is_shown_too() -> None:
    assert shown(replace(BELOW, paint=Paint.LAYOUT)) == {1}


def test_what_a_hidden_window_left_behind_covers_nothing() -> None:
    assert shown(Window(LEFT_BEHIND, SCREEN, Paint.HIDE), BELOW) == {1}


def test_of_very_many_windows_each_one_counts() -> None:
    many = [Window(n, SCREEN, Paint.REDACT, label=n) for n in range(1, 202)]
    assert shown(*many) == set(range(1, 202))
    assert shown(*many[:200]) == {1}


_SIDES = st.integers(0, 12)
_WINDOWS = st.lists(
    st.tuples(st.builds(Rect, _SIDES, _SIDES, _SIDES, _SIDES), st.sampled_from(Paint)), max_size=5
)


@given(_WINDOWS)
def test_the_windows_shown_are_those_of_the_pixels(found: list[tuple[Rect, Paint]]) -> None:
    windows = [Window(n, rect, paint, label=n) for n, (rect, paint) in enumerate(found)]
    scene, frame = Scene(0, windows=tuple(windows)), Rect(2, 2, 9, 9)
    pixels = [(x, y) for x in range(2, 11) for y in range(2, 11)]
    tops = [window for place in pixels if (window := scene.window_at(*place))]
    assert scene.shown_labels(frame) == {w.label for w in tops if w.paint is not Paint.HIDE}
