"""One stretch of recording: what reaches the flow, what is told, and what a shut gate ends."""

import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from recorder.agent.flow import Flow
from recorder.agent.notes import Note, SourceEnded, SourceReady
from recorder.agent.sources import Sources
from recorder.agent.stretch import Parts, Stretch, WatchesScenes
from recorder.capture.scope import Scope
from recorder.core.errors import RecorderError
from recorder.core.events import Button, Kind, RawEvent, RawKind
from recorder.core.frames import FrameRow
from recorder.core.levels import KeyboardLevel, Levels, PointerLevel, ScreenLevel, TargetsLevel
from recorder.core.losses import Loss
from recorder.core.ports import SourceLost
from recorder.core.proofs import GrantKind, GrantTerms, mint_grant
from recorder.core.scenes import Gate
from recorder.core.screen_messages import (
    ActionBegan,
    Drain,
    EntityIs,
    EntityWanted,
    FrameBound,
    FrameDone,
    FramesLost,
    Hello,
    Ready,
    SceneIs,
    SceneWanted,
)
from recorder.core.wire import pack_events
from recorder.redaction.text import TextRedactor
from tests.unit.agent.stand_ins import END_S, GONE, SCENE, TARGET, FakeWatcher, Spawner

SCOPE = Scope(("a",), ("*",))


class Stage:
    """Sources over stand-ins."""

    def __init__(self, levels: Levels, spawner: Spawner) -> None:
        self.spawner = spawner
        self.notes: queue.Queue[Note] = queue.Queue()
        self.flow = Flow(levels, TextRedactor(), bytes(32), first_context_seq=0)
        self.watcher = FakeWatcher(time.monotonic_ns)
        terms = GrantTerms("demo", "", "", GrantKind.DEMO, levels, ("*",), 0, ":1")
        stretch = Stretch(3, ":1", "record", mint_grant(terms), SCOPE, self.flow, Path("/nowhere"))
        parts = Parts(self._watcher, lambda _display: True)
        self.sources = Sources(stretch, parts, self.notes.put)

    def _watcher(self, display: str, scope: Scope) -> WatchesScenes:
        assert (display, scope) == (":1", SCOPE)
        return self.watcher

    def note(self) -> Note:
        return self.notes.get(timeout=END_S)

    def end(self) -> None:
        now_ns = time.monotonic_ns()
        self.sources.shut_gate(now_ns, now_ns)
        self.sources.end(now_ns)
        assert self.watcher.closed.wait(END_S)


@pytest.fixture
def spawner(monkeypatch: pytest.MonkeyPatch) -> Spawner:
    found = Spawner()
    monkeypatch.setattr("recorder.agent.sources.spawn", found)
    return found


@pytest.fixture
def stage(spawner: Spawner) -> Iterator[Stage]:
    found = Stage(Levels(), spawner)
    assert found.note() == SourceReady("context", 3)
    yield found
    found.end()


def now(kind: RawKind = RawKind.MOVE) -> RawEvent:
    return RawEvent(time.monotonic_ns(), kind, 5, 5)


def click() -> RawEvent:
    return replace(now(RawKind.BUTTON_DOWN), button=Button.LEFT)


def wait_for(scene: Gate, stage: Stage) -> None:
    end_s = time.monotonic() + END_S
    while stage.sources.scene is None or stage.sources.scene.gate is not scene:
        assert time.monotonic() < end_s
        time.sleep(0.001)


def test_each_source_says_once_that_it_delivers(stage: Stage) -> None:
    stage.spawner.newest("input").deliver(now(RawKind.READY))
    assert stage.note() == SourceReady("input", 3)
    stage.spawner.newest("screen").say(Ready())
    assert stage.note() == SourceReady("screen", 3)
    assert stage.sources.wanted == {"context", "input", "screen"}


def test_a_stream_that_is_off_has_no_process(spawner: Spawner) -> None:
    levels = Levels(KeyboardLevel.OFF, ScreenLevel.OFF, pointer=PointerLevel.OFF)
    stage = Stage(levels, spawner)
    assert stage.sources.wanted == {"context"}
    assert spawner.started == {"input": [], "screen": []}
    stage.end()


