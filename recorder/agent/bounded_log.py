"""The log of a recording: bounded, though several processes write to it.

The agent logs through it. Capture processes, and what crashes before it logs, write to the
same file through descriptors of their own, which a renamed file would keep. So the file stays
the same one: when it is full, its end is copied to `agent.log.1` and it is cut to nothing.
Holds counts, ids and durations; never content.
"""

import contextlib
import logging
import os
import threading
from pathlib import Path
from typing import Final, Self

from recorder.files import write_whole

_LOGGER: Final = logging.getLogger("recorder")
_EVERY_S: Final = 0.5
_MOST_LINES: Final = 1024
"""Waiting to be written: some 100 kB."""
_END_S: Final = 2.0
"""A disk that does not take the last lines by then does not keep the agent from ending."""
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"


class BoundedLog(logging.Handler):
    """Writes lines, and looks twice a second how much all processes have written.

    At most twice the limit is kept, and what floods in between two looks. A line written in
    the instant of the cut is lost. Whoever logs never waits for the disk: a thread writes, and
    while it cannot keep up lines are left out and counted.

    Args:
        path: The file; made 0600 where it is missing, never followed through a link.
        kilobytes: How large it may become before it begins anew.
        every_s: Time between two looks.
    """

    def __init__(self, path: Path, kilobytes: int, every_s: float = _EVERY_S) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter(_FORMAT))
        self._path = path
        self._limit_bytes = kilobytes * 1024
        self._every_s = every_s
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        self._descriptor = os.open(path, flags, 0o600)
        self._news = threading.Condition()
        self._lines: list[str] = []
        self._left_out = 0
        self._is_over = False
        self._writing = threading.Thread(target=self._write, name="log", daemon=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Take one line; what is no ASCII becomes a question mark. Never waits."""
        line = self.format(record) + "\n"
        with self._news:
            if len(self._lines) < _MOST_LINES:
                self._lines.append(line)
                self._news.notify()
            else:
                self._left_out += 1

    def keep_small(self) -> None:
        """Begin the file anew when it is full."""
        size_bytes = os.fstat(self._descriptor).st_size
        if size_bytes <= self._limit_bytes:
            return
        kept = os.pread(self._descriptor, self._limit_bytes, size_bytes - self._limit_bytes)
        os.ftruncate(self._descriptor, 0)
        with contextlib.suppress(OSError):  # no room for the old part; the new one goes on
            write_whole(self._path.with_name(f"{self._path.name}.1"), kept)

    def __enter__(self) -> Self:
        """Take what the package logs, until the block ends."""
        self.keep_small()
        self._writing.start()
        _LOGGER.addHandler(self)
        _LOGGER.setLevel(logging.INFO)
        return self

    def __exit__(self, *_: object) -> None:
        _LOGGER.removeHandler(self)
        with self._news:
            self._is_over = True
            self._news.notify()
        self._writing.join(_END_S)
        self.close()
        if not self._writing.is_alive():
            os.close(self._descriptor)

    def _write(self) -> None:
        is_over = False
        while not is_over:
            with self._news:
                self._news.wait_for(lambda: self._lines or self._is_over, self._every_s)
                lines, self._lines = self._lines, []
                left_out, self._left_out = self._left_out, 0
                is_over = self._is_over
            if left_out:
                lines.append(
                    f"{left_out} lines were left out: they came faster than the disk took them\n"
                )
            with contextlib.suppress(OSError):  # a full or broken disk is told by status
                os.write(self._descriptor, "".join(lines).encode("ascii", "replace"))
                self.keep_small()
