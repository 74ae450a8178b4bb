"""How much room is on the disk of the recording folder."""

import os
import time
from pathlib import Path
from typing import Final

from recorder.agent.making import Aside
from recorder.consent.folder import FOLDER_FILE

HANGS_NS: Final = 10 * 10**9
"""A disk that sleeps takes up to some seconds to start; one that takes longer hangs."""


class Room:
    """How much room there is, asked on a thread of its own: a device may hang for good.

    Args:
        folder: The recording folder.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._aside = Aside(self._look, "room")
        self._free_mb = free_on_disk_mb(folder)
        self._unanswered_ns: int | None = None

    def free_mb(self) -> int | None:
        """Give the room, as last told where the answer is late; None without the folder."""
        asked_ns = time.monotonic_ns()
        if self._aside.answer():
            self._unanswered_ns = None
        elif self._unanswered_ns is None:
            self._unanswered_ns = asked_ns
        return self._free_mb

    @property
    def hangs(self) -> bool:
        """Whether the disk has not answered for long."""
        since_ns = self._unanswered_ns
        return since_ns is not None and time.monotonic_ns() - since_ns > HANGS_NS

    def _look(self) -> bool:
        self._free_mb = free_on_disk_mb(self._folder)
        return True


def free_on_disk_mb(folder: str) -> int | None:
    """Give the room on the folder's disk; None while the folder is not there.

    Where a disk was unmounted an empty folder is left, without the mark of ours.
    """
    try:
        found = os.statvfs(Path(folder) / FOLDER_FILE)
    except OSError:
        return None
    return int(found.f_bavail * found.f_frsize / 1e6)
