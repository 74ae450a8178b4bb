import pytest

from recorder.capture.intake import HOLD_NS, Intake
from recorder.capture.timeline import Timeline
from recorder.core.events import Button, Kind, Mods, RawEvent, RawKind
from recorder.core.levels import KeyboardLevel, Levels, PointerLevel
from recorder.core.scenes import Field, Gate
from tests.unit.capture.intake_scenes import LATER, MS, key, kinds, pointer, run, scene


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
