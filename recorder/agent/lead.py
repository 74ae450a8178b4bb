"""The lead: a private pipe between the agent and the process that shows it is recording.

The agent records only while the other end is held: when the indicator dies, its end of
the pipe closes and the agent stops. One JSON line per message: the order goes in, then
`recording` or, from one started paused, `waiting`, then `status`, `progress`, `error` and
`ended` come out.
"""

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, Literal, Self

from recorder.agent.order import Order
from recorder.core.errors import ExitCode, RecorderError

_LONGEST_BYTES: Final = 64 * 1024
_SEND_S: Final = 1.0
Event = Literal["recording", "waiting", "status", "progress", "error", "ended"]


class AgentEnded(RecorderError):
    """The agent went away without a word."""

    def __init__(self) -> None:
        super().__init__(
            "The recorder ended by itself; what it had written is kept",
            "recorder list shows it; agent.log in ~/.local/state/recorder says where it broke",
            ExitCode.BUG,
        )


class StartRefused(RecorderError):
    """The agent says why it cannot record."""

    def __init__(self, said: dict[str, object]) -> None:
        code = said.get("code")
        super().__init__(
            str(said.get("error", "The recorder could not start")),
            str(said.get("fix", "recorder status")),
            ExitCode(code) if isinstance(code, int) else ExitCode.BUG,
        )


class Lead:
    """One end of the pipe; reads and writes whole lines."""

    def __init__(
        self, connection: socket.socket, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        self._connection = connection
        self._process = process
        self._rest = b""
        self._lines: list[bytes] = []

    @property
    def descriptor(self) -> int:
        """The file descriptor, for a child to inherit or a selector to watch."""
        return self._connection.fileno()

    def send(self, event: Event | Literal["order"], body: dict[str, object]) -> bool:
        """Send one line; False when the other end is gone or does not read."""
        try:
            self._connection.settimeout(_SEND_S)
            self._connection.sendall(json.dumps({"event": event, **body}).encode() + b"\n")
        except OSError:
            return False
        return True

    def receive(self, timeout_s: float) -> dict[str, object] | None:
        """Give the next message, None at the time-out.

        Raises:
            EOFError: The other end is gone.
        """
        deadline = time.monotonic() + timeout_s
        while not self._lines:
            self._connection.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                data = self._connection.recv(_LONGEST_BYTES)
            except TimeoutError:
                return None
            except OSError as cause:
                raise EOFError from cause
            if not data or len(self._rest) > _LONGEST_BYTES:
                raise EOFError
            *self._lines, self._rest = (self._rest + data).split(b"\n")
        found = json.loads(self._lines.pop(0))
        return found if isinstance(found, dict) else {}

    @property
    def is_gone(self) -> bool:
        """Whether the other end has been closed; does not wait."""
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        if not poll.poll(0):
            return False
        try:
            return self._connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def close(self, wait_s: float = 10.0) -> None:
        """Let go: for the agent the indicator is gone. Waits for the agent that we started."""
        self._connection.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(wait_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def launch(order: Order, log: Path) -> Lead:
    """Start an agent in a session of its own and give it its order.

    Args:
        order: What to record; the agent asks the gate itself.
        log: Where a crash line of the agent goes.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(log, flags, 0o600)
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "recorder.cli.agent_process", str(theirs.fileno())],
            pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=descriptor, start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(descriptor)
        theirs.close()
    lead = Lead(ours, process)
    lead.send("order", order.model_dump(mode="json"))
    return lead


def wait_for_recording(lead: Lead, timeout_s: float) -> dict[str, object]:
    """Give the agent's first facts once it records, or waits where it was started paused.

    Raises:
        StartRefused: It said why it cannot.
        AgentEnded: It went away, or said nothing in time.
    """
    deadline = time.monotonic() + timeout_s
    while (left := deadline - time.monotonic()) > 0:
        try:
            said = lead.receive(left)
        except EOFError as cause:
            raise AgentEnded from cause
        if said is not None and said.get("event") == "error":
            raise StartRefused(said)
        if said is not None and said.get("event") in {"recording", "waiting"}:
            return said
    raise AgentEnded
