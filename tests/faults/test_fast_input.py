"""A gaming mouse for a minute, and keys as fast as they repeat: all is kept or counted."""

import re
from pathlib import Path

import pytest

from benchmarks.measures import counted, input_rows, match
from benchmarks.robot import Field, Pace, Robot, play
from recorder.cli.demo_agent import DemoAgent
from recorder.cli.demo_scene import Scene
from recorder.cli.virtual_processes import wait_until
from tests.desktop.recordings import Row, home_on, newest, order, rows

_TERMINAL = Field(80, 120, 700, 400)
_MINUTE_S = 60
_HZ = 4000
_KEYS_HZ = 60
_CARD = "4000 0566 5566 5556"
_WAIT_S = 45.0
_NAMED = {"space": " ", "enter": "\n"}


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
            play(robot, Pace(keys=_KEYS_HZ), _MINUTE_S / 2)
            for char in f"\n{_CARD}\n":
                robot.key(char)
            play(robot, Pace(keys=_KEYS_HZ), _MINUTE_S / 2)
            sent = robot.sent
        agent.stop()
        episode = newest(agent.home)
    assert episode.problems == ()
    typed = "".join(event.char for event in sent if event.kind == "key_down")
    values = masked_in(rows(episode), typed)
    assert _CARD in values
    assert sum(map(len, values)) <= 0.02 * len(typed)


def masked_in(found: list[Row], typed: str) -> list[str]:
    """Give what each masked row stands for; every other key has a press and a release of its own.

    A key that is neither stored, nor told by its class, nor behind a masked row fails.
    """
    pressed = [row for row in found if row["kind"] == "key_down"]
    released = [row for row in found if row["kind"] == "key_up"]
    kept = [row for row in pressed if row["redaction"] != "masked"]
    assert [_told(row) for row in released] == [_told(row) for row in kept]
    pattern = re.compile("".join(map(_told, pressed)), re.DOTALL)
    stands_for = pattern.fullmatch(typed)
    assert stands_for, "each run of keys without rows has one masked row in its place, no other"
    return list(stands_for.groups())


def _told(row: Row) -> str:
    """Give a pattern of what the row tells: a character, any one, or a whole value."""
    if row["redaction"] == "masked":
        return "(.{2,}?)"
    key = row["key"]
    return r"\S" if key is None else re.escape(_NAMED.get(str(key), str(key)))
