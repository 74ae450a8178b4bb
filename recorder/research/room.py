"""Room on the collection's disk: what is too large is left in its drop, and the rest goes on."""

import errno
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from recorder.core.amounts import size_text
from recorder.core.errors import ExitCode, RecorderError

MOST_BYTES: Final = 2_000_000_000
"""Of a bundle, unless somebody says otherwise: a day on a screen takes half a gigabyte."""
SPARE_BYTES: Final = 64_000_000
"""Stays free for the collection's own notes."""
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Left(RecorderError):
    """A bundle is not fetched now; it stays where it is."""


class TooLarge(Left):
    """It is larger than the researcher takes."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(
            f"Larger than {size_text(most_bytes)}", "recorder collect --max-bundle SIZE takes it",
            ExitCode.WARNINGS,
        )  # fmt: skip


class NoRoom(Left):
    """The disk has no room for it."""

    def __init__(self) -> None:
        super().__init__(
            "No room on the collection's disk", "make room there, then run it again",
            ExitCode.UNWRITABLE,
        )  # fmt: skip


class Room:
    """The free space of a disk, shared by those who fetch side by side."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._taken = 0

    @contextmanager
    def taken(self, size_bytes: int) -> Iterator[None]:
        """Keep room while a file is fetched.

        Raises:
            TooLarge, NoRoom: It is not to be fetched, or the disk became full on the way.
        """
        self._take(size_bytes)
        try:
            yield
        except OSError as cause:
            if cause.errno in FULL:
                raise NoRoom from cause
            raise
        finally:
            with self._lock:
                self._taken -= size_bytes

    def _take(self, size_bytes: int) -> None:
        if size_bytes > self._most_bytes:
            raise TooLarge(self._most_bytes)
        with self._lock:
            free = shutil.disk_usage(self._folder).free - self._taken - SPARE_BYTES
            if size_bytes > free:
                raise NoRoom
            self._taken += size_bytes
