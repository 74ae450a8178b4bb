"""Processes that stand still for a while, as under a debugger or a starved machine."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.measures import input_rows, match
from benchmarks.robot import Field, Pace, Robot, play
from recorder.cli.demo_agent import DemoAgent
from recorder.cli.demo_scene import Scene
from recorder.cli.virtual_processes import family, wait_until
from recorder.episodes.reader import Episode
from tests.desktop.recordings import home_on, newest, order, rows

_TERMINAL = Field(80, 120, 700, 400)
_LOAD = Pace(moves=200, wheel=10)
_WAIT_S = 45.0
_SILENT_S = 20
"""Two and a half times as long as a capture process may be silent."""
_LONG_S = 600


def test_standing_still_for_a_second_loses_nothing(scene: Scene, root: Path) -> None:
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        processes = family(agent.pid)
        with Robot(scene.desktop.display, _TERMINAL) as robot:
            robot.move_to(90, 130)
            play(robot, _LOAD, 0.5)
            with _standing_still(processes):
                play(robot, _LOAD, 1)
            play(robot, _LOAD, 0.5)
            sent = robot.sent
        wait_until("all on disk", lambda: _events(agent) >= len(sent), _WAIT_S)
        assert family(agent.pid) == processes
        agent.stop()
        episode = newest(agent.home)
    assert len(match(input_rows(episode.events, ("move", "scroll")), sent)) == len(sent)
    assert _gaps(episode) == []


@pytest.mark.soak
def test_capture_processes_that_stand_still_are_replaced_and_counted(
    scene: Scene, root: Path
) -> None:
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        before = family(agent.pid)
        with (
            Robot(scene.desktop.display, _TERMINAL) as robot,
            _standing_still([pid for pid in before if pid != agent.pid]),
        ):
            play(robot, _LOAD, _SILENT_S)
        wait_until(
            "other processes", lambda: len(set(family(agent.pid)) - set(before)) == 2, _WAIT_S
        )
        _goes_on(agent, scene)
        agent.stop()
        episode = newest(agent.home)
    assert _gaps(episode).count("source_died") == 2
    assert episode.problems == ()


@pytest.mark.soak
def test_an_agent_that_stood_still_for_ten_minutes_says_so_and_goes_on(
    scene: Scene, root: Path
) -> None:
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        with Robot(scene.desktop.display, _TERMINAL) as robot:
            with _standing_still([agent.pid]):
                play(robot, _LOAD, _LONG_S)
            sent = len(robot.sent)
        wait_until("recording", lambda: agent.ask("status")["state"] == "recording", _WAIT_S)
        _goes_on(agent, scene)
        agent.stop()
        episode = newest(agent.home)
    assert "stalled" in _gaps(episode)
    assert episode.events.num_rows <= 2 * sent
    assert episode.problems == ()
    times = [row["t_ns"] for row in rows(episode)]
    assert times == sorted(times)  # type: ignore[type-var]  # integers


@contextmanager
def _standing_still(processes: Sequence[int]) -> Iterator[None]:
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in processes:
            _go_on(pid)


def _go_on(pid: int) -> None:
    """Continue a process, unless it was ended meanwhile."""
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        return


def _goes_on(agent: DemoAgent, scene: Scene) -> None:
    """See that input is recorded again."""
    before = _events(agent)
    until_s = time.monotonic() + _WAIT_S
    with Robot(scene.desktop.display, _TERMINAL) as robot:
        while _events(agent) < before + 100:
            assert time.monotonic() < until_s
            play(robot, _LOAD, 1)


def _events(agent: DemoAgent) -> int:
    return int(str(agent.ask("status")["events"]))


def _gaps(episode: Episode) -> list[object]:
    return [row["reason"] for row in rows(episode) if row["kind"] == "gap"]
