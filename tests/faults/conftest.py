"""A terminal in front, ready for the robot."""

import pytest

from recorder.cli.demo_scene import Scene


@pytest.fixture
def scene(opened: Scene) -> Scene:
    """The shared terminal, cleared and with the focus."""
    hands = opened.desktop.hands
    hands.activate(opened.terminal)
    hands.key("ctrl+c", "ctrl+l")
    return opened
