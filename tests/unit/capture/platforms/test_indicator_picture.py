"""The picture of the indicator: each state by its shape, a button only where one may go on."""

import pytest

from recorder.capture.platforms.indicator_picture import draw
from recorder.core.faces import Face, FaceState

STATES: tuple[FaceState, ...] = ("starting", "recording", "degraded", "paused", "stopping")


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_it_grows_with_the_screen_and_holds_all_its_pixels(scale: float) -> None:
    for state in STATES:
        picture = draw(Face(state), scale)
        assert picture.height == 30 * scale
        assert len(picture.bgrx) == 4 * picture.width * picture.height


def test_states_differ_and_a_clock_alone_changes_nothing() -> None:
    assert len({draw(Face(state), 1.0).bgrx for state in STATES}) == len(STATES)
    assert draw(Face("recording"), 1.0) == draw(Face("recording", app="x", elapsed_s=9), 1.0)


def test_a_button_is_there_only_where_it_may_go_on() -> None:
    assert draw(Face("paused", "screen locked"), 1.0).button is None
    picture = draw(Face("paused", "by you", can_resume=True), 1.0)
    assert picture.button is not None
    assert picture.button.right == picture.width


def test_a_call_for_the_eye_looks_different() -> None:
    assert draw(Face("paused", calls=True), 1.0) != draw(Face("paused"), 1.0)


def test_a_reason_is_cut_and_cannot_break_the_line() -> None:
    widest = draw(Face("degraded", "w" * 40), 1.0).width
    assert draw(Face("degraded", "w" * 4000), 1.0).width <= widest
    assert draw(Face("degraded", "a\nb"), 1.0).height == 30
