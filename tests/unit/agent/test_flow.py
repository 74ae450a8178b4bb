"""The memory side of an episode: what comes out, in which order, and what is counted."""

from dataclasses import replace

import pytest

from recorder.agent.flow import MAX_FRAMES, Flow
from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import Button, Kind, RawEvent, RawKind
from recorder.core.frames import FrameRow
from recorder.core.geometry import Monitor, Rect
from recorder.core.levels import Levels
from recorder.core.losses import Loss
from recorder.core.scenes import Field, Gate, Paint, Scene, Window
from recorder.core.screen_messages import Forget, FrameBound, FramesLost
from recorder.redaction.text import TextRedactor

T0 = 10**12
MS = 1_000_000
SCENE = Scene(
    T0, (Monitor(0, Rect(0, 0, 800, 600)),), (Window(1, Rect(0, 0, 800, 600), Paint.REDACT, "a"),),
    focus=1, gate=Gate.OPEN, field=Field.PLAIN,
)  # fmt: skip


@pytest.fixture
def flow() -> Flow:
    found = Flow(Levels(), TextRedactor(), bytes(32), first_context_seq=0)
    found.scene(SCENE)
    return found


def click(t_ms: int) -> RawEvent:
    return RawEvent(T0 + t_ms * MS, RawKind.BUTTON_DOWN, 5, 5, Button.LEFT)


def frame(frame_id: int, t_ms: int) -> FrameRow:
    at = T0 + t_ms * MS
    return FrameRow(
        frame_id, at, at, None, None, 0, 8, 8, 0, 0, 1.0, (), b"x", "00" * 32, 0, None, "redacted", ()
    )  # fmt: skip


def test_a_click_waits_for_its_frame_and_carries_it(flow: Flow) -> None:
    (began,) = flow.raw([click(100)])
    assert flow.release(T0 + 500 * MS).events == ()
    flow.bound(FrameBound(began.action_id, 7))
    (row,) = flow.release(T0 + 500 * MS).events
    assert (row.value.kind, row.value.frame_id, row.value.window_seq) == (Kind.BUTTON_DOWN, 7, 1)


def test_what_is_stamped_after_the_gate_never_comes_out(flow: Flow) -> None:
    flow.raw([click(100), click(400)])
    flow.pause(T0 + 300 * MS, T0 + 500 * MS, "user")
    rows = [r.value for r in flow.release(T0 + 500 * MS).events]
    assert [r.kind for r in rows] == [Kind.BUTTON_DOWN, Kind.BUTTON_UP, Kind.PAUSE]
    assert rows[-1].reason == "user"
    assert all(r.t_ns <= T0 + 300 * MS for r in rows)


def test_nothing_is_taken_while_it_is_paused(flow: Flow) -> None:
    flow.pause(T0 + 300 * MS, T0 + 500 * MS, "user")
    flow.release(T0 + 500 * MS)
    flow.scene(replace(SCENE, t_ns=T0 + 350 * MS))
    assert flow.raw([click(400)]) == []
    late = flow.release(T0 + 9000 * MS)
    assert (late.events, late.context) == ((), ())


def test_no_scene_from_before_a_pause_decides_after_it(flow: Flow) -> None:
    flow.pause(T0 + 300 * MS, T0 + 500 * MS, "user")
    flow.resume(T0 + 600 * MS, "user")
    flow.scene(replace(SCENE, t_ns=T0 + 290 * MS))
    assert flow.raw([click(590), click(700)]) == []
    flow.scene(replace(SCENE, t_ns=T0 + 800 * MS))
    flow.raw([click(900)])
    rows = [r.value for r in flow.release(T0 + 3000 * MS).events]
    assert [r.kind for r in rows] == [Kind.PAUSE, Kind.RESUME, Kind.BUTTON_DOWN]
    assert [r.t_ns for r in rows] == [T0 + t * MS for t in (300, 600, 900)]


def test_after_a_pause_the_focus_is_told_anew(flow: Flow) -> None:
    flow.pause(T0 + 300 * MS, T0 + 500 * MS, "user")
    flow.release(T0 + 500 * MS)
    flow.resume(T0 + 600 * MS, "user")
    flow.scene(replace(SCENE, t_ns=T0 + 800 * MS))
    kinds = [row.value.kind for row in flow.release(T0 + 900 * MS).context]
    assert kinds == [ContextKind.GEOMETRY, ContextKind.FOCUS]


