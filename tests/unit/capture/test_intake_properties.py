"""Whatever is typed while scenes change, no key leaves a closed gate."""

from hypothesis import given
from hypothesis import strategies as st

from recorder.capture.intake import Intake
from recorder.capture.timeline import RETRO_NS, Timeline
from recorder.core.events import KEY_KINDS, Button, Kind, RawEvent, RawKind
from recorder.core.levels import KeyboardLevel, Levels
from recorder.core.scenes import Gate, Scene
from recorder.core.scoped import ScopedEvent
from tests.unit.capture.intake_scenes import (
    MS,
    key,
    pointer,
    scene,
)

_GATES = st.sampled_from(list(Gate))
_SCENES = st.lists(
    st.tuples(st.integers(0, 3000), _GATES), max_size=8, unique_by=lambda drawn: drawn[0]
)
_EVENTS = st.lists(
    st.tuples(
        st.integers(0, 3000),
        st.sampled_from(["down", "up", "repeat", "move", "press", "release", "lost"]),
        st.sampled_from("abc"),
        st.sampled_from([5, 150]),
    ),
    max_size=40,
)


def _event(t_ms: int, what: str, char: str, x: int) -> RawEvent:
    match what:
        case "down" | "up" | "repeat":
            return key(t_ms, char, up=what == "up", repeat=what == "repeat")
        case "lost":
            return RawEvent(t_ms * MS, RawKind.GAP, count=3)
        case "move":
            return pointer(t_ms, x=x)
        case _:
            kind = RawKind.BUTTON_DOWN if what == "press" else RawKind.BUTTON_UP
            return pointer(t_ms, kind, x, Button.LEFT)


def _is_closed(t_ns: int, scenes: list[Scene]) -> bool:
    before = [news for news in scenes if news.t_ns <= t_ns]
    soon = [news for news in scenes if t_ns < news.t_ns <= t_ns + RETRO_NS]
    return not before or any(news.gate is not Gate.OPEN for news in [before[-1], *soon])


def _play(
    events: list[RawEvent], scenes: list[Scene], steps_ms: list[int], gate_ms: int
) -> list[ScopedEvent]:
    """Feed everything at its time, release at odd instants, drain at the end."""
    timeline = Timeline()
    intake = Intake(Levels(keyboard=KeyboardLevel.TEXT), timeline)
    moments: list[tuple[int, int, RawEvent | Scene | None]] = [
        *((news.t_ns, 0, news) for news in scenes),
        *((event.t_ns, 1, event) for event in events),
        *((step * MS, 2, None) for step in steps_ms),
    ]
    out = []
    for t_ns, _, what in sorted(moments, key=lambda moment: moment[:2]):
        if isinstance(what, Scene):
            timeline.add(what, 0)
        elif what is not None:
            began = intake.feed(what)
            if began is not None and began.action_id % 2:
                intake.bind(began.action_id, 7)
        elif t_ns <= gate_ms * MS:
            out += intake.release(t_ns)
    return out + intake.drain(gate_ms * MS)


@given(_EVENTS, _SCENES, st.lists(st.integers(0, 4000), max_size=6), st.integers(0, 4000))
def test_whatever_happens_no_key_leaves_a_closed_gate_and_order_is_kept(
    drawn_events: list[tuple[int, str, str, int]],
    drawn_scenes: list[tuple[int, Gate]],
    steps_ms: list[int],
    gate_ms: int,
) -> None:
    events = [_event(*drawn) for drawn in sorted(drawn_events, key=lambda drawn: drawn[0])]
    scenes = [scene(t_ms, gate) for t_ms, gate in sorted(drawn_scenes, key=lambda d: d[0])]
    out = _play(events, scenes, steps_ms, gate_ms)
    times = [event.row.t_ns for event in out]
    assert times == sorted(times)
    assert all(t_ns <= gate_ms * MS for t_ns in times) or not times
    pressed: set[str] = set()
    for event in out:
        if event.row.kind is Kind.KEY_DOWN:
            assert not _is_closed(event.row.t_ns, scenes)
            pressed.add(event.char)
        elif event.row.kind is Kind.KEY_UP:
            assert event.char in pressed
            pressed.discard(event.char)
        elif event.row.kind not in KEY_KINDS and event.row.reason in ("secure", "excluded"):
            assert (event.row.count or 0) % 10 == 0
    assert not pressed
    assert _brackets_match(out)


def _brackets_match(out: list[ScopedEvent]) -> bool:
    opened = ""
    for event in out:
        name, _, edge = event.row.kind.value.partition("_")
        if edge == "begin":
            if opened:
                return False
            opened = name
        elif edge == "end" and name in ("secure", "excluded"):
            if opened != name:
                return False
            opened = ""
    return not opened
