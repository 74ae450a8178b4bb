"""The writer's thread: consent before every batch, jobs in order, an end that is an end."""

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recorder.agent.flow import Flow
from recorder.agent.pipeline import Pipeline, Wiring
from recorder.agent.ticks import Ticks
from recorder.agent.verbs import NoTask
from recorder.cli.system_clock import SystemClock
from recorder.consent.errors import NoConsent
from recorder.consent.folder import FolderGone
from recorder.core.context import ContextKind, ContextRow
from recorder.core.frames import FrameRow
from recorder.core.ids import ulid
from recorder.core.levels import Levels
from recorder.core.losses import Loss
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant
from recorder.episodes.reader import Episode, open_episode
from recorder.episodes.writer import EpisodeStart, EpisodeWriter
from recorder.redaction.text import TextRedactor

if TYPE_CHECKING:
    from recorder.core.errors import RecorderError

TERMS = GrantTerms("demo", "", "", GrantKind.DEMO, Levels(), ("*",), 0, ":1")
END_S = 10.0
SECOND, MS = 10**9, 10**6
BEFORE_NS = 5 * SECOND
"""So long the episode has been open when a test begins."""


class FakeGate:
    """Says yes until it is told to say no."""

    def __init__(self) -> None:
        self.refusal: RecorderError | None = None

    def renew(self, grant: LiveGrant) -> LiveGrant:
        if self.refusal is not None:
            raise self.refusal
        return grant


class Stage:
    """A pipeline over a plain episode."""

    def __init__(self, folder: Path) -> None:
        clock = SystemClock()
        self.folder = folder
        self.gate = FakeGate()
        self.troubles: queue.Queue[RecorderError] = queue.Queue()
        start = EpisodeStart(
            folder, ulid(clock.wall_ns(), bytes(10)), time.monotonic_ns() - BEFORE_NS, clock.wall_ns(),
            TERMS, (), lambda payload: payload,
        )  # fmt: skip
        flow = Flow(Levels(), TextRedactor(), bytes(32), first_context_seq=0)
        wiring = Wiring(flow, EpisodeWriter(start), self.gate, clock, self.troubles.put)
        self.pipeline = Pipeline(wiring, mint_grant(TERMS))

    def say(self) -> None:
        self.pipeline.flow.context(ContextRow(time.monotonic_ns(), ContextKind.SUSPEND))

    def close(self) -> Episode:
        if not self.pipeline.is_ended:
            self.pipeline.close(time.monotonic_ns()).result(END_S)
        self.pipeline.join(END_S)
        return open_episode(self.pipeline.path, folder=self.folder)


def frame(t_ns: int) -> FrameRow:
    return FrameRow(
        0, t_ns, t_ns, None, None, 0, 8, 8, 0, 0, 1.0, (), b"x", "00" * 32, 0, None, "redacted", ()
    )  # fmt: skip


@pytest.fixture(autouse=True)
def quick_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recorder.agent.pipeline._IDLE_STEP_S", 0.01)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    found = Stage(folder)
    yield found
    if not found.pipeline.is_ended:
        found.pipeline.close(time.monotonic_ns()).result(END_S)
    found.pipeline.join(END_S)


def test_what_is_released_is_there_after_the_end(stage: Stage) -> None:
    stage.say()
    stage.say()
    assert stage.close().context.num_rows == 2


def test_rows_wait_for_a_folder_that_comes_back(stage: Stage) -> None:
    stage.gate.refusal = FolderGone(stage.folder)
    stage.say()
    assert isinstance(stage.troubles.get(timeout=END_S), FolderGone)
    assert isinstance(stage.pipeline.retry().exception(END_S), FolderGone)
    stage.gate.refusal = None
    assert stage.pipeline.retry().exception(END_S) is None
    stage.say()
    assert stage.close().context.num_rows == 2


def test_rows_that_wait_for_their_folder_are_not_written_once_consent_has_ended(
    stage: Stage,
) -> None:
    stage.gate.refusal = FolderGone(stage.folder)
    stage.say()
    assert isinstance(stage.troubles.get(timeout=END_S), FolderGone)
    stage.gate.refusal = NoConsent()
    assert isinstance(stage.pipeline.retry().exception(END_S), NoConsent)
    stage.gate.refusal = None
    assert stage.close().context.num_rows == 0


def test_what_is_forgotten_is_not_written_when_its_folder_comes_back(stage: Stage) -> None:
    stage.gate.refusal = FolderGone(stage.folder)
    stage.say()
    assert isinstance(stage.troubles.get(timeout=END_S), FolderGone)
    stage.pipeline.forget(time.monotonic_ns() - BEFORE_NS).exception(END_S)
    stage.gate.refusal = None
    assert "suspend" not in stage.close().context.column("kind").to_pylist()


