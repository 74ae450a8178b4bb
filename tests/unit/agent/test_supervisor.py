"""The supervisor against a recording that only notes what it is told."""

import threading
import time
from pathlib import Path

import pytest

from recorder.agent import report, supervisor
from recorder.agent.live_line import live_line
from recorder.agent.notes import Crashed, SourceEnded, SourceReady, Trouble
from recorder.agent.order import Order
from recorder.agent.session import Limits
from recorder.consent.errors import NoConsent
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.ports import Presence, SourceLost, SourceUnavailable
from recorder.episodes.writer import FolderUnwritable
from tests.unit.agent.stage import FakeRecording, Stage
from tests.unit.agent.stand_ins import Teller

SECOND = 10**9


pytestmark = pytest.mark.usefixtures("quick_ticks")


def test_it_records_when_all_sources_deliver_and_stops_when_asked(stage: Stage) -> None:
    assert stage.record()["apps"] == ["xterm"]
    assert stage.ask(verb="status")["state"] == "recording"
    assert stage.ask(verb="stop")["state"] == "stopped"
    assert stage.wait("ended")["why"] == "user"
    assert stage.recording.done == ["open", "stop"]


def test_a_pause_is_answered_after_the_processes_ended(stage: Stage) -> None:
    stage.record()
    assert stage.ask(verb="pause") == {"ok": True, "state": "paused", "reasons": ["user"]}
    assert stage.recording.done == ["open", "pause user"]


def test_a_resume_is_answered_when_it_records_again(stage: Stage) -> None:
    stage.record()
    stage.ask(verb="pause")
    assert stage.recording.ended.acquire(timeout=5)
    answers: list[dict[str, object]] = []
    asking = threading.Thread(target=lambda: answers.append(stage.ask(verb="resume")))
    asking.start()
    assert stage.recording.opened.acquire(timeout=5)
    stage.inbox.put(SourceReady("screen", 2))
    asking.join(5.0)
    assert answers == [{"ok": True, "state": "recording", "reasons": []}]


def test_a_pause_of_given_length_ends_by_itself(stage: Stage) -> None:
    stage.record()
    stage.ask(verb="pause", seconds=0.05)
    assert stage.recording.opened.acquire(timeout=5)
    assert stage.recording.done == ["open", "pause user", "open"]


def test_one_started_paused_opens_nothing_before_it_is_resumed(stage: Stage) -> None:
    stage.recording.paused = True
    stage.thread.start()
    said = stage.wait("waiting")
    assert (said["state"], said["reasons"], said["elapsed_s"]) == ("paused", ["user"], 0)
    assert "open" not in stage.recording.done
    answers: list[dict[str, object]] = []
    asking = threading.Thread(target=lambda: answers.append(stage.ask(verb="resume")))
    asking.start()
    assert stage.recording.opened.acquire(timeout=5)
    stage.inbox.put(SourceReady("screen", 1))
    asking.join(5.0)
    assert answers == [{"ok": True, "state": "recording", "reasons": []}]


def test_one_started_paused_is_refused_at_resume_without_consent(stage: Stage) -> None:
    stage.recording.paused = True
    stage.recording.refusal = NoConsent()
    stage.thread.start()
    stage.wait("waiting")
    assert stage.ask(verb="resume")["code"] == ExitCode.NO_CONSENT
    assert stage.wait("ended")["why"] == "consent"


def test_one_started_paused_tells_what_it_would_record(stage: Stage) -> None:
    stage.recording.paused = True
    stage.thread.start()
    assert stage.wait("waiting")["apps"] == ["xterm"]
    assert stage.recording.done[0] == "look ahead"


def test_one_started_paused_without_consent_does_not_wait(stage: Stage) -> None:
    stage.recording.paused = stage.recording.is_ended = True
    stage.thread.start()
    assert stage.wait("error")["code"] == ExitCode.NO_CONSENT


def test_no_consent_at_the_start_is_told_with_its_code(stage: Stage) -> None:
    stage.recording.refusal = NoConsent()
    stage.begin()
    said = stage.wait("error")
    assert said["code"] == ExitCode.NO_CONSENT
    assert "consent give" in str(said["fix"])


def test_consent_that_ends_stops_the_recording(stage: Stage) -> None:
    stage.record()
    stage.inbox.put(Trouble(NoConsent()))
    said = stage.wait("ended")
    assert (said["why"], said["code"]) == ("consent", ExitCode.NO_CONSENT)


def test_consent_that_is_gone_at_resume_refuses_it(stage: Stage) -> None:
    stage.record()
    stage.ask(verb="pause")
    stage.recording.refusal = NoConsent()
    assert stage.ask(verb="resume")["code"] == ExitCode.NO_CONSENT


def test_a_full_disk_pauses(stage: Stage) -> None:
    stage.record()
    stage.inbox.put(Trouble(FolderUnwritable(Path("/nowhere"), OSError(28, "full"))))
    assert stage.recording.ended.acquire(timeout=5)
    assert stage.ask(verb="status")["reasons"] == ["disk"]


def test_a_dead_process_is_started_again_and_counted(stage: Stage) -> None:
    stage.record()
    stage.inbox.put(SourceEnded("input", 1, RecorderError("Gone", "none", ExitCode.DEGRADED)))
    assert stage.recording.opened.acquire(timeout=5)
    assert stage.recording.done[1:] == ["lost input source_died", "restart input"]
    assert "input process restarted" in str(stage.ask(verb="status")["degraded"])


