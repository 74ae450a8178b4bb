"""Keys held for a minute, which the server repeats sixty times a second, and taken back."""

from collections import Counter
from pathlib import Path

import pytest
from Xlib.display import Display

from recorder.cli.demo_agent import DemoAgent
from recorder.cli.demo_scene import Scene
from recorder.core.levels import KeyboardLevel
from tests.desktop.recordings import Row, home_on, newest, order, rows
from tests.held_keys import HeldKeys, windows_below

_HERTZ = 60
_HELD, _ERASED, _SHORT = 3600, 3540, 12


@pytest.mark.soak
@pytest.mark.parametrize("level", [KeyboardLevel.CLASS, KeyboardLevel.TEXT])
def test_each_repeat_is_kept_or_erased_with_what_it_typed(
    scene: Scene, root: Path, level: KeyboardLevel
) -> None:
    display = Display(scene.desktop.display)
    windows = windows_below(display.create_resource_object("window", scene.terminal))
    with DemoAgent(home_on(scene.desktop, root), order(keyboard=level)) as agent:
        held = HeldKeys(display, windows, _HERTZ)
        typed, erased = held.hold("a", _HELD), held.hold("BackSpace", _ERASED)
        held.hold("Return", 1)
        short = held.hold("c", _SHORT)
        held.hold("Return", 1)
        agent.stop()
    display.close()
    episode = newest(agent.home)
    assert episode.problems == ()
    assert episode.manifest is not None
    assert "input" not in episode.manifest.losses
    assert not [row for row in rows(episode) if row["kind"] == "gap"]
    first, second = _lines(rows(episode))
    told = Counter(row["key_class"] for row in first)
    assert told["char"] - told["backspace"] == typed - erased
    backspaces = [row["is_repeat"] for row in first if row["key_class"] == "backspace"]
    assert all(backspaces[1:])
    assert len(second) == short
    if level is KeyboardLevel.CLASS:
        assert (told["char"], told["backspace"]) == (typed, erased)
        assert {(row["key"], row["is_repeat"]) for row in second} == {(None, False)}
    else:
        assert [(row["key"], row["is_repeat"]) for row in second] == [
            ("c", False),
            *[("c", True)] * (short - 1),
        ]


def _lines(found: list[Row]) -> tuple[list[Row], list[Row]]:
    """Give the presses before the first enter, and those before the second one."""
    presses = [row for row in found if row["kind"] == "key_down"]
    first, second = [at for at, row in enumerate(presses) if row["key"] == "enter"]
    return presses[:first], presses[first + 1 : second]
