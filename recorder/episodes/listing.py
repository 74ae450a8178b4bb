"""Which episodes a folder holds, by names alone. Standard library only.

`recorder status` counts them, and must answer at once.
"""

import os
from pathlib import Path
from typing import Final

from recorder.core.ids import is_ulid, ulid

EPISODES: Final = "episodes"
DATE_LENGTH: Final = len("2026-11-21")
_END: Final = ulid(250_000_000_000 * 1_000_000_000, bytes(10))
"""In the year 9892; `datetime` ends soon after."""


def episode_homes(folder: Path) -> list[Path]:
    """Give the folders of all episodes, oldest first; links and foreign names are left out."""
    found = []
    for date in folders_in(folder / EPISODES):
        if len(date.name) == DATE_LENGTH:
            found += [path for path in folders_in(date) if is_episode_name(path.name)]
    return sorted(found, key=lambda path: path.name)


def folders_in(path: Path) -> list[Path]:
    """Give the folders in a folder; links are not followed."""
    if path.is_symlink():
        return []
    try:
        entries = list(os.scandir(path))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []
    return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]


def is_episode_name(name: str) -> bool:
    """Tell whether it is a ULID of a time that calendars know."""
    return is_ulid(name) and name < _END