def test_a_source_that_keeps_dying_pauses(stage: Stage) -> None:
    stage.record()
    for _ in range(5):
        stage.inbox.put(SourceEnded("input", 1, RecorderError("Gone", "none", ExitCode.DEGRADED)))
    assert stage.recording.ended.acquire(timeout=5)
    assert stage.recording.done[-1] == "pause source_dead"


def test_without_room_it_pauses_and_says_so(stage: Stage) -> None:
    stage.record()
    stage.recording.room = False
    assert stage.recording.ended.acquire(timeout=5)
    assert "pause disk" in stage.recording.done
    assert stage.ask(verb="status")["reasons"] == ["disk"]
    stage.close()


@pytest.mark.parametrize("error", [SourceLost("Gone"), SourceUnavailable("Gone", "wait")])
def test_a_lost_display_pauses_until_it_is_back_and_stays(
    stage: Stage, error: RecorderError, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.agent.session.STEADY_NS", SECOND // 100)
    stage.record()
    stage.inbox.put(SourceEnded("screen", 1, error))
    assert stage.recording.ended.acquire(timeout=5)
    assert stage.recording.done[1:] == ["lost screen display_lost", "pause display_lost"]
    assert stage.recording.opened.acquire(timeout=5)
    assert stage.recording.done[-1] == "open"


def test_a_locked_screen_pauses_at_once_and_closes_the_episode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recorder.agent.session.STEADY_NS", SECOND // 100)
    desktop = Teller("bus")
    stage = Stage(Limits(), desktop)
    stage.record()
    desktop.tell(Presence(is_locked=True))
    assert stage.recording.ended.acquire(timeout=5)
    assert stage.ask(verb="status")["reasons"] == ["lock"]
    assert stage.ask(verb="resume")["reasons"] == ["lock"]
    assert stage.recording.done[:3] == ["open", "pause lock", "close"]
    desktop.tell(Presence(is_locked=False))
    assert stage.recording.opened.acquire(timeout=5)
    stage.close()
    assert desktop.ended.wait(5)


def test_notes_of_an_earlier_stretch_do_not_count(stage: Stage) -> None:
    stage.record()
    stage.inbox.put(SourceEnded("screen", 0, SourceLost("Gone")))
    assert stage.ask(verb="status")["state"] == "recording"


def test_a_source_that_cannot_open_ends_the_start_with_its_sentence(stage: Stage) -> None:
    stage.begin()
    stage.inbox.put(SourceEnded("input", 1, SourceUnavailable("No RECORD", "another server")))
    assert stage.wait("error")["error"] == "No RECORD"


def test_a_bug_in_a_thread_stops_visibly(stage: Stage) -> None:
    stage.record()
    stage.inbox.put(Crashed("writer: ValueError at x.py:1"))
    said = stage.wait("ended")
    assert (said["why"], said["code"]) == ("bug", ExitCode.BUG)


def test_the_recording_ends_when_its_indicator_is_gone(stage: Stage) -> None:
    stage.record()
    stage.lead.close()
    stage.thread.join(5.0)
    assert stage.recording.done == ["open", "stop"]


def test_the_cap_ends_the_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(Limits(cap_ns=60 * SECOND))
    stage.record()
    monkeypatch.setattr(supervisor, "_now", lambda: time.monotonic_ns() + 60 * SECOND)
    assert stage.wait("ended")["why"] == "cap"
    stage.close()


def test_a_long_pause_closes_the_episode() -> None:
    stage = Stage(Limits(pause_closes_ns=1))
    stage.record()
    stage.ask(verb="pause")
    stage.ask(verb="status")
    assert "close" in stage.recording.done
    assert stage.ask(verb="task", action="begin", instruction="a")["code"] == ExitCode.PAUSED
    stage.close()


@pytest.mark.parametrize(
    "request_", [{"verb": "fly"}, {"verb": "pause", "seconds": -1}, {"verb": "stop", "x": 1}]
)
def test_what_it_does_not_know_is_refused(stage: Stage, request_: dict[str, object]) -> None:
    stage.record()
    assert stage.ask(**request_)["code"] == ExitCode.USAGE


def test_a_stop_tells_how_long_the_disk_keeps_it_waiting() -> None:
    recording = FakeRecording()
    recording.waited_ns = 1_400_000_000
    said = report.progress(recording)
    assert (said["disk_wait_s"], said["folder"]) == (1.4, "/nowhere")
    assert "waiting for the disk" in live_line(said, 80)


def test_degraded_names_a_fix_for_everything() -> None:
    found = report._degraded(("no_atspi", "new_word"), ("input",))
    assert len(found) == 3
    assert all(found.values())


@pytest.mark.parametrize(
    ("free_mb", "told"),
    [
        (None, {"the folder is gone": "put /mnt/mine back"}),
        (10, {"little disk space": "make room"}),
        (3_999, {"little disk space": "make room"}),
        (4_000, {}),
    ],
)
def test_a_folder_that_is_gone_is_no_full_disk(free_mb: int | None, told: dict[str, str]) -> None:
    found = report._disk_troubles(Order(folder="/mnt/mine", display=":1", floor_mb=1_000), free_mb)
    assert found.keys() == told.keys()
    assert all(found[what].startswith(fix) for what, fix in told.items())