def test_without_consent_nothing_more_is_written_and_it_is_told(stage: Stage) -> None:
    stage.gate.refusal = NoConsent()
    stage.say()
    assert isinstance(stage.troubles.get(timeout=END_S), NoConsent)
    stage.gate.refusal = None
    stage.say()
    assert stage.close().context.num_rows == 0


def test_sleep_before_a_pause_is_told_with_a_new_anchor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept_ns = [0]
    for name in ("STEP_S", "_IDLE_STEP_S"):
        monkeypatch.setattr(f"recorder.agent.pipeline.{name}", 60.0)
    monkeypatch.setattr(
        "recorder.agent.pipeline.Ticks", lambda clock: Ticks(clock, lambda: slept_ns[0])
    )
    stage = Stage(tmp_path)
    slept_ns[0] = 3 * 10**9
    stage.pipeline.pause(time.monotonic_ns(), "suspend").result(END_S)
    episode = stage.close()
    assert [row["kind"] for row in episode.context.to_pylist()] == ["suspend", "resume", "clock"]
    told = [(row["kind"], row["reason"]) for row in episode.events.to_pylist()]
    assert told == [("pause", "suspend")]


def test_news_of_values_can_be_told_after_each_release(stage: Stage) -> None:
    told = threading.Event()
    stage.pipeline.after_release(told.set)
    assert told.wait(END_S)


def test_the_end_of_consent_is_told_until_it_is_heard(stage: Stage) -> None:
    stage.gate.refusal = NoConsent()
    assert isinstance(stage.troubles.get(timeout=END_S), NoConsent)
    assert isinstance(stage.troubles.get(timeout=END_S), NoConsent)


def test_a_pause_and_a_resume_are_rows(stage: Stage) -> None:
    stage.pipeline.pause(time.monotonic_ns(), "user").result(END_S)
    stage.pipeline.resume(time.monotonic_ns(), "user").result(END_S)
    rows = stage.close().events.to_pylist()
    assert [(row["kind"], row["reason"]) for row in rows] == [("pause", "user"), ("resume", "user")]


def test_a_pause_that_takes_back_keeps_what_came_before_and_says_that_it_paused(
    stage: Stage,
) -> None:
    flow, gate_ns = stage.pipeline.flow, time.monotonic_ns()
    for before_ms in (2000, 600, 400):
        flow.gap(gate_ns - before_ms * MS, "input", Loss.PLATFORM)
    stage.pipeline.pause(gate_ns - 300 * MS, "user").result(END_S)  # all that is on disk now
    stage.pipeline.resume(gate_ns - 250 * MS, "user").result(END_S)
    flow.gap(gate_ns - 50 * MS, "input", Loss.PLATFORM)
    flow.frame(frame(gate_ns - 200 * MS), ())
    stage.pipeline.pause(gate_ns, "hotkey", gate_ns - 500 * MS).result(END_S)
    flow.frame(frame(gate_ns - 100 * MS), ())
    episode = stage.close()
    found = [(row["kind"], row["reason"]) for row in episode.events.to_pylist()]
    assert found == [("gap", "platform")] * 2 + [("removed", "forgotten"), ("pause", "hotkey")]
    assert episode.frames.num_rows == 0


def test_a_task_is_labelled_while_paused_too(stage: Stage) -> None:
    stage.pipeline.pause(time.monotonic_ns(), "user").result(END_S)
    stage.pipeline.task("begin", "mail anna@example.com", None).result(END_S)
    (row,) = stage.close().context.to_pylist()
    assert row["outcome"] == "begin"
    assert "anna@example.com" not in row["instruction"]


def test_a_task_that_was_not_begun_cannot_end(stage: Stage) -> None:
    with pytest.raises(NoTask, match="no task to end"):
        stage.pipeline.task("end", None, "sent").result(END_S)
    stage.pipeline.task("begin", "write", None).result(END_S)
    stage.pipeline.task("end", None, "sent").result(END_S)
    with pytest.raises(NoTask):
        stage.pipeline.task("end", None, None).result(END_S)
    kinds = stage.close().context.column("kind").to_pylist()
    assert kinds.count("task") == 2


def test_forgetting_gives_how_many_rows_went(stage: Stage) -> None:
    before_ns = time.monotonic_ns()
    stage.say()
    assert stage.pipeline.forget(before_ns).result(END_S) == 1
    assert stage.close().events.to_pylist()[0]["kind"] == "removed"


def test_what_came_without_consent_is_counted(stage: Stage) -> None:
    stage.gate.refusal = NoConsent()
    stage.pipeline.flow.gap(time.monotonic_ns(), "input", Loss.PLATFORM)
    stage.troubles.get(timeout=END_S)
    stage.close()
    assert stage.pipeline.flow.losses.by_stream()["input"]["consent_ended"] == 1


def test_a_job_after_the_end_is_answered(stage: Stage) -> None:
    stage.close()
    with pytest.raises(TimeoutError, match="closed"):
        stage.pipeline.forget(0).result(END_S)
