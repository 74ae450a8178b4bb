"""A scene with fresh secrets for each test."""

from dataclasses import replace

import pytest

from recorder.cli.demo_scene import Scene
from recorder.cli.demo_secrets import make_secrets


@pytest.fixture
def scene(opened: Scene) -> Scene:
    """The shared terminal, cleared, and the shared page, loaded again."""
    return fresh(opened)


def fresh(opened: Scene) -> Scene:
    """Give the scene as a test finds it."""
    hands = opened.desktop.hands
    hands.activate(opened.browser)
    hands.key("F5")
    hands.activate(opened.terminal)
    hands.key("ctrl+c", "ctrl+l")
    return replace(opened, secrets=make_secrets())
