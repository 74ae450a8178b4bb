"""Killed at any instant: two seconds of released events are lost at most, the rest opens."""

import time
from pathlib import Path
from random import SystemRandom

from benchmarks.measures import input_rows, match
from benchmarks.robot import Field, Pace, Robot, Sent, play
from recorder.capture.intake import FRAME_WAIT_NS, HOLD_NS
from recorder.cli.demo_agent import DemoAgent
from recorder.cli.demo_scene import Scene
from recorder.cli.virtual_processes import family
from recorder.core.levels import ScreenLevel
from recorder.episodes.reader import Episode
from tests.desktop.recordings import episodes, home_on, order, start_ns

_RANDOM = SystemRandom()
_TERMINAL = Field(80, 120, 700, 400)
_LOAD = Pace(moves=300, wheel=10)
_WRITTEN_WITHIN_NS = 2_000_000_000
_HELD_NS = HOLD_NS + FRAME_WAIT_NS
"""Before that an event may not have been released: it waits for late news and for its frame."""


def test_a_kill_loses_two_seconds_at_most(scene: Scene, root: Path, *, soak: bool) -> None:
    kills = 50 if soak else 5
    home = home_on(scene.desktop, root)
    truth: list[tuple[int, list[Sent]]] = []
    for _ in range(kills):
        agent = DemoAgent(home, order(screen=ScreenLevel.LAYOUT))
        agent.start()
        with Robot(scene.desktop.display, _TERMINAL) as robot:
            robot.move_to(90, 130)
            play(robot, _LOAD, _RANDOM.uniform(3.8, 5.5))
            killed_ns = time.monotonic_ns()
            agent.kill()
            truth.append((killed_ns, robot.sent))
    with DemoAgent(home, order()) as agent:
        agent.stop()

    found = episodes(home)
    assert len(found) == kills + 1
    for episode, (killed_ns, sent) in zip(found, truth, strict=False):
        assert not episode.finished
        assert _missing(episode, killed_ns, sent) == []
        assert episode.frames.num_rows >= 0
        assert episode.problems == ()
    assert [path for path in home.folder.rglob("*") if path.suffix == ".tmp"] == []


def test_nothing_of_a_killed_agent_lives_on(scene: Scene, root: Path) -> None:
    home = home_on(scene.desktop, root)
    agent = DemoAgent(home, order())
    agent.start()
    processes = family(agent.pid)
    assert len(processes) == 3
    agent.kill_agent_only()
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in processes):
        assert time.monotonic() < deadline, "a capture process outlived its agent"
        time.sleep(0.02)


def _missing(episode: Episode, killed_ns: int, sent: list[Sent]) -> list[Sent]:
    """Give the events that had been released for two seconds and are not there."""
    due = [event for event in sent if event.t_ns < killed_ns - _WRITTEN_WITHIN_NS - _HELD_NS]
    assert due
    rows = input_rows(episode.events, ("move", "scroll"))
    kept = {id(pair.sent) for pair in match(rows, due)}
    first_ns = start_ns(episode)
    return [event for event in due if id(event) not in kept and event.t_ns > first_ns]