def test_context_rows_come_out_in_their_order(flow: Flow) -> None:
    flow.context(ContextRow(T0, ContextKind.TASK, instruction="x"))
    kinds = [row.value.kind for row in flow.release(T0).context]
    assert kinds == [ContextKind.GEOMETRY, ContextKind.FOCUS, ContextKind.TASK]


def test_promised_frames_that_do_not_come_are_counted(flow: Flow) -> None:
    flow.bound(FrameBound(0, 3))
    flow.bound(FrameBound(1, 4))
    flow.frame(frame(3, 50), ())
    assert flow.frames_left == 1
    flow.give_up_frames(Loss.OVER_BUDGET)
    assert flow.losses.by_stream() == {"screen": {"over_budget": 1}}
    assert flow.next_frame_id == 5


def test_frames_beyond_the_bound_are_counted(flow: Flow) -> None:
    for number in range(MAX_FRAMES + 2):
        flow.frame(frame(number, number), ())
    assert len(flow.release(T0).frames) == MAX_FRAMES
    assert flow.losses.by_stream() == {"screen": {"queue_full": 2}}


def test_a_frame_of_a_forgotten_time_is_dropped(flow: Flow) -> None:
    flow.frame(frame(0, 40), ())
    flow.forget(T0, T0 + 100 * MS)
    flow.frame(frame(1, 50), ())
    flow.frame(frame(2, 150), ())
    assert [f.value.frame_id for f in flow.release(T0).frames] == [2]
    assert flow.losses.by_stream() == {"screen": {"forgotten": 2}}
    assert flow.news() == (Forget(T0 + 100 * MS),), "no later frame shows one of them"
    assert flow.news() == ()


def test_losses_of_the_screen_process_are_added(flow: Flow) -> None:
    flow.frames_lost(FramesLost(Loss.SCENE_CHANGED, 4))
    assert flow.losses.by_stream() == {"screen": {"scene_changed": 4}}


def test_numbers_are_told_to_the_screen_process_once(flow: Flow) -> None:
    first = flow.entity("EMAIL", b"d" * 16)
    assert flow.entity("EMAIL", b"d" * 16) == first
    assert flow.news() == (first,)
    assert flow.news() == ()
    assert flow.known() == (first,)


def test_a_gap_stands_where_it_happened(flow: Flow) -> None:
    flow.gap(T0 + 50 * MS, "input", Loss.SOURCE_DIED)
    (row,) = flow.release(T0 + 1000 * MS).events
    assert (row.value.kind, row.value.reason) == (Kind.GAP, "source_died")


def test_what_was_lost_on_its_way_is_counted(flow: Flow) -> None:
    flow.raw([RawEvent(T0 + 50 * MS, RawKind.GAP, count=7)])
    flow.raw([RawEvent(T0 + 60 * MS, RawKind.OVERFLOW, count=3)])
    flow.release(T0 + 1000 * MS)
    assert flow.losses.by_stream() == {"input": {"platform": 7, "queue_full": 3}}


def test_losses_behind_a_closed_gate_are_not_counted(flow: Flow) -> None:
    flow.scene(replace(SCENE, t_ns=T0 + 10 * MS, gate=Gate.SECURE))
    flow.raw([RawEvent(T0 + 50 * MS, RawKind.GAP, count=7)])
    rows = [r.value for r in flow.release(T0 + 1000 * MS).events]
    assert [(r.kind, r.count) for r in rows] == [(Kind.SECURE_BEGIN, None), (Kind.GAP, None)]
    assert flow.losses.by_stream() == {}


def test_after_forgetting_the_focus_is_told_anew(flow: Flow) -> None:
    flow.release(T0 + 10 * MS)
    flow.forget(T0, T0 + 500 * MS)
    flow.tell_focus(T0 + 500 * MS)
    (began,) = flow.raw([click(600)])
    flow.bound(FrameBound(began.action_id, -1))
    out = flow.release(T0 + 2000 * MS)
    assert [(r.value.kind, r.value.t_ns) for r in out.context] == [
        (ContextKind.GEOMETRY, T0 + 500 * MS),
        (ContextKind.FOCUS, T0 + 500 * MS),
    ]
    assert [r.value.window_seq for r in out.events] == [3]


def test_it_is_idle_when_nothing_waits_to_be_released(flow: Flow) -> None:
    found = [flow.is_idle]
    flow.release(T0)
    found.append(flow.is_idle)
    flow.raw([click(100)])
    found.append(flow.is_idle)
    flow.release(T0 + 5000 * MS)
    found.append(flow.is_idle)
    assert found == [False, True, False, True]
