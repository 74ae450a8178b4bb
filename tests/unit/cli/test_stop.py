"""Stopping an agent that is late, or never answers."""

import socket
from pathlib import Path

import pytest

from recorder.agent.client import Unresponsive
from recorder.cli import stop
from recorder.places import Places, places


@pytest.fixture
def where(root: Path) -> Places:
    return places({"HOME": str(root), "XDG_RUNTIME_DIR": str(root)})


@pytest.fixture
def agent(where: Places) -> socket.socket:
    """Give a socket that takes calls and never answers."""
    where.socket.parent.mkdir(parents=True, exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(where.socket))
    listener.listen()
    return listener


def test_a_late_answer_is_told_and_waited_for(
    where: Places,
    agent: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(stop, "_QUIET_S", 0.02)
    monkeypatch.setattr(stop, "_LINE_S", 0.1)
    with agent, pytest.raises(Unresponsive):
        stop.stop_agent(where)
    assert capsys.readouterr().err.startswith("The recorder does not answer yet; waiting up to")
