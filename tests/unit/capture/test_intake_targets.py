"""The element under an action: on its row, when consented, and from an open scene only."""

from dataclasses import replace

import pytest

from recorder.capture.intake import Intake
from recorder.capture.timeline import RETRO_NS, Timeline
from recorder.core.events import Button, Kind, RawEvent, RawKind
from recorder.core.geometry import Rect
from recorder.core.levels import Levels, TargetsLevel
from recorder.core.scenes import Gate, Paint, Scene
from recorder.core.scoped import ScopedEvent
from recorder.core.targets import Target
from tests.unit.capture.intake_scenes import (
    ALLOWED,
    LATER,
    MS,
    key,
    pointer,
    scene,
)

TARGET = Target("push button", "Send", Rect(1, 2, 30, 10))


def hit(
    event: RawEvent, scenes: list[Scene], level: TargetsLevel = TargetsLevel.ON
) -> list[ScopedEvent]:
    """Run one press and its release, with an element told in between."""
    timeline = Timeline()
    intake = Intake(Levels(targets=level), timeline)
    timeline.add(scenes[0], 0)
    began = intake.feed(event)
    assert began is not None
    assert began.by_key is (event.kind is RawKind.KEY_DOWN)
    for number, news in enumerate(scenes[1:], 1):
        timeline.add(news, number)
    intake.hit(began.action_id, TARGET)
    intake.bind(began.action_id, None)
    kind = RawKind.KEY_UP if began.by_key else RawKind.BUTTON_UP
    intake.feed(replace(event, kind=kind, t_ns=event.t_ns + MS))
    return intake.release(LATER)


PRESS = pointer(10, RawKind.BUTTON_DOWN, button=Button.LEFT)


@pytest.mark.parametrize("event", [PRESS, key(10)])
def test_the_element_stands_on_the_row_of_the_press_alone(event: RawEvent) -> None:
    down, up = (out.row for out in hit(event, [scene(0)]))
    assert (down.target_role, down.target_name) == ("push button", "Send")
    assert (down.target_x, down.target_y, down.target_w, down.target_h) == (1, 2, 30, 10)
    assert (up.target_role, up.target_name, up.target_x) == (None, None, None)


def test_without_consent_no_element_is_taken() -> None:
    rows = [out.row for out in hit(PRESS, [scene(0)], TargetsLevel.OFF)]
    assert {row.target_role for row in rows} == {None}


def test_an_element_told_just_before_the_gate_shuts_is_dropped() -> None:
    closing = scene(10 + RETRO_NS // MS // 2, Gate.EXCLUDED)
    rows = [out.row for out in hit(PRESS, [scene(0), closing])]
    assert Kind.BUTTON_DOWN in {row.kind for row in rows}
    assert {row.target_role for row in rows} == {None}


def test_where_text_is_painted_out_the_element_has_no_name() -> None:
    layout = replace(scene(0), windows=(replace(ALLOWED, paint=Paint.LAYOUT),))
    row = hit(PRESS, [layout])[0].row
    assert (row.target_role, row.target_name) == ("push button", None)
