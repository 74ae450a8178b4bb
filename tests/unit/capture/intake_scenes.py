"""Scenes and events that an intake is fed with."""

from recorder.capture.intake import Intake
from recorder.capture.timeline import Timeline
from recorder.core.events import Button, KeyClass, Kind, RawEvent, RawKind
from recorder.core.geometry import Monitor, Rect
from recorder.core.levels import Levels
from recorder.core.scenes import Field, Gate, Paint, Scene, Window
from recorder.core.scoped import ScopedEvent

MS = 1_000_000
LATER = 100_000 * MS
ALLOWED = Window(1, Rect(0, 0, 100, 100), Paint.REDACT)
HIDDEN = Window(2, Rect(100, 0, 100, 100), Paint.HIDE)
MONITORS = (Monitor(0, Rect(0, 0, 100, 100)), Monitor(1, Rect(100, 0, 100, 100)))


def scene(t_ms: int, gate: Gate = Gate.OPEN, field: Field = Field.PLAIN) -> Scene:
    return Scene(t_ms * MS, MONITORS, (ALLOWED, HIDDEN), focus=1, gate=gate, field=field)


def key(t_ms: int, char: str = "a", *, up: bool = False, repeat: bool = False) -> RawEvent:
    kind = RawKind.KEY_UP if up else RawKind.KEY_DOWN
    return RawEvent(
        t_ms * MS, kind, char=char, key_class=KeyClass.CHAR, keycode=ord(char), is_repeat=repeat
    )


def pointer(
    t_ms: int, kind: RawKind = RawKind.MOVE, x: int = 5, button: Button = Button.NONE
) -> RawEvent:
    return RawEvent(t_ms * MS, kind, x, 5, button)


def run(
    events: list[RawEvent], scenes: list[Scene], levels: Levels | None = None
) -> list[ScopedEvent]:
    timeline = Timeline()
    intake = Intake(levels or Levels(), timeline)
    for number, news in enumerate(scenes):
        timeline.add(news, number)
    for event in events:
        intake.feed(event)
    return intake.release(LATER)


def kinds(out: list[ScopedEvent]) -> list[Kind]:
    return [event.row.kind for event in out]
