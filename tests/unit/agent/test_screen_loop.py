import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from recorder.agent import recent_scenes, screen_loop, screen_worker
from recorder.capture import frame_policy
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.frames import Trigger
from recorder.core.geometry import Monitor, Rect
from recorder.core.scenes import Gate, Paint, Window
from recorder.core.screen_messages import Alive, EntityIs, Ready, SceneIs
from tests.unit.agent.screen_agent import OPEN, FakeRedactor, FakeScreen, recording

if TYPE_CHECKING:
    from recorder.redaction.entities import EntityClient


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything that is spaced in time come sooner."""
    monkeypatch.setattr(screen_loop, "_ALIVE_S", 0.02)
    monkeypatch.setattr(screen_loop, "_DRAIN_LOOK_S", 0.002)
    monkeypatch.setattr(screen_worker, "_HOLD_NS", 10_000_000)
    monkeypatch.setattr(screen_worker, "_NEWS_NS", 5_000_000)
    monkeypatch.setattr(frame_policy, "REUSE_NS", 5_000_000)
    monkeypatch.setattr(frame_policy, "BUSY_NS", 2_000_000)
    monkeypatch.setattr(frame_policy, "CALM_NS", 4_000_000)


@pytest.fixture
def source() -> FakeScreen:
    return FakeScreen()


@pytest.fixture
def redactor() -> FakeRedactor:
    return FakeRedactor()


def test_an_action_is_bound_to_the_frame_before_it(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    source.paint(3)
    with recording(source, redactor) as agent:
        frame_id = agent.bound_frame()
        acted_ns = time.monotonic_ns()
        source.paint(4)
        row = agent.until(lambda: agent.rows[0] if agent.rows else None)
        assert row.frame_id == frame_id
        assert row.image == b"\x03"
        assert row.triggers == (Trigger.BEFORE_ACTION,)
        assert row.t_grab_end_ns < acted_ns
        assert row.t_valid_to_ns is not None
        assert row.t_valid_to_ns >= acted_ns


def test_a_frame_says_which_windows_it_shows_and_showed_a_moment_ago(
    source: FakeScreen, redactor: FakeRedactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent_scenes, "LINGER_NS", 60 * 10**9)
    (window,) = OPEN.windows
    with recording(source, redactor) as agent:
        agent.scene = replace(OPEN, windows=(replace(window, label=3),))
        agent.bound_frame()
        agent.scene = replace(OPEN, windows=(replace(window, label=4),))
        frame_id = agent.fresh_frame(source, 5)
        agent.until_stored(frame_id)
        assert {3, 4} <= set(agent.shown[frame_id])


def test_an_action_before_any_frame_is_answered_with_none(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    with recording(source, redactor) as agent:
        agent.until(lambda: source.grabs or None)
        assert agent.act(1, t_ns=1) == -1


def test_the_answer_never_waits_for_redaction(source: FakeScreen, redactor: FakeRedactor) -> None:
    redactor.may_go.clear()
    with recording(source, redactor) as agent:
        first = agent.bound_frame()
        agent.until(lambda: redactor.began.is_set() or None)
        began_s = time.monotonic()
        assert agent.act(2) == first
        assert time.monotonic() - began_s < 0.2
        assert agent.rows == []


def test_a_grab_between_two_different_scenes_is_dropped(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    with recording(source, redactor) as agent:
        moved = replace(OPEN, windows=(Window(7, Rect(1, 0, 3, 2), Paint.REDACT),))

        def move() -> None:
            agent.scene = moved if agent.scene is OPEN else OPEN

        agent.between = move
        agent.until(lambda: agent.lost.get("scene_changed"))
        assert agent.act(1) == -1


def test_an_action_is_never_bound_to_a_frame_of_monitors_that_were_arranged_anew(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    with recording(source, redactor) as agent:
        agent.bound_frame()
        agent.answers_scenes = False
        moved = replace(OPEN, monitors=(Monitor(0, Rect(4, 0, 4, 2), is_primary=True),))
        agent.send(SceneIs(0, replace(moved, t_ns=time.monotonic_ns())))
        assert agent.act(1) == -1
        agent.answers_scenes, agent.scene = True, moved
        frame_id = agent.bound_frame()
        agent.drain()
        (row,) = [row for row in agent.rows if row.frame_id == frame_id]
        assert (row.origin_x, row.origin_y) == (4, 0)


def test_a_monitor_taken_away_during_a_grab_costs_that_frame_only(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    with recording(source, redactor) as agent:

        def take_away() -> None:
            source.is_gone, source.on_grab = True, lambda: None
            agent.scene = replace(OPEN, monitors=())

        source.on_grab = take_away
        agent.until(lambda: agent.lost.get("scene_changed"))
        source.is_gone, agent.scene = False, OPEN
        agent.send(SceneIs(0, replace(OPEN, t_ns=time.monotonic_ns())))
        agent.bound_frame()


def test_a_monitor_that_is_there_and_gives_no_picture_is_lost(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    source.is_gone = True
    with recording(source, redactor) as agent:
        agent.until(lambda: agent.exit_code is ExitCode.DEGRADED)


@pytest.mark.parametrize("gate", [Gate.EXCLUDED, Gate.SECURE])
def test_nothing_is_grabbed_while_the_gate_is_shut(
    source: FakeScreen, redactor: FakeRedactor, gate: Gate
) -> None:
    with recording(source, redactor) as agent:
        agent.scene = replace(OPEN, gate=gate)
        agent.send(SceneIs(0, replace(agent.scene, t_ns=time.monotonic_ns())))
        source.paint(9)
        agent.until(lambda: agent.lost.get("gate_closed"))
        before = source.grabs
        source.paint(10)
        assert agent.act(1) == -1
        assert source.grabs == before
        agent.scene = OPEN
        agent.send(SceneIs(0, replace(OPEN, t_ns=time.monotonic_ns())))
        agent.until(lambda: source.grabs > before or None)


def test_news_of_a_secure_field_voids_frames_grabbed_just_before(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    redactor.may_go.clear()
    with recording(source, redactor) as agent:
        agent.bound_frame()
        agent.until(lambda: redactor.began.is_set() or None)
        agent.scene = replace(OPEN, gate=Gate.SECURE, t_ns=time.monotonic_ns())
        agent.send(SceneIs(0, agent.scene))
        agent.act(2)
        redactor.may_go.set()
        agent.until(lambda: agent.lost.get("gate_closed"))
        agent.drain()
        assert agent.rows == []


def test_an_equal_picture_is_a_duplicate_without_image(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    with recording(source, redactor) as agent:
        for value in (1, 2):
            agent.until_stored(agent.fresh_frame(source, value))
        agent.fresh_frame(source, 1)
        agent.drain()
        images = [row for row in agent.rows if row.image == b"\x01"]
        copies = [row for row in agent.rows if row.dup_of_frame_id == images[0].frame_id]
        assert len(images) == 1
        assert copies
        assert copies[0].image is None
        assert copies[0].sha256 == images[0].sha256


def test_a_redactor_that_raises_drops_the_frame_and_is_counted(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    redactor.error = RecorderError("no", "none", ExitCode.BUG)
    with recording(source, redactor) as agent:
        agent.bound_frame()
        agent.until(lambda: agent.lost.get("redaction_failed"))
        redactor.error = ValueError("bad")
        agent.drain()
        assert agent.rows == []


def test_frames_beyond_the_bound_are_dropped_and_counted(
    source: FakeScreen, redactor: FakeRedactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_worker, "MOST_QUEUED", 2)
    redactor.may_go.clear()
    with recording(source, redactor) as agent:
        for value in range(1, 6):
            agent.fresh_frame(source, value)
        agent.until(lambda: agent.lost.get("over_budget"))


def test_a_recogniser_that_hangs_ends_the_process_and_is_counted(
    source: FakeScreen, redactor: FakeRedactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.agent.screen_worker._STUCK_NS", 100_000_000)
    redactor.may_go.clear()
    with recording(source, redactor) as agent:
        agent.bound_frame()
        agent.until(lambda: agent.lost.get("over_budget"))
        agent.until(lambda: agent.exit_code)
    assert agent.exit_code == ExitCode.UNRESPONSIVE
    assert agent.rows == []


def test_draining_sends_what_was_kept_and_ends(source: FakeScreen, redactor: FakeRedactor) -> None:
    with recording(source, redactor) as agent:
        agent.bound_frame()
        agent.drain()
        assert agent.exit_code == 0
        assert [row.frame_id for row in agent.rows] == [100]
        assert agent.rows[0].t_valid_to_ns is None
        assert not source.is_open


def test_draining_ends_by_its_deadline(source: FakeScreen, redactor: FakeRedactor) -> None:
    redactor.may_go.clear()
    with recording(source, redactor) as agent:
        agent.bound_frame()
        agent.until(lambda: redactor.began.is_set() or None)
        agent.drain_within(0.05)
        assert agent.lost == {"over_budget": 1}


def test_it_ends_when_the_agent_goes(source: FakeScreen, redactor: FakeRedactor) -> None:
    with recording(source, redactor) as agent:
        agent.until(lambda: source.grabs or None)
    assert agent.exit_code == 0
    assert not source.is_open


def test_it_says_that_it_is_ready_and_that_it_lives(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    with recording(source, redactor) as agent:
        agent.until(lambda: Ready() in agent.seen or None)
        agent.until(lambda: Alive() in agent.seen or None)


def test_numbers_of_values_come_from_the_agent(source: FakeScreen, redactor: FakeRedactor) -> None:
    with recording(source, redactor) as agent:
        agent.until(lambda: redactor.entities)
        agent.bound_frame()
        row = agent.until(lambda: agent.rows[0] if agent.rows else None)
        assert row.redacted_boxes[0].reason == "EMAIL_42"


def test_numbers_told_unasked_are_not_asked_for(source: FakeScreen, redactor: FakeRedactor) -> None:
    with recording(source, redactor) as agent:
        entities: EntityClient = agent.until(lambda: redactor.entities)
        digest = b"d" * 16
        agent.send(EntityIs("CARD", digest, 3))
        agent.until(lambda: entities._numbers.get(("CARD", digest)))


def test_pictures_painted_before_a_value_was_typed_are_painted_anew(
    source: FakeScreen, redactor: FakeRedactor
) -> None:
    with recording(source, redactor) as agent:
        entities: EntityClient = agent.until(lambda: redactor.entities)
        for value in (1, 2):
            agent.until_stored(agent.fresh_frame(source, value))
        assert redactor.reconsidered == 0, "an answer is no news"
        digest = b"d" * 16
        agent.send(EntityIs("PASSWORD", digest, 3))
        agent.until(lambda: entities._numbers.get(("PASSWORD", digest)))
        agent.until_stored(agent.fresh_frame(source, 1))
        agent.drain()
    assert redactor.reconsidered == 1
    assert [row.image for row in agent.rows].count(b"\x01") == 2
