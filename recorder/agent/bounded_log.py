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
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"


class BoundedLog(logging.Handler):
    """Writes lines, and looks twice a second how much all processes have written.

    At most twice the limit is kept, and what floods in between two looks. A line written in
    the instant of the cut is lost.

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
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look, name="log", daemon=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; what is no ASCII becomes a question mark."""
        line = self.format(record) + "\n"
        with contextlib.suppress(OSError):  # a full disk is told by status; the line is not kept
            os.write(self._descriptor, line.encode("ascii", "replace"))

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
        self._looking.start()
        _LOGGER.addHandler(self)
        _LOGGER.setLevel(logging.INFO)
        return self

    def __exit__(self, *_: object) -> None:
        _LOGGER.removeHandler(self)
        self._over.set()
        self._looking.join()
        self.close()
        os.close(self._descriptor)

    def _look(self) -> None:
        while not self._over.wait(self._every_s):
            self.keep_small()
