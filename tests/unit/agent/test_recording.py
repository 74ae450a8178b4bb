"""Stretches and episodes of one recording, as the session opens and ends them."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from recorder.agent.episode import Studio
from recorder.agent.notes import Note, SourceEnded, SourceReady
from recorder.agent.order import Order
from recorder.agent.recording import Recording
from recorder.agent.stretch import Parts
from recorder.capture.scope import Scope
from recorder.cli.system_clock import SystemClock
from recorder.consent.errors import NoConsent
from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.keys import create_device_key
from recorder.core.events import RawEvent, RawKind
from recorder.core.levels import Levels
from recorder.core.losses import Loss
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant
from recorder.core.screen_messages import FrameBound, Ready
from recorder.episodes.homes import episode_homes
from recorder.episodes.reader import Episode, open_episode
from recorder.redaction.text import TextRedactor
from tests.unit.agent.stand_ins import END_S, FakeWatcher, Spawner

TERMS = GrantTerms("record-1", "", "", GrantKind.PERSON, Levels(), ("*",), 2**62)


class FakeGate:
    """Says yes until it is told to say no."""

    def __init__(self) -> None:
        self.refuses = False

    def open(self) -> LiveGrant:
        if self.refuses:
            raise NoConsent
        return mint_grant(TERMS)

    def agreed(self) -> GrantTerms:
        return self.open().terms

    def renew(self, grant: LiveGrant) -> LiveGrant:
        return grant


class Stage:
    """A recording into a plain folder, over stand-ins."""

    def __init__(self, folder: Path, spawner: Spawner) -> None:
        make_folder(folder, FolderFile(folder_id="0" * 26, plain=True, secret="none"))
        self.folder = folder
        self.spawner = spawner
        self.gate = FakeGate()
        self.notes: queue.Queue[Note] = queue.Queue()
        self.watchers: list[FakeWatcher] = []
        self.allowed = ("a",)
        studio = Studio(
            Order(folder=str(folder), display=":1", stop_s=0.05), self.gate,
            create_device_key(folder), TextRedactor(), SystemClock(), lambda _error: None,
        )  # fmt: skip
        self.recording = Recording(
            studio, self.gate, Parts(self._watcher, lambda _display: False),
            lambda _terms: Scope(self.allowed, ("*",)), self.notes.put,
        )  # fmt: skip

    def _watcher(self, display: str, scope: Scope) -> FakeWatcher:
        del display, scope
        self.watchers.append(FakeWatcher(time.monotonic_ns))
        return self.watchers[-1]

    def open(self, reason: str = "user") -> None:
        self.recording.open_stretch(Path("/nowhere"), reason)
        self.spawner.newest("input").deliver(RawEvent(time.monotonic_ns(), RawKind.READY))
        self.spawner.newest("screen").say(Ready())
        are_ready = False
        while not are_ready:
            note = self.notes.get(timeout=END_S)
            assert isinstance(note, SourceReady)
            assert self.recording.is_current(note.stretch)
            are_ready = self.recording.ready(note.stream)

    def move(self, x: int) -> None:
        before = self.read_ns()
        event = RawEvent(time.monotonic_ns(), RawKind.MOVE, x, 5)
        self.spawner.newest("input").deliver(event)
        self.until(lambda: self.read_ns() > before)

    def read_ns(self) -> int:
        sources = self.recording._sources
        assert sources is not None
        return sources._seen_ns["input"]

    def until(self, what: Callable[[], bool]) -> None:
        end_s = time.monotonic() + END_S
        while not what():
            assert time.monotonic() < end_s, "it did not happen in time"
            time.sleep(0.001)

    def stop(self) -> list[Episode]:
        self.recording.begin_stop()
        self.until(self.recording.poll_stop)
        return [open_episode(path) for path in episode_homes(self.folder)]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    spawner = Spawner()
    monkeypatch.setattr("recorder.agent.sources.spawn", spawner)
    monkeypatch.setattr("recorder.agent.recording._REAP_NS", 0)
    monkeypatch.setattr("recorder.agent.recording._DRAIN_NS", 5_000_000)
    found = Stage(tmp_path / "Recorder", spawner)
    yield found
    found.stop()


def told(episode: Episode) -> list[tuple[str, str | None]]:
    return [(row["kind"], row["reason"]) for row in episode.events.to_pylist()]


def test_without_consent_nothing_is_opened(stage: Stage) -> None:
    stage.gate.refuses = True
    with pytest.raises(NoConsent):
        stage.open()
    assert stage.spawner.started == {"input": [], "screen": []}
    assert stage.stop() == []


def test_a_pause_ends_both_processes_and_the_episode_goes_on_after_it(stage: Stage) -> None:
    stage.open()
    stage.move(11)
    before = [stage.spawner.newest(name) for name in ("input", "screen")]
    stage.recording.end_stretch("user")
    assert [process.poll() for process in before] == [-9, -9]
    assert stage.watchers[0].closed.wait(END_S)
    stage.open("user")
    stage.move(12)
    (episode,) = stage.stop()
    assert told(episode)[:3] == [("move", None), ("pause", "user"), ("resume", "user")]
    assert [row["x"] for row in episode.events.to_pylist() if row["kind"] == "move"] == [11, 12]


def test_notes_of_a_stretch_that_is_over_are_not_current(stage: Stage) -> None:
    stage.open()
    assert stage.recording.is_current(1)
    stage.recording.end_stretch("user")
    assert not stage.recording.is_current(1)
    stage.open()
    assert (stage.recording.is_current(1), stage.recording.is_current(2)) == (False, True)


def test_a_long_pause_closes_the_episode_and_the_next_stretch_opens_another(stage: Stage) -> None:
    stage.open()
    stage.recording.close_episode()
    open_while_recording = stage.recording.pipeline
    stage.recording.end_stretch("idle")
    stage.recording.close_episode()
    stage.recording.close_episode()
    assert (open_while_recording is None, stage.recording.pipeline) == (False, None)
    stage.open()
    assert len(stage.stop()) == 2
    assert len(stage.recording.totals.episodes) == 2


def test_a_stop_waits_for_frames_and_then_counts_them_as_lost(stage: Stage) -> None:
    stage.open()
    stage.spawner.newest("screen").say(FrameBound(0, 5))
    stage.until(lambda: stage.recording.frames_left == 1)
    (episode,) = stage.stop()
    assert episode.manifest is not None
    assert episode.manifest.losses == {"screen": {"over_budget": 1}}


def test_a_death_is_a_gap_and_a_loss_and_the_process_comes_back(stage: Stage) -> None:
    stage.open()
    stage.spawner.newest("input").kill()
    assert isinstance(stage.notes.get(timeout=END_S), SourceEnded)
    stage.recording.lost("input", Loss.SOURCE_DIED)
    stage.recording.restart("input")
    assert len(stage.spawner.started["input"]) == 2
    (episode,) = stage.stop()
    assert ("gap", "source_died") in told(episode)
    assert stage.recording.totals.losses == {"input": {"source_died": 1}}


def test_the_list_of_apps_is_read_again_on_demand(stage: Stage) -> None:
    stage.open()
    stage.allowed = ("b",)
    stage.recording.read_scope()
    assert stage.watchers[0].scope == Scope(("b",), ("*",))
    assert stage.recording.apps == {"b"}


def test_what_would_be_recorded_is_known_before_anything_is_opened(stage: Stage) -> None:
    stage.recording.look_ahead()
    assert stage.recording.apps == {"a"}
    assert stage.recording.levels == Levels()
    stage.allowed = ("b",)
    stage.recording.read_scope()
    assert stage.recording.apps == {"b"}
    assert not stage.watchers
    assert not any(stage.spawner.started.values())


def test_a_list_that_is_read_while_paused_needs_no_consent_that_still_holds(stage: Stage) -> None:
    stage.open()
    stage.recording.end_stretch("user")
    stage.gate.refuses = True
    stage.recording.read_scope()
    assert stage.recording.apps == {"a"}


def test_what_it_sees_is_told_while_it_records_only(stage: Stage) -> None:
    stage.open()
    assert stage.recording.seen() == ("a", True, ())
    stage.recording.end_stretch("user")
    assert stage.recording.seen() == (None, False, ())


def test_room_ends_at_the_floor_and_at_the_budget(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.open()
    assert stage.recording.has_room()
    for order in ({"floor_mb": 10**9}, {"room_mb": 0}):
        narrow = stage.recording.order.model_copy(update=order)
        monkeypatch.setattr(
            stage.recording, "_studio", replace(stage.recording._studio, order=narrow)
        )
        assert not stage.recording.has_room()
        assert not stage.recording.disk_answers()


def test_a_disk_that_holds_the_writer_is_no_room_and_no_pause_waits_for_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.open()
    answers = threading.Event()
    assert stage.recording.pipeline is not None
    stage.recording.pipeline._do(answers.wait)
    monkeypatch.setattr("recorder.agent.recording.HANGS_NS", 1_000_000)
    stage.until(lambda: not stage.recording.has_room())
    assert stage.recording.disk_hangs
    stage.recording.end_stretch("disk")
    assert not answers.is_set()
    assert not stage.recording.disk_answers()
    answers.set()
    stage.until(stage.recording.disk_answers)


def test_disk_and_display_can_be_asked_for(stage: Stage) -> None:
    assert stage.recording.disk_answers()
    stage.open()
    assert stage.recording.disk_answers()
    assert not stage.recording.display_answers()