def test_an_action_is_passed_on_and_its_frame_comes_back(stage: Stage) -> None:
    screen = stage.spawner.newest("screen")
    stage.spawner.newest("input").deliver(click())
    began = screen.hears(ActionBegan)
    assert isinstance(began, ActionBegan)
    screen.say(FrameBound(began.action_id, 4))
    screen.say(FrameDone(frame(4)))
    end_s = time.monotonic() + END_S
    rows: list[int | None] = []
    while not rows and time.monotonic() < end_s:
        time.sleep(0.001)
        rows = [e.value.frame_id for e in stage.flow.release(time.monotonic_ns()).events]
    assert rows == [4]


def test_the_windows_of_a_frame_come_back_by_their_names(stage: Stage) -> None:
    screen = stage.spawner.newest("screen")
    told = screen.hears(SceneIs)
    screen.say(SceneWanted(9))
    answer = screen.hears(SceneIs)
    assert isinstance(told, SceneIs)
    assert isinstance(answer, SceneIs)
    assert [w.label for w in told.scene.windows] == [w.label for w in answer.scene.windows]
    screen.say(FrameDone(frame(4), tuple(w.label for w in answer.scene.windows)))
    screen.say(FrameDone(frame(5)))
    end_s = time.monotonic() + END_S
    names: dict[int, tuple[str, ...] | None] = {}
    while len(names) < 2 and time.monotonic() < end_s:
        time.sleep(0.001)
        rows = [f.value for f in stage.flow.release(time.monotonic_ns()).frames]
        names |= {row.frame_id: row.apps for row in rows}
    assert names == {4: ("a",), 5: None}


def test_the_element_under_an_action_is_asked_for_when_that_is_agreed(spawner: Spawner) -> None:
    stage = Stage(Levels(targets=TargetsLevel.ON), spawner)
    assert stage.note() == SourceReady("context", 3)
    spawner.newest("input").deliver(click())
    began = spawner.newest("screen").hears(ActionBegan)
    assert isinstance(began, ActionBegan)
    spawner.newest("screen").say(FrameBound(began.action_id, -1))
    end_s = time.monotonic() + END_S
    roles: list[str | None] = []
    while not roles and time.monotonic() < end_s:
        time.sleep(0.001)
        roles = [e.value.target_role for e in stage.flow.release(time.monotonic_ns()).events]
    assert (roles, stage.watcher.aims) == ([TARGET.role], [(5, 5)])
    stage.end()


def test_it_is_not_asked_for_when_that_is_not_agreed(stage: Stage) -> None:
    stage.spawner.newest("input").deliver(click())
    stage.spawner.newest("screen").hears(ActionBegan)
    assert stage.watcher.aims == []


def frame(frame_id: int) -> FrameRow:
    at = time.monotonic_ns()
    return FrameRow(
        frame_id, at, at, None, None, 0, 8, 8, 0, 0, 1.0, (), b"x", "00" * 32, 0, None, "redacted", ()
    )  # fmt: skip


def test_the_screen_process_is_greeted_and_answered(stage: Stage) -> None:
    screen = stage.spawner.newest("screen")
    hello = screen.hears(Hello)
    assert isinstance(hello, Hello)
    assert hello.entity_key == stage.flow.entity_key
    screen.say(SceneWanted(9))
    answer = screen.hears(SceneIs)
    while isinstance(answer, SceneIs) and not answer.token:
        answer = screen.hears(SceneIs)
    assert isinstance(answer, SceneIs)
    assert answer.token == 9
    screen.say(EntityWanted("EMAIL", b"d" * 16))
    assert screen.hears(EntityIs) == EntityIs("EMAIL", b"d" * 16, 1)


def test_what_a_process_lost_is_counted(stage: Stage) -> None:
    screen = stage.spawner.newest("screen")
    screen.say(FramesLost(Loss.SCENE_CHANGED, 4))
    screen.say(Ready())
    assert stage.note() == SourceReady("screen", 3)
    assert stage.flow.losses.by_stream() == {"screen": {"scene_changed": 4}}


def test_what_was_delivered_before_the_gate_is_taken_to_the_last_event(stage: Stage) -> None:
    stage.spawner.newest("input").deliver(now(RawKind.READY))
    assert stage.note() == SourceReady("input", 3)
    early = [now() for _ in range(2000)]
    process = stage.spawner.newest("input")
    filling = threading.Thread(target=process.deliver, args=early)
    filling.start()
    filling.join(END_S)
    gate_ns = time.monotonic_ns()
    stage.sources.shut_gate(gate_ns, gate_ns)
    stage.sources.end(gate_ns)
    stage.flow.pause(gate_ns, gate_ns, "user")
    rows = [r.value for r in stage.flow.release(gate_ns).events]
    assert [r.t_ns for r in rows if r.kind is Kind.MOVE] == [e.t_ns for e in early]


