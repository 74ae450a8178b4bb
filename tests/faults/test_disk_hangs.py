"""The folder's disk stops answering: a frozen ext4 on a loop device. Needs root."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from benchmarks.measures import input_rows, match
from benchmarks.robot import Field, Pace, Robot, play
from recorder.cli.demo_agent import DemoAgent, DemoHome
from recorder.cli.demo_scene import Scene
from recorder.cli.virtual_processes import family, wait_until
from tests.desktop.recordings import home_on, kinds, newest, order

_TERMINAL = Field(80, 120, 700, 400)
_LOAD = Pace(moves=100, wheel=5)
_HUNG_S = 60
_WAIT_S = 45.0
_ANSWER_S = 5.0
"""Status and pause answer within, on a busy machine too, while the disk hangs for a minute."""


@pytest.mark.soak
def test_a_disk_that_hangs_is_paused_for_and_status_and_pause_answer(
    scene: Scene, root: Path
) -> None:
    home = home_on(scene.desktop, root)
    with ExitStack() as undo:
        disk = undo.enter_context(_disk_at(home))
        agent = undo.enter_context(DemoAgent(home, order()))
        robot = undo.enter_context(Robot(scene.desktop.display, _TERMINAL))
        play(robot, _LOAD, 2)
        wait_until("events on disk", lambda: agent.ask("status")["events"], _WAIT_S)
        with _frozen(disk):
            began_s = time.monotonic()
            while not _is_paused(agent):
                play(robot, _LOAD, 1)
                assert time.monotonic() - began_s < _WAIT_S
            sent = list(robot.sent)
            assert family(agent.pid) == [agent.pid], "the capture processes end in a pause"
            while time.monotonic() - began_s < _HUNG_S:
                play(robot, _LOAD, 1)
                assert _is_paused(agent)
            assert "the disk does not answer" in str(agent.ask("status")["degraded"])
            assert _timed(agent, "pause")["reasons"] == ["disk", "user"]
        wait_until("the disk", lambda: agent.ask("status")["reasons"] == ["user"], _WAIT_S)
        agent.ask("resume")
        wait_until("recording", lambda: agent.ask("status")["state"] == "recording", _WAIT_S)
        agent.stop()
        episode = newest(home)
        told = [kind for kind in kinds(episode) if kind in {"pause", "resume"}]
        assert told == ["pause", "resume"]
        assert episode.problems == ()
        kept = len(match(input_rows(episode.events, ("move", "scroll")), sent))
        assert kept >= len(sent) - 2 * _LOAD.moves, "what came in the last second before it paused"


def _is_paused(agent: DemoAgent) -> bool:
    return _timed(agent, "status")["reasons"] == ["disk"]


def _timed(agent: DemoAgent, verb: str) -> dict[str, object]:
    began_s = time.monotonic()
    facts = agent.ask(verb)
    assert time.monotonic() - began_s < _ANSWER_S
    return facts


@contextmanager
def _disk_at(home: DemoHome) -> Iterator[Path]:
    """Put the recordings on a small disk of their own; all else stays where it is."""
    image, disk = home.root / "disk.img", home.root / "disk"
    disk.mkdir()
    _run("truncate", "-s", "64M", str(image))
    _run("mkfs.ext4", "-q", str(image))
    with ExitStack() as undo:
        _run("mount", "-o", "loop", str(image), str(disk))
        undo.callback(_run, "umount", str(disk))
        shutil.copytree(home.folder, disk, dirs_exist_ok=True)
        disk.chmod(0o700)
        _run("mount", "--bind", str(disk), str(home.folder))
        undo.callback(_run, "umount", str(home.folder))
        yield disk


@contextmanager
def _frozen(disk: Path) -> Iterator[None]:
    _run("fsfreeze", "--freeze", str(disk))
    try:
        yield
    finally:
        _run("fsfreeze", "--unfreeze", str(disk))


def _run(*words: str) -> None:
    subprocess.run(words, check=True, timeout=30)
