"""The control socket: one JSON line per request, answers of one or more lines.

AF_UNIX only, 0600 in a 0700 folder; the other side's user id is asked of the kernel.
"""

import contextlib
import json
import os
import selectors
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from recorder.agent.lock import AgentLock, own_folder
from recorder.core.errors import ExitCode, RecorderError

MAX_REQUEST_BYTES: Final = 64 * 1024
_MAX_CONNECTIONS: Final = 16
_REQUEST_DEADLINE_S: Final = 2.0
_SEND_DEADLINE_S: Final = 0.5
_POLL_S: Final = 0.5

Request = dict[str, object]
Answer = dict[str, object]


class BadRequest(RecorderError):
    """A request that is no request."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "recorder --help", ExitCode.USAGE)


class Reply:
    """Where the answer to one request goes; may be used from any one thread."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        connection.settimeout(_SEND_DEADLINE_S)

    def progress(self, answer: Answer) -> None:
        """Send a line that is not the last; a client that is gone does not matter."""
        with contextlib.suppress(OSError):
            self._connection.sendall(json.dumps({"ok": True, **answer}).encode() + b"\n")

    def done(self, answer: Answer) -> None:
        """Send the last line and close."""
        self.progress(answer)
        self._connection.close()

    def refused(self, error: RecorderError) -> None:
        """Send the error's sentence, fix and code, and close."""
        self.done({"ok": False, "error": error.message, "fix": error.fix, "code": int(error.code)})


@dataclass(slots=True)
class _Caller:
    connection: socket.socket
    deadline_s: float
    data: bytearray = field(default_factory=bytearray)


class Control:
    """Listens from its making until `close`; `run` is the body of one thread.

    Args:
        path: The socket's path; a stale one is replaced, which the lock makes safe.
        lock: Proof that no other agent of this user lives.
        handle: Called in the serving thread with each request; must answer or pass the
            reply on. Slow work belongs elsewhere: a pause waits behind it.
    """

    def __init__(
        self, path: Path, lock: AgentLock, handle: Callable[[Request, Reply], None]
    ) -> None:
        _ = lock
        self._path = path
        self._handle = handle
        self._callers: dict[socket.socket, _Caller] = {}
        own_folder(path.parent)
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        path.chmod(0o600)
        self._listener.listen(_MAX_CONNECTIONS)
        self._listener.settimeout(0)
        self._closing = False
        self._wake, self._woken = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)

    def run(self) -> None:
        """Serve until `close`."""
        while not self._closing:
            for key, _ in self._selector.select(_POLL_S if self._callers else None):
                if key.fileobj is self._listener:
                    self._accept()
                elif key.fileobj is not self._woken:
                    self._read(self._callers[key.fileobj])  # type: ignore[index]  # ours are sockets
            self._drop_late()
        for caller in list(self._callers.values()):
            self._forget(caller)
            caller.connection.close()
        self._selector.close()
        for ours in (self._listener, self._wake, self._woken):
            ours.close()

    def close(self) -> None:
        """Refuse new requests and remove the socket; `run` ends at once."""
        self._path.unlink(missing_ok=True)
        self._closing = True
        with contextlib.suppress(OSError):
            self._wake.send(b"x")

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        if len(self._callers) >= _MAX_CONNECTIONS or not _is_ours(connection):
            connection.close()
            return
        connection.settimeout(0)
        self._callers[connection] = _Caller(connection, time.monotonic() + _REQUEST_DEADLINE_S)
        self._selector.register(connection, selectors.EVENT_READ)

    def _read(self, caller: _Caller) -> None:
        try:
            data = caller.connection.recv(MAX_REQUEST_BYTES + 1)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        caller.data += data
        line, end, _ = caller.data.partition(b"\n")
        if end or len(caller.data) > MAX_REQUEST_BYTES:
            self._forget(caller)
            self._answer(bytes(line), Reply(caller.connection))
        elif not data:
            self._forget(caller)
            caller.connection.close()

    def _answer(self, line: bytes, reply: Reply) -> None:
        try:
            self._handle(_parsed(line), reply)
        except RecorderError as error:
            reply.refused(error)

    def _drop_late(self) -> None:
        now = time.monotonic()
        for caller in [c for c in self._callers.values() if c.deadline_s < now]:
            self._forget(caller)
            caller.connection.close()

    def _forget(self, caller: _Caller) -> None:
        self._selector.unregister(caller.connection)
        del self._callers[caller.connection]


def _parsed(line: bytes) -> Request:
    if len(line) > MAX_REQUEST_BYTES:
        raise BadRequest("The request is too long")
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as cause:
        raise BadRequest("The request is no JSON") from cause
    if not isinstance(request, dict) or not isinstance(request.get("verb"), str):
        raise BadRequest("The request names no verb")
    return request


def _is_ours(connection: socket.socket) -> bool:
    """Ask the kernel who is at the other end (unix(7), SO_PEERCRED)."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return True  # elsewhere the folder's mode is the guard
    found = connection.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", found)
    return bool(uid == os.getuid())
