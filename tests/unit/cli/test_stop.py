"""Stopping an agent that is late, or never answers."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.agent.client import Unresponsive
from recorder.cli import stop
from recorder.core.errors import ExitCode
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


def test_a_disk_that_hangs_is_told_once_and_not_waited_for_for_ever(
    capsys: pytest.CaptureFixture[str],
) -> None:
    waits = ({"disk_wait_s": wait_s, "folder": "/mnt/mine"} for wait_s in (0.4, 1.1, 2.1, 30.1))
    with pytest.raises(stop.DiskWaits) as caught:
        list(stop._patient(waits))
    told = capsys.readouterr().err
    assert told.count("The disk of /mnt/mine does not answer") == 1
    assert "Ctrl-C loses nothing" in told
    assert caught.value.code is ExitCode.UNWRITABLE


def test_a_stop_that_is_interrupted_says_that_it_goes_on(
    where: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> Iterator[dict[str, object]]:
        yield {"state": "stopping"}
        raise KeyboardInterrupt

    monkeypatch.setattr("recorder.agent.client.ask_all", interrupted)
    with pytest.raises(KeyboardInterrupt):
        stop.stop_agent(where)
    assert "recorder status shows it" in capsys.readouterr().err
