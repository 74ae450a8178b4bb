"""The control socket and its client, over a real socket."""

import json
import socket
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from recorder.agent import client
from recorder.agent.control import MAX_REQUEST_BYTES, Control, Reply, Request
from recorder.agent.lock import AgentLock, AlreadyRunning, FolderNotPrivate
from recorder.core.errors import ExitCode, RecorderError


@dataclass
class Agent:
    """A control socket with a handler that knows four verbs."""

    path: Path
    seen: list[Request] = field(default_factory=list)
    kept: list[Reply] = field(default_factory=list)

    def handle(self, request: Request, reply: Reply) -> None:
        self.seen.append(request)
        match request["verb"]:
            case "stop":
                reply.progress({"left": 2})
                reply.progress({"left": 1})
                reply.done({"events": 7})
            case "hang":
                self.kept.append(reply)
            case "no":
                raise RecorderError("No", "ask again", ExitCode.PAUSED)
            case verb:
                reply.done({"verb": verb})


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    found = Agent(tmp_path / "run/agent.sock")
    with AgentLock.take(tmp_path / "state/agent.lock") as lock:
        control = Control(found.path, lock, found.handle)
        thread = threading.Thread(target=control.run, name="control")
        thread.start()
        yield found
        control.close()
        thread.join(5.0)
        assert not thread.is_alive()
    for reply in found.kept:
        reply.done({})


def test_a_request_is_answered(agent: Agent) -> None:
    assert client.ask(agent.path, {"verb": "status"}) == {"ok": True, "verb": "status"}


def test_progress_comes_line_by_line_and_the_last_one_counts(agent: Agent) -> None:
    lines = list(client.ask_all(agent.path, {"verb": "stop"}, 2.0))
    assert [line.get("left") for line in lines] == [2, 1, None]
    assert client.ask(agent.path, {"verb": "stop"})["events"] == 7


def test_a_refusal_keeps_its_sentence_fix_and_code(agent: Agent) -> None:
    with pytest.raises(client.Refused, match=r"No\. Fix: ask again") as caught:
        client.ask(agent.path, {"verb": "no"})
    assert caught.value.code is ExitCode.PAUSED


def test_no_answer_in_time_is_unresponsive(agent: Agent) -> None:
    with pytest.raises(client.Unresponsive):
        client.ask(agent.path, {"verb": "hang"}, timeout_s=0.05)


def test_nobody_there_is_not_running(tmp_path: Path) -> None:
    with pytest.raises(client.NotRunning):
        client.ask(tmp_path / "agent.sock", {"verb": "status"})


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"verb": 1}', b"\xff", b"[" * 60_000])
def test_what_is_no_request_is_refused(agent: Agent, line: bytes) -> None:
    assert _send(agent.path, line + b"\n")["code"] == ExitCode.USAGE
    assert agent.seen == []


def test_an_endless_request_is_refused(agent: Agent) -> None:
    assert _send(agent.path, b"x" * (MAX_REQUEST_BYTES + 1))["code"] == ExitCode.USAGE


def test_a_silent_caller_does_not_keep_others_waiting(agent: Agent) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.connect(str(agent.path))
        started = time.monotonic()
        client.ask(agent.path, {"verb": "status"})
        assert time.monotonic() - started < 1.0


def test_socket_and_folder_are_for_the_owner_alone(agent: Agent) -> None:
    assert stat.S_IMODE(agent.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(agent.path.parent.stat().st_mode) == 0o700


def test_a_second_agent_is_told_that_one_runs(tmp_path: Path) -> None:
    with AgentLock.take(tmp_path / "agent.lock"), pytest.raises(AlreadyRunning) as caught:
        AgentLock.take(tmp_path / "agent.lock")
    assert caught.value.code is ExitCode.ALREADY_RUNNING


def test_a_stale_socket_is_replaced_under_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "agent.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    with pytest.raises(client.NotRunning):
        client.ask(path, {"verb": "status"})
    with AgentLock.take(tmp_path / "agent.lock") as lock:
        control = Control(path, lock, lambda _, reply: reply.done({}))
        assert path.is_socket()
        control.close()
        control.run()
    assert not path.exists()


def test_a_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)
    with pytest.raises(FolderNotPrivate):
        AgentLock.take(tmp_path / "open/agent.lock")


def test_a_link_in_the_lock_s_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "agent.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FolderNotPrivate):
        AgentLock.take(tmp_path / "agent.lock")
    assert not (tmp_path / "elsewhere").exists()


def _send(path: Path, data: bytes) -> dict[str, object]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2.0)
        connection.connect(str(path))
        connection.sendall(data)
        answer: dict[str, object] = json.loads(connection.makefile().readline())
        return answer
