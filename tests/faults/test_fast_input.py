"""A gaming mouse for a minute, and keys as fast as they repeat: all is kept or counted."""

from itertools import groupby
from pathlib import Path

import pytest

from benchmarks.measures import counted, input_rows, match
from benchmarks.robot import Field, Pace, Robot, play
from recorder.cli.demo_agent import DemoAgent
from recorder.cli.demo_scene import Scene
from recorder.cli.virtual_processes import wait_until
from tests.desktop.recordings import home_on, newest, order

_TERMINAL = Field(80, 120, 700, 400)
_MINUTE_S = 60
_HZ = 4000
_KEYS_HZ = 60
_WAIT_S = 45.0


@pytest.mark.soak
def test_a_pointer_at_4000_hz_for_a_minute_is_kept_or_counted(scene: Scene, root: Path) -> None:
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        with Robot(scene.desktop.display, _TERMINAL) as robot:
            play(robot, Pace(moves=_HZ), _MINUTE_S)
            sent = robot.sent
        wait_until("rest", lambda: agent.ask("status")["state"] == "recording", _WAIT_S)
        agent.stop()
        episode = newest(agent.home)
    kept = len(match(input_rows(episode.events, ("move",)), sent))
    left_out = counted(episode.events, 2**62)
    assert kept + left_out >= len(sent), f"{kept} kept and {left_out} counted of {len(sent)}"
    assert episode.problems == ()


@pytest.mark.soak
def test_sixty_keys_a_second_for_a_minute_are_kept_or_masked(scene: Scene, root: Path) -> None:
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        scene.desktop.hands.activate(scene.terminal)
        with Robot(scene.desktop.display, _TERMINAL) as robot:
            play(robot, Pace(keys=_KEYS_HZ), _MINUTE_S)
            sent = robot.sent
        agent.stop()
        episode = newest(agent.home)
    rows = input_rows(episode.events, ("key_down", "key_up"))
    kept = {id(pair.sent) for pair in match(rows, sent)}
    runs = [is_kept for is_kept, _ in groupby(sent, lambda event: id(event) in kept)]
    values = sum(row["redaction"] == "masked" for row in rows)
    assert runs.count(False) <= values, "a run of keys without rows is one masked value"
    assert len(kept) >= 0.98 * len(sent)
    assert episode.problems == ()
