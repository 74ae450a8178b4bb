from dataclasses import replace

from recorder.agent.screen_rows import RETROACTIVE_NS, Picture, narrow, narrowed
from recorder.core.frames import RawFrame
from recorder.core.geometry import Rect
from recorder.core.scenes import Gate, Paint, Scene, Window

AREA = Rect(0, 0, 10, 10)
SCENE = Scene(
    0, windows=(Window(1, AREA, Paint.REDACT), Window(2, AREA, Paint.HIDE)), gate=Gate.OPEN
)
NEWS_NS = 10**9


def picture(t_end_ns: int) -> Picture:
    return Picture(RawFrame(b"", AREA, 0, 1.0, t_end_ns - 1, t_end_ns), SCENE)


def test_a_shut_gate_voids_what_was_grabbed_shortly_before() -> None:
    late, early = picture(NEWS_NS), picture(NEWS_NS - RETROACTIVE_NS)
    narrow([late, early], Scene(NEWS_NS, gate=Gate.SECURE))
    assert late.is_void
    assert not early.is_void


def test_a_window_that_is_hidden_now_is_hidden_in_what_was_grabbed_before() -> None:
    found = narrowed(SCENE, Scene(NEWS_NS, windows=(Window(1, AREA, Paint.HIDE),), gate=Gate.OPEN))
    assert [w.paint for w in found.windows] == [Paint.HIDE, Paint.HIDE]


def test_a_window_that_is_allowed_now_stays_hidden_in_what_was_grabbed_before() -> None:
    news = Scene(NEWS_NS, windows=(Window(2, AREA, Paint.REDACT),), gate=Gate.OPEN)
    assert narrowed(SCENE, news) is SCENE


def test_a_password_field_told_late_is_painted_too() -> None:
    field = Rect(1, 1, 2, 2)
    news = replace(SCENE, t_ns=NEWS_NS, secure=(field,))
    one = picture(NEWS_NS)
    narrow([one], news)
    assert one.scene.secure == (field,)
    assert narrowed(one.scene, news) is one.scene


def test_a_window_of_two_paints_is_worth_its_better_one() -> None:
    both = (Window(1, AREA, Paint.REDACT), Window(1, Rect(0, 0, 10, 20), Paint.LAYOUT))
    news = Scene(NEWS_NS, windows=both, gate=Gate.OPEN)
    assert narrowed(replace(SCENE, windows=both), news).windows == both
    only = replace(news, windows=both[1:])
    assert {w.paint for w in narrowed(replace(SCENE, windows=both), only).windows} == {Paint.LAYOUT}
