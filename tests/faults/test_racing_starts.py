"""Many starts at one instant: one records, the others say why not, nothing is left behind."""

import json
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from recorder.agent import client
from recorder.agent.lead import Lead, StartRefused, launch, wait_for_recording
from recorder.agent.lock import AgentLock, hold_folder
from recorder.agent.order import Order
from recorder.cli.demo_scene import Scene
from recorder.core.errors import ExitCode
from recorder.files import private_folder
from tests.desktop.recordings import episodes, home_on, order

_STARTS = 20
_ANSWER_S = 60.0
_RUNNING, _HELD = int(ExitCode.ALREADY_RUNNING), int(ExitCode.FOLDER_HELD)


def test_one_of_twenty_holds_the_locks(tmp_path: Path, *, soak: bool) -> None:
    for turn in range(50 if soak else 1):
        state, folder = tmp_path / f"state-{turn}", tmp_path / f"folder-{turn}"
        folder.mkdir(mode=0o700)
        found = _race(state, folder)
        assert Counter(line["code"] for line in found) == {0: 1, _RUNNING: _STARTS - 1}
        (said,) = {str(line["said"]) for line in found if line["code"]}
        assert said.startswith("The recorder is already running. Fix: ")
        (winner,) = [line["pid"] for line in found if line["code"] == 0]
        assert int((state / "lock").read_text()) == winner
        _check_free(state / "lock", folder)


def test_one_of_twenty_with_other_settings_holds_the_folder(tmp_path: Path, *, soak: bool) -> None:
    for turn in range(50 if soak else 1):
        state, folder = tmp_path / f"state-{turn}", tmp_path / f"folder-{turn}"
        state.mkdir(mode=0o700)
        folder.mkdir(mode=0o700)
        found = _race(state, folder, "own")
        assert Counter(line["code"] for line in found) == {0: 1, _HELD: _STARTS - 1}
        (said,) = {str(line["said"]) for line in found if line["code"]}
        assert said.startswith(f"Another recorder uses {folder}. Fix: ")
        _check_free(state / "0" / "lock", folder)


def test_one_of_many_agents_records_and_the_others_leave_nothing(
    scene: Scene, root: Path, monkeypatch: pytest.MonkeyPatch, *, soak: bool
) -> None:
    home = home_on(scene.desktop, root)
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    found = home.places
    for folder in (found.state, found.config, found.runtime):
        private_folder(folder)
    wanted = Order(
        folder=str(home.folder), display=home.environment["DISPLAY"], grant="demo", demo=order()
    )
    count = _STARTS if soak else 2
    with ExitStack() as held:
        leads = [held.enter_context(launch(wanted, found.log)) for _ in range(count)]
        ended = [_ended(lead) for lead in leads]
        assert Counter(code for code, _ in ended) == {0: 1, _RUNNING: count - 1}
        (said,) = {said for code, said in ended if code}
        assert said.startswith("The recorder is already running. Fix: ")
        assert client.ask(found.socket, {"verb": "status"}, _ANSWER_S)["state"] == "recording"
        client.ask(found.socket, {"verb": "stop"}, _ANSWER_S)
    (episode,) = episodes(home)
    assert episode.finished
    assert [path for path in home.folder.rglob("*") if path.suffix == ".tmp"] == []
    assert not found.socket.exists()
    _check_free(found.lock, home.folder)


def _ended(lead: Lead) -> tuple[int, str]:
    """Give how a start ended and what it said; 0 for the one that records."""
    try:
        wait_for_recording(lead, _ANSWER_S)
    except StartRefused as refused:
        return int(refused.code), str(refused)
    return 0, ""


def _race(state: Path, folder: Path, *more: str) -> list[dict[str, object]]:
    words = [sys.executable, "-m", "tests.faults.racing", str(_STARTS), str(state), str(folder)]
    done = subprocess.run([*words, *more], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def _check_free(lock: Path, folder: Path) -> None:
    """See that the next start gets both, and that nothing but the two lock files is there."""
    with AgentLock.take(lock), hold_folder(folder):
        pass
    assert [path.name for path in folder.iterdir() if path.suffix == ".lock"] == ["recording.lock"]
