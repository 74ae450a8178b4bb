from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.capture.intake import HOLD_NS, Intake
from recorder.capture.timeline import RETRO_NS, Timeline
from recorder.core.events import KEY_KINDS, Button, KeyClass, Kind, Mods, RawEvent, RawKind
from recorder.core.geometry import Monitor, Rect
from recorder.core.levels import KeyboardLevel, Levels, PointerLevel, TargetsLevel
from recorder.core.scenes import Field, Gate, Paint, Scene, Window
from recorder.core.scoped import ScopedEvent
from recorder.core.targets import Target

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


def test_a_key_in_an_open_scene_comes_out_with_its_window_and_monitor() -> None:
    (out,) = run([key(10)], [scene(0)])
    assert (out.row.t_ns, out.row.kind, out.char) == (10 * MS, Kind.KEY_DOWN, "a")
    assert (out.row.monitor_id, out.row.window_seq, out.row.x) == (0, 0, None)


def test_nothing_comes_out_before_the_first_scene() -> None:
    assert run([key(10), pointer(11)], []) == []
    assert run([key(10), pointer(11)], [scene(12)]) == []


def test_a_closing_drops_keys_backwards_and_no_pointer() -> None:
    events = [key(740), key(751, "b"), pointer(900), key(1001, "c")]
    out = run(events, [scene(0), scene(1000, Gate.SECURE)])
    assert kinds(out) == [Kind.KEY_DOWN, Kind.MOVE, Kind.KEY_UP, Kind.SECURE_BEGIN]
    assert out[-1].row.t_ns == 1000 * MS


def test_an_opening_holds_from_its_news_on() -> None:
    out = run([key(999), key(1000, "b")], [scene(0, Gate.EXCLUDED), scene(1000)])
    assert kinds(out) == [Kind.EXCLUDED_BEGIN, Kind.EXCLUDED_END, Kind.KEY_DOWN]
    assert out[-1].char == "b"


def test_closed_gates_follow_each_other_with_an_end_and_a_begin() -> None:
    out = run([], [scene(0), scene(10, Gate.SECURE), scene(20, Gate.EXCLUDED), scene(30)])
    assert kinds(out) == [
        Kind.SECURE_BEGIN, Kind.SECURE_END, Kind.EXCLUDED_BEGIN, Kind.EXCLUDED_END,
    ]  # fmt: skip


def test_a_secure_field_closes_even_an_open_gate() -> None:
    out = run([key(20)], [scene(0), scene(10, field=Field.SECURE)])
    assert kinds(out) == [Kind.SECURE_BEGIN]


def test_an_unknown_field_lowers_the_level_backwards() -> None:
    levels = Levels(keyboard=KeyboardLevel.TEXT)
    events = [key(700), key(800, "b")]
    out = run(events, [scene(0), scene(1000, field=Field.UNKNOWN)], levels)
    assert [event.level for event in out] == [KeyboardLevel.TEXT, KeyboardLevel.CLASS]


def test_a_release_without_its_press_and_repeats_of_it_stay_out() -> None:
    events = [key(5), key(20, repeat=True), key(30, up=True)]
    assert kinds(run(events, [scene(0, Gate.EXCLUDED), scene(10)]))[2:] == []


def test_a_key_held_into_a_closing_is_released_there_once() -> None:
    out = run([key(10), key(1500, up=True)], [scene(0), scene(1000, Gate.SECURE), scene(1600)])
    assert kinds(out) == [Kind.KEY_DOWN, Kind.KEY_UP, Kind.SECURE_BEGIN, Kind.SECURE_END]
    assert out[1].row.t_ns == 1000 * MS


def test_a_drag_that_ends_out_of_scope_is_released_at_its_last_place_in_scope() -> None:
    events = [
        pointer(1, RawKind.BUTTON_DOWN, 5, Button.LEFT), pointer(2, x=50), pointer(3, x=150),
        pointer(4, RawKind.BUTTON_UP, 150, Button.LEFT),
    ]  # fmt: skip
    out = run(events, [scene(0)])
    assert kinds(out) == [Kind.BUTTON_DOWN, Kind.MOVE, Kind.BUTTON_UP]
    assert (out[-1].row.x, out[-1].row.t_ns, out[-1].row.button) == (50, 4 * MS, "left")


def test_pointer_events_behind_a_gate_are_counted_in_tens_and_keys_never() -> None:
    events = [pointer(t) for t in range(10, 37)] + [key(t) for t in range(40, 80)]
    out = run(events, [scene(0), scene(9, Gate.SECURE), scene(90)])
    assert kinds(out) == [Kind.SECURE_BEGIN, Kind.SECURE_END]
    assert [event.row.count for event in out] == [None, 20]