def test_input_on_its_way_when_the_gate_shuts_is_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.agent.sources._LAST_EVENTS_S", END_S)
    process, early = stage.spawner.newest("input"), now()
    gate_ns = time.monotonic_ns()
    shutting = threading.Thread(target=stage.sources.shut_gate, args=(gate_ns, gate_ns))
    shutting.start()
    stage.spawner.newest("screen").hears(Drain)
    assert process.poll() is None
    process.deliver(early, RawEvent(gate_ns + 1, RawKind.ALIVE))
    shutting.join(END_S)
    stage.sources.end(gate_ns)
    stage.flow.pause(gate_ns, gate_ns, "user")
    rows = [r.value for r in stage.flow.release(gate_ns).events]
    assert [r.t_ns for r in rows if r.kind is Kind.MOVE] == [early.t_ns]


def test_what_is_stamped_after_the_gate_is_refused(stage: Stage) -> None:
    process = stage.spawner.newest("input")
    gate_ns = time.monotonic_ns()
    late = RawEvent(gate_ns + 1, RawKind.MOVE, 5, 5)
    process.last_words = pack_events([late])
    stage.sources.shut_gate(gate_ns, gate_ns)
    stage.sources.end(gate_ns)
    assert stage.flow.drain(gate_ns + 10, gate_ns + 10).events == ()


def test_frames_grabbed_after_the_gate_are_refused(stage: Stage) -> None:
    gate_ns = time.monotonic_ns()
    screen = stage.spawner.newest("screen")
    stage.sources.shut_gate(gate_ns, gate_ns)
    assert screen.hears(Drain) == Drain(gate_ns)
    screen.say(FrameDone(frame(0)))
    stage.sources.end(gate_ns)
    assert stage.flow.release(gate_ns).frames == ()


def test_scenes_decide_and_are_passed_on(stage: Stage) -> None:
    stage.watcher.tell(replace(SCENE, t_ns=time.monotonic_ns(), gate=Gate.SECURE))
    wait_for(Gate.SECURE, stage)
    news = stage.spawner.newest("screen").hears(SceneIs)
    while isinstance(news, SceneIs) and news.scene.gate is not Gate.SECURE:
        news = stage.spawner.newest("screen").hears(SceneIs)
    stage.spawner.newest("input").deliver(click(), now(RawKind.READY))
    assert stage.note() == SourceReady("input", 3)
    kinds = [r.value.kind for r in stage.flow.release(time.monotonic_ns() + 10**9).events]
    assert kinds == [Kind.SECURE_BEGIN]


def test_the_watcher_gets_another_scope(stage: Stage) -> None:
    stage.sources.set_scope(Scope(("b",), ("*",)))
    assert stage.watcher.scope == Scope(("b",), ("*",))


@pytest.mark.parametrize("name", ["input", "screen"])
def test_a_process_that_ends_by_itself_is_told(stage: Stage, name: str) -> None:
    stage.spawner.newest(name).kill()
    note = stage.note()
    assert isinstance(note, SourceEnded)
    assert (note.stream, note.stretch) == (name, 3)


@pytest.mark.parametrize("error", [SourceLost("Gone"), GONE])
def test_a_watcher_that_fails_is_told(stage: Stage, error: RecorderError) -> None:
    stage.watcher.tell(error)
    assert stage.note() == SourceEnded("context", 3, error)


def test_an_end_behind_the_gate_is_no_news(stage: Stage) -> None:
    stage.end()
    assert stage.notes.empty()


def test_a_process_is_started_again_and_greeted_with_what_is_known(stage: Stage) -> None:
    stage.flow.entity("EMAIL", b"d" * 16)
    stage.spawner.newest("screen").kill()
    assert isinstance(stage.note(), SourceEnded)
    stage.sources.restart("screen")
    assert stage.spawner.newest("screen").hears(EntityIs) == EntityIs("EMAIL", b"d" * 16, 1)


def test_a_silent_process_is_ended(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stage.sources.silent() == []
    monkeypatch.setattr("recorder.agent.sources._SILENT_NS", -1)
    assert set(stage.sources.silent()) == {"input", "screen"}
    assert isinstance(stage.note(), SourceEnded)
