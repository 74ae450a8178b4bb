"""A person at a terminal, played by a test: waits for words, types lines, counts them."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

_CHUNK_BYTES = 65536


class PtyDriver:
    """Runs one command on a pseudo terminal of its own.

    Args:
        command: Program and arguments.
        env: The whole environment; the test's own unless given.
        cwd: Where it runs.
    """

    def __init__(
        self, command: Sequence[str], env: dict[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - a terminal needs it; no threads here
        )
        os.close(slave)
        self._unread = ""
        self.output = ""
        """Everything shown so far, with plain line ends."""
        self.answers = 0
        """How many lines were typed."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The command's process."""
        return self._process.pid

    def expect(self, text: str, timeout_s: float = 30.0) -> str:
        """Wait until the text is shown; give what was shown up to its end.

        Raises:
            AssertionError: It did not come in time, or the command ended before.
        """
        deadline = time.monotonic() + timeout_s
        while text not in self._unread:
            left = deadline - time.monotonic()
            assert left > 0, f"{text!r} was not shown in {timeout_s} s:\n{self.output}"
            assert self._read(left), f"{text!r} was never shown:\n{self.output}"
        end = self._unread.index(text) + len(text)
        shown, self._unread = self._unread[:end], self._unread[end:]
        return shown

    def send(self, line: str = "") -> None:
        """Type a line and Enter; counts as one answer."""
        self.answers += 1
        os.write(self._master, line.encode() + b"\n")

    def answer(self, question: str, line: str = "", timeout_s: float = 30.0) -> str:
        """Wait for the question, then type the line."""
        shown = self.expect(question, timeout_s)
        self.send(line)
        return shown

    def press(self, keys: bytes) -> None:
        """Type bytes as they are: b"\\x03" is Ctrl-C, b"\\x04" is Ctrl-D."""
        os.write(self._master, keys)

    def wait(self, timeout_s: float = 30.0) -> int:
        """Read to the end; give the exit code."""
        deadline = time.monotonic() + timeout_s
        while self._read(max(0.0, deadline - time.monotonic())):
            assert time.monotonic() < deadline, f"it did not end:\n{self.output}"
        return self._process.wait(max(0.1, deadline - time.monotonic()))

    def close(self) -> None:
        """End the command if it still runs, and the terminal."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def _read(self, timeout_s: float) -> bool:
        """Take in what is shown; False when the terminal ended."""
        if not select.select([self._master], [], [], timeout_s)[0]:
            return True
        try:
            data = os.read(self._master, _CHUNK_BYTES)
        except OSError:
            return False
        text = data.decode("utf-8", "replace").replace("\r\n", "\n")
        self._unread += text
        self.output += text
        return bool(data)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