def test_pointer_events_over_hidden_windows_are_told_in_tens_once_a_second() -> None:
    events = [pointer(t, x=150) for t in range(1000, 4000, 10)]
    out = run(events, [scene(0)])
    assert {(event.row.kind, event.row.reason) for event in out} == {(Kind.GAP, "excluded")}
    counts = [event.row.count or 0 for event in out]
    assert len(counts) <= 4
    assert all(count % 10 == 0 for count in counts)
    assert 190 <= sum(counts) <= 300


def test_levels_leave_out_moves_or_the_pointer_or_the_keys() -> None:
    events = [pointer(1), pointer(2, RawKind.BUTTON_DOWN, 5, Button.LEFT), key(3)]
    clicks = run(events, [scene(0)], Levels(pointer=PointerLevel.CLICKS))
    assert kinds(clicks) == [Kind.BUTTON_DOWN, Kind.KEY_DOWN]
    assert kinds(run(events, [scene(0)], Levels(pointer=PointerLevel.OFF))) == [Kind.KEY_DOWN]
    no_keys = run(events, [scene(0)], Levels(keyboard=KeyboardLevel.OFF))
    assert kinds(no_keys) == [Kind.MOVE, Kind.BUTTON_DOWN]
    assert no_keys[0].row.mods is None


def test_a_loss_behind_a_closed_gate_tells_no_number() -> None:
    lost = [RawEvent(t * MS, RawKind.GAP, count=7) for t in (10, 1500)]
    out = run(lost, [scene(0), scene(1000, Gate.SECURE)])
    gaps = [(e.row.reason, e.row.count) for e in out if e.row.kind is Kind.GAP]
    assert gaps == [("platform", 7), ("platform", None)]


def test_an_action_waits_for_its_frame_and_at_most_a_second() -> None:
    timeline = Timeline()
    intake = Intake(Levels(), timeline)
    timeline.add(scene(0), 0)
    first = intake.feed(pointer(10, RawKind.BUTTON_DOWN, 5, Button.LEFT))
    second = intake.feed(pointer(20, RawKind.BUTTON_DOWN, 7, Button.RIGHT))
    assert first is not None
    assert second is not None
    assert (first.x, first.y, first.t_ns) == (5, 5, 10 * MS)
    assert intake.release(10 * MS + HOLD_NS) == []
    intake.bind(first.action_id, 42)
    (out,) = intake.release(500 * MS)
    assert out.row.frame_id == 42
    assert intake.release(1019 * MS) == []
    (out,) = intake.release(1020 * MS)
    assert out.row.frame_id is None
    intake.bind(second.action_id, 43)


def test_no_action_begins_out_of_scope() -> None:
    timeline = Timeline()
    intake = Intake(Levels(), timeline)
    assert intake.feed(key(1)) is None
    timeline.add(scene(2), 0)
    assert intake.feed(pointer(3, RawKind.BUTTON_DOWN, 150, Button.LEFT)) is None
    began = intake.feed(key(4))
    assert began is not None
    assert (began.x, began.y) == (50, 50)
    timeline.add(scene(5, Gate.SECURE), 1)
    assert intake.feed(pointer(6, RawKind.BUTTON_DOWN, 5, Button.LEFT)) is None


def test_a_drain_gives_nothing_stamped_after_the_gate_and_holds_nothing() -> None:
    timeline = Timeline()
    intake = Intake(Levels(), timeline)
    timeline.add(scene(0), 0)
    for event in (key(100), key(900, "b"), pointer(990), pointer(1001)):
        intake.feed(event)
    out = intake.drain(1000 * MS)
    assert kinds(out) == [Kind.KEY_DOWN, Kind.MOVE, Kind.KEY_UP]
    assert out[-1].row.t_ns == 1000 * MS
    assert intake.drain(1000 * MS) == []


def test_after_an_interruption_nothing_is_known() -> None:
    timeline = Timeline()
    intake = Intake(Levels(), timeline)
    timeline.add(scene(0), 0)
    intake.interrupt(100 * MS)
    assert intake.feed(pointer(200, RawKind.BUTTON_DOWN)) is None
    intake.feed(key(201))
    assert intake.release(LATER) == []


def test_a_full_delay_line_refuses_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recorder.capture.intake.MAX_PENDING", 200)
    timeline = Timeline()
    intake = Intake(Levels(), timeline)
    timeline.add(scene(0), 0)
    for number in range(225):
        intake.feed(pointer(2000 + number // 100))
    out = intake.release(LATER)
    gap = next(event.row for event in out if event.row.kind is Kind.GAP)
    assert (gap.reason, gap.count) == ("queue_full", 20)


def test_shortcut_modifiers_travel_with_the_key() -> None:
    event = RawEvent(5 * MS, RawKind.KEY_DOWN, char="c", keycode=54, mods=Mods.CTRL)
    (out,) = run([event], [scene(0)])
    assert out.row.mods == int(Mods.CTRL)


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
