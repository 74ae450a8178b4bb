"""Our side of the content child: starts it, hands it plain bytes, reads its answers."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Final, Self

import pyrage
from pydantic import ValidationError

from recorder.core.errors import ExitCode, RecorderError
from recorder.research.content_verdict import HEAD, MOST_ANSWER_BYTES, Asked, ContentVerdict
from recorder.sharing.ustar import Readable

_PIPE_BYTES: Final = 1 << 18
_END_S: Final = 10.0
_NEEDED: Final = ("PATH", "PYTHONPATH", "LANG", "LC_ALL")
"""Of the environment: it may hold the credentials of a store."""
_QUIET: Final = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"}
"""Memory comes from malloc, so that a limit on it means what it says; no threads to fork."""
KILLED: Final = ContentVerdict(
    code=int(ExitCode.LIMITS), reason="its content asks for more memory or time than it may have"
)
_NOT_OURS: Final = ContentVerdict(
    code=int(ExitCode.AUDIENCE), reason="it is not sealed to this study's key"
)


class ContentCut(RecorderError):
    """The check was ended from outside, so nobody knows what it would have found."""

    def __init__(self) -> None:
        super().__init__("A check was cut short", "run it again", ExitCode.INTERRUPTED)


class PartOfFile:
    """The next bytes of a file, and no more."""

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        self._file = file
        self._left = size_bytes

    def read(self, size: int = -1) -> bytes:
        """Give some of them; b"" at the end."""
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data


class ContentProcess:
    """The child, from its first question to the end of its block; asked from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: tuple[subprocess.Popen[bytes], socket.socket] | None = None
        self._cuts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._child is None:
            return
        process, orders = self._child
        orders.close()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def cut(self) -> None:
        """End every check that runs, at once; those who asked get ContentCut."""
        with self._lock:
            self._cuts += 1
            if self._child is not None:
                process, orders = self._child
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                orders.close()
                self._child = None

    def check(self, asked: Asked, sealed: Readable, identity: str) -> ContentVerdict:
        """Decrypt a payload into the child and give its verdict.

        Args:
            asked: What it is to be compared with.
            sealed: The age file, from where it stands to its end.
            identity: `AGE-SECRET-KEY-1…`; stays in this process.

        Raises:
            ContentCut: It was ended from outside.
        """
        cuts = self._cuts
        content, into = os.pipe()
        answer, out = os.pipe()
        with os.fdopen(answer, "rb") as told, os.fdopen(into, "wb", _PIPE_BYTES) as plain:
            try:
                self._send(asked.model_dump_json().encode(), [content, out])
            finally:
                os.close(content)
                os.close(out)
            is_open = _decrypt(sealed, plain, identity)
            found = told.read(MOST_ANSWER_BYTES)
        if not found and self._cuts > cuts:
            raise ContentCut
        return _verdict(found) if is_open else _NOT_OURS

    def _send(self, message: bytes, descriptors: list[int]) -> None:
        with self._lock:
            if self._child is not None and self._child[0].poll() is not None:
                self._child[1].close()
                self._child = None
            self._child = self._child or _start()
            orders = self._child[1]
            try:
                socket.send_fds(orders, [HEAD.pack(len(message))], descriptors)
                orders.sendall(message)
            except OSError as cause:
                raise ContentCut from cause


def _start() -> tuple[subprocess.Popen[bytes], socket.socket]:
    kept = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "recorder.research.content_child"],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env={**kept, **_QUIET},
            process_group=0,
        )
    return process, ours


def _decrypt(sealed: Readable, plain: BinaryIO, identity: str) -> bool:
    """Write the plain bytes to the child; False when the key does not open them.

    A child that has seen enough closes its end, which is no failure of ours.
    """
    try:
        pyrage.decrypt_io(sealed, plain, [pyrage.x25519.Identity.from_str(identity.strip())])
    except pyrage.DecryptError:
        return False
    except BrokenPipeError:
        return True
    finally:
        _close(plain)
    return True


def _close(plain: BinaryIO) -> None:
    try:
        plain.close()
    except BrokenPipeError:
        return


def _verdict(found: bytes) -> ContentVerdict:
    try:
        return ContentVerdict.model_validate_json(found)
    except ValidationError:
        return KILLED
