"""The capture processes: started with one private pipe, ended and reaped by a deadline."""

import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recorder.core.errors import ExitCode, RecorderError

_KEPT: Final = frozenset({
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "XAUTHORITY", "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME", "XDG_STATE_HOME",
    "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS", "PYTHONPATH", "VIRTUAL_ENV", "COVERAGE_PROCESS_START",
})  # fmt: skip
"""What a child sees of the environment; everything else stays outside."""
_MEMORY: Final = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(256 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
}
"""glibc's malloc (mallopt(3)): pictures go back to one heap and are taken from there again.
Else the kernel clears 40 MB of fresh pages for each picture that is coded."""
_BUFFER_BYTES: Final = 1 << 20
_REPORT_BYTES: Final = 4096
_HEAD: Final = struct.Struct("<I")


class ChildFailed(RecorderError):
    """A capture process ended by itself."""

    def __init__(self, name: str, code: int | None) -> None:
        super().__init__(
            f"The {name} process ended by itself ({code})",
            "recorder status; if it goes on, see agent.log",
            ExitCode.DEGRADED,
        )


@dataclass(frozen=True, slots=True)
class Child:
    """A running capture process and our end of its pipe."""

    name: str
    process: subprocess.Popen[bytes]
    pipe: socket.socket

    @property
    def error(self) -> RecorderError:
        """What it said when it ended, else that it ended by itself."""
        data = os.read(self.process.stdout.fileno(), _REPORT_BYTES) if self.process.stdout else b""
        try:
            said = json.loads(data)
            return RecorderError(str(said["error"]), str(said["fix"]), ExitCode(said["code"]))
        except (ValueError, KeyError, TypeError):
            return ChildFailed(self.name, self.process.poll())

    def close(self) -> None:
        """Close our ends; the process has ended."""
        self.pipe.close()
        if self.process.stdout:
            self.process.stdout.close()


def spawn(name: str, arguments: tuple[str, ...], first: bytes, log: Path) -> Child:
    """Start `python -m recorder.cli.<name>_process` and hand it its grant.

    Args:
        name: "input" or "screen".
        arguments: Command line; holds no content.
        first: The first message on the pipe, after its length: the packed grant.
        log: Where the child's crash lines go.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
    line = [sys.executable, "-P", "-m", f"recorder.cli.{name}_process", str(theirs.fileno())]
    descriptor = log_for(log)
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*line, *arguments], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=descriptor, env=clean_environment(os.environ),
        )  # fmt: skip
    finally:
        os.close(descriptor)
        theirs.close()
    ours.sendall(_HEAD.pack(len(first)) + first)
    return Child(name, process, ours)


def log_for(log: Path) -> int:
    """Open the log; where it cannot be, what the child says goes nowhere and it still starts."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(log, flags, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the few variables that a child needs."""
    kept = {k: v for k, v in environment.items() if k in _KEPT or k.startswith("LC_")}
    return kept | _MEMORY


def receive_first(pipe: socket.socket) -> bytes:
    """Give the first message, in the child.

    Raises:
        EOFError: The agent went away before it was whole.
    """
    (size,) = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    return _exactly(pipe, size)


def kill_and_reap(children: tuple[Child, ...], deadline_ns: int) -> None:
    """Wait until the deadline (monotonic) for the children to end, then kill the rest."""
    for child in children:
        try:
            child.process.wait(max((deadline_ns - time.monotonic_ns()) / 1e9, 0))
        except subprocess.TimeoutExpired:
            child.process.kill()
    for child in children:
        child.process.wait()


def _exactly(pipe: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = pipe.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data
