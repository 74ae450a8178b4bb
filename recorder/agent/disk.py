"""How much room is on the disk of the recording folder."""

import os
from pathlib import Path

from recorder.consent.folder import FOLDER_FILE


def free_on_disk_mb(folder: str) -> int | None:
    """Give the room on the folder's disk; None while the folder is not there.

    Where a disk was unmounted an empty folder is left, without the mark of ours.
    """
    try:
        found = os.statvfs(Path(folder) / FOLDER_FILE)
    except OSError:
        return None
    return int(found.f_bavail * found.f_frsize / 1e6)
