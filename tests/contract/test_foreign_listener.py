"""What a person says to the recorder is told to their own agent only."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.agent.client import NotRunning, ask

_NOBODY = 65534


def test_another_users_listener_is_told_nothing(root: Path) -> None:
    root.chmod(0o777)
    path = root / "agent.sock"
    done, told = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        _in_child(lambda: _listen(path, done[1], told[1]))
    os.close(done[1])
    os.close(told[1])
    assert os.read(done[0], 1) == b"r"
    with pytest.raises(NotRunning):
        ask(path, {"verb": "task", "action": "begin", "instruction": "call my doctor"})
    heard = os.read(told[0], 4096)
    os.waitpid(child, 0)
    assert heard == b""


def _listen(path: Path, ready: int, told: int) -> None:
    os.setuid(_NOBODY)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        path.chmod(0o777)
        server.listen()
        server.settimeout(10)
        os.write(ready, b"r")
        connection, _ = server.accept()
        os.write(told, connection.recv(4096))


def _in_child(body: Callable[[], None]) -> None:
    try:
        body()
    finally:
        os._exit(0)
