"""What the fast commands and the live line tell a person to do next."""

from pathlib import Path

import pytest

from recorder.agent.client import Unresponsive
from recorder.agent.live_line import live_line
from recorder.agent.session import Reason
from recorder.cli import fast
from recorder.cli.fast import _describe
from recorder.core.degraded import DISK_HANGS


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"state": "recording"}, "Next       recorder pause, recorder forget 10m, recorder stop"),
        ({"state": "stopping"}, "Next       nothing: it ends by itself when all is written"),
        ({"state": "paused", "reasons": ["user"]}, "Next       recorder resume, recorder stop"),
        ({"state": "paused", "resumes_in_s": 61.0}, "goes on by itself in 0:01:01"),
        ({"state": "paused", "reasons": ["disk"]}, "plug the folder's disk in"),
        ({"state": "paused", "reasons": ["lock"]}, "goes on by itself when the screen is unlocked"),
        ({"state": "paused", "reasons": ["idle"]}, "goes on by itself when you are back"),
        ({"state": "paused", "reasons": ["display_lost"]}, "when the display is back"),
        ({"state": "paused", "reasons": ["suspend"]}, "the computer slept"),
        (
            {"state": "paused", "reasons": ["schedule"], "hours": "mon-fri 09:00-17:30"},
            "in your hours (mon-fri 09:00-17:30); recorder resume goes on now; recorder stop",
        ),
        (
            {"state": "recording", "is_outside_hours": True, "hours": "mon-fri"},
            "Hours      It is outside your hours (mon-fri) and records, because you asked for it",
        ),
    ],
)
def test_the_status_says_what_can_be_done_now(answer: dict[str, object], told: str) -> None:
    assert told in _describe(answer)


@pytest.mark.parametrize(("count", "told"), [(1, "1 recording to look"), (3, "3 recordings to")])
def test_the_status_says_what_waits_to_be_looked_at(count: int, told: str) -> None:
    assert f"To review  {told}" in _describe({"state": "recording", "unreviewed": count})
    assert "To review" not in _describe({"state": "recording", "unreviewed": 0})


def test_the_status_says_what_shows_it_and_whether_the_hotkey_works() -> None:
    told = _describe({"state": "recording", "indicator": "window", "hotkey": "ctrl+alt+p"})
    assert "Shown      window\nHotkey     ctrl+alt+p does not work\n" in told
    works: dict[str, object] = {"state": "paused", "hotkey": "super+f9", "hotkey_works": True}
    assert "Hotkey     super+f9 pauses" in _describe(works)
    none = _describe({"state": "recording", "indicator": "", "hotkey": ""})
    assert "Shown" not in none
    assert "Hotkey" not in none


def test_a_folder_whose_disk_hangs_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Path] = []

    def announced(folder: Path) -> str:
        looked.append(folder)
        return ""

    monkeypatch.setattr(fast, "announced", announced)
    fine: dict[str, object] = {"state": "paused", "folder": "/mnt/mine", "degraded": {}}
    _describe(fine)
    _describe({**fine, "degraded": {DISK_HANGS: "look at it"}})
    assert looked == [Path("/mnt/mine")]


@pytest.mark.parametrize("reason", list(Reason))
def test_the_live_line_says_of_every_reason_how_it_goes_on(reason: Reason) -> None:
    told = live_line({"state": "paused", "reasons": [str(reason)], "hours": "mon-fri"}, 200)
    assert f"‖ paused ({reason}); " in told
    assert ("recorder resume" in told) is (reason in {"user", "hotkey", "schedule"})
    assert ("by itself" in told) is (reason not in {"user", "hotkey"})


def test_a_pause_outside_the_hours_is_not_told_as_a_recording() -> None:
    told = _describe({"state": "paused", "reasons": ["schedule"], "is_outside_hours": True})
    assert "and records" not in told


def test_the_pause_of_the_person_stands_over_what_pauses_by_itself() -> None:
    told = live_line({"state": "paused", "reasons": ["idle", "lock", "user"]}, 200)
    assert "‖ paused (idle, lock, user); recorder resume goes on" in told


def test_the_live_line_says_when_it_records_outside_the_hours() -> None:
    assert "outside your hours" in live_line({"state": "recording", "is_outside_hours": True}, 200)


def test_the_live_line_says_when_a_pause_ends() -> None:
    said: dict[str, object] = {"state": "paused", "reasons": ["user"], "resumes_in_s": 5.0}
    assert "goes on in 0:00:05" in live_line(said, 100)


def test_an_agent_that_does_not_answer_is_named_by_its_process() -> None:
    assert "kill 42" in str(Unresponsive(42))
    assert "agent.lock" not in str(Unresponsive())


def test_what_is_degraded_is_told_with_its_fix() -> None:
    told = _describe({"state": "recording", "degraded": {"multiplexer": "use windows", "odd": "x"}})
    assert "Degraded   Fields inside tmux or screen cannot be told" in told
    assert "Fix: use windows" in told
    assert "Degraded   odd. Fix: x" in told
