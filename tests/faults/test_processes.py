"""Processes that die, agents that meet, sockets that are left over."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.robot import Field, Pace, Robot, play
from recorder.cli.demo_agent import DemoAgent, DemoHome, make_demo_home
from recorder.cli.demo_scene import MARKER, Scene, open_scene
from recorder.cli.demo_secrets import make_secrets
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_processes import family, wait_until
from recorder.core.errors import ExitCode, RecorderError
from tests.desktop.recordings import home_on, kinds, newest, order, rows

_TERMINAL = Field(80, 120, 700, 400)
_RECORDER = str(Path(sys.executable).parent / "recorder")


@pytest.mark.parametrize("name", ["input", "screen"])
def test_a_killed_capture_process_is_started_again_and_counted(
    scene: Scene, root: Path, name: str
) -> None:
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        dead = _child(agent, name)
        os.kill(dead, signal.SIGKILL)
        wait_until(f"another {name} process", lambda: _other(agent, name, dead))
        wait_until("recording", lambda: agent.ask("status")["state"] == "recording")
        scene.desktop.hands.type_text(f"echo the {MARKER}\n")
        with Robot(scene.desktop.display, _TERMINAL) as robot:
            play(robot, Pace(moves=50), 1)
        facts = agent.ask("status")
        agent.stop()
        episode = newest(agent.home)
    losses = facts["losses"]
    assert isinstance(losses, dict)
    assert losses[name]["source_died"] == 1
    gaps = [row for row in rows(episode) if row["kind"] == "gap"]
    assert "source_died" in {row["reason"] for row in gaps}
    assert kinds(episode)[-10:].count("move"), "input goes on after the gap"
    assert episode.manifest is not None
    assert episode.manifest.losses[name]["source_died"] == 1


def test_a_lost_display_stops_the_recording_and_keeps_what_was_written(root: Path) -> None:
    with VirtualDesktop() as desktop:
        scene = open_scene(desktop, make_secrets())
        home = home_on(desktop, root)
        with DemoAgent(home, order()) as agent:
            scene.desktop.hands.activate(scene.terminal)
            scene.desktop.hands.type_text(f"echo the {MARKER}\n")
            scene.desktop.hands.click(300, 400)
            wait_until("events on disk", lambda: agent.ask("status")["events"])
            desktop.kill_server()
            wait_until("the end of capture", lambda: not _captures(agent))
    episode = newest(home)
    assert episode.problems == ()
    assert episode.events.num_rows > 0


def test_a_stale_socket_is_no_agent_and_no_obstacle(scene: Scene, root: Path) -> None:
    home = home_on(scene.desktop, root)
    agent = DemoAgent(home, order())
    agent.start()
    agent.kill()
    assert home.places.socket.exists(), "a killed agent leaves its socket"
    code, answer = _command(home, "status", "--json")
    assert (code, answer["state"]) == (ExitCode.NOT_RUNNING, "stopped")
    code, answer = _command(home, "pause", "--json")
    assert (code, answer["state"]) == (ExitCode.OK, "stopped")
    with DemoAgent(home, order()) as again:
        assert again.ask("status")["state"] == "recording"
        again.stop()


def test_a_foreign_display_cannot_be_recorded_as_a_demonstration(root: Path) -> None:
    with VirtualDesktop() as desktop:
        environment = {**desktop.environment, "DISPLAY": ":987"}
        home = make_demo_home(root, environment)
        with pytest.raises(RecorderError) as refused:
            DemoAgent(home, order()).start()
        assert refused.value.code is ExitCode.NOT_PERMITTED
        assert not list(home.folder.glob("episodes/*/*"))


def _child(agent: DemoAgent, name: str) -> int:
    for pid in family(agent.pid):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if f"recorder.cli.{name}_process".encode() in words:
            return pid
    return 0


def _other(agent: DemoAgent, name: str, dead: int) -> bool:
    return _child(agent, name) not in {0, dead}


def _captures(agent: DemoAgent) -> bool:
    return len(family(agent.pid)) > 1


def _command(home: DemoHome, *words: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        [_RECORDER, *words],
        env=dict(home.environment),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return done.returncode, answer
