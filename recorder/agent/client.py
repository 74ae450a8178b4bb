"""Asks the running agent over its control socket. Standard library only, for speed.

One JSON line each way. Verbs and what they take:
    status
    pause     seconds (optional): resume by itself after that time
    resume
    stop      answers with several lines: progress, then the summary
    forget    seconds
    task      action "begin" or "end", instruction, outcome
    scope     the agent reads the list of allowed apps again
An answer holds `ok`; when that is false also `error`, `fix` and `code`.
"""

import json
import os
import socket
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from recorder.core.errors import ExitCode, RecorderError

MAX_LINE_BYTES = 64 * 1024
"""Bound of a request and of an answer."""


class NotRunning(RecorderError):
    """No agent listens."""

    def __init__(self) -> None:
        super().__init__("The recorder is not running", "recorder start", ExitCode.NOT_RUNNING)


class Unresponsive(RecorderError):
    """An agent listens and does not answer in time."""

    def __init__(self, pid: int = 0) -> None:
        end = f"kill {pid}" if pid else "end its process"
        super().__init__(
            "The recorder runs but does not answer",
            f"wait and try again; if it stays so, {end} (what was written is kept)",
            ExitCode.UNRESPONSIVE,
        )


class Refused(RecorderError):
    """The agent answered that it cannot."""

    def __init__(self, answer: dict[str, object]) -> None:
        code = answer.get("code")
        super().__init__(
            str(answer.get("error", "The recorder refused")),
            str(answer.get("fix", "recorder status")),
            ExitCode(code) if isinstance(code, int) else ExitCode.BUG,
        )


def ask(socket_path: Path, request: dict[str, object], timeout_s: float = 2.0) -> dict[str, object]:
    """Give the agent's answer: of several lines the last one.

    Raises:
        NotRunning: Nobody listens at the path.
        Unresponsive: No answer came in time.
        Refused: The agent said no.
    """
    answer: dict[str, object] = {}
    for answer in ask_all(socket_path, request, timeout_s):  # noqa: B007 - the last one counts
        pass
    return answer


def ask_all(
    socket_path: Path, request: dict[str, object], timeout_s: float
) -> Iterator[dict[str, object]]:
    """Give every line of the agent's answer as it comes; progress first.

    `timeout_s` bounds the wait for each line. Raises as `ask`.
    """
    with _connect(socket_path, timeout_s) as connection:
        pid = _pid(connection)
        try:
            connection.sendall(json.dumps(request).encode() + b"\n")
            connection.shutdown(socket.SHUT_WR)
        except OSError as cause:
            raise Unresponsive(pid) from cause
        found = False
        for line in _lines(connection, timeout_s):
            found = True
            yield _checked(line)
        if not found:
            raise Unresponsive(pid)


def _connect(path: Path, timeout_s: float) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout_s)
    try:
        connection.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError) as cause:
        connection.close()
        raise NotRunning from cause
    except OSError as cause:
        connection.close()
        raise Unresponsive from cause
    if not _is_ours(connection):
        connection.close()
        raise NotRunning
    return connection


def _is_ours(connection: socket.socket) -> bool:
    """Tell whether a process of this user listens; another's is told nothing."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the socket's folder, 0700, is what other platforms offer
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack(
        "3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    )
    return bool(uid == os.getuid())


def _pid(connection: socket.socket) -> int:
    """Give the process that listens, 0 where the system does not tell."""
    wanted = getattr(socket, "SO_PEERCRED", None)
    if wanted is None:
        return 0
    return int.from_bytes(connection.getsockopt(socket.SOL_SOCKET, wanted, 4), sys.byteorder)


def _lines(connection: socket.socket, timeout_s: float) -> Iterator[bytes]:
    rest = b""
    deadline = time.monotonic() + timeout_s
    while True:
        connection.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            data = connection.recv(MAX_LINE_BYTES)
        except OSError as cause:
            raise Unresponsive(_pid(connection)) from cause
        if not data:
            return
        *whole, rest = (rest + data).split(b"\n")
        if len(rest) > MAX_LINE_BYTES:
            raise Unresponsive
        yield from whole
        if whole:
            deadline = time.monotonic() + timeout_s


def _checked(line: bytes) -> dict[str, object]:
    try:
        answer = json.loads(line)
    except ValueError as cause:
        raise Unresponsive from cause
    if not isinstance(answer, dict):
        raise Unresponsive
    if answer.get("ok") is False:
        raise Refused(answer)
    return answer
