"""Where sealed copies of an episode lie that it takes along when it changes or goes.

An approval holds the approved rows once more. It binds the episode as it was, so any change
ends it, and what was deleted must not survive in it.
"""

import os
from pathlib import Path
from typing import Final

from recorder.files import sync_folder

BEGUN: Final = ".tmp"
"""Ends the name of a copy that is being written; it begins with the episode's id."""
APPROVED: Final = "approved"
"""Folder beside `episodes`: one folder a study, in it files named for the episode."""

SHARED: Final = "shared"
"""Folder beside `episodes`: one a study, in it bundles that wait to be sent."""


def copies_of(home: Path) -> list[Path]:
    """Give the files of all approvals of an episode, and its bundles that wait to be sent."""
    return [
        path
        for name in (APPROVED, SHARED)
        for study in _entries(home.parents[2] / name)
        for path in _entries(study)
        if path.name.partition(".")[0] == home.name
    ]


def approved_ids(folder: Path) -> set[str]:
    """Give the ids of the episodes of which there is an approval."""
    studies = _entries(folder / APPROVED)
    names = [path.name for study in studies for path in _entries(study)]
    return {name.partition(".")[0] for name in names if not name.endswith(BEGUN)}


def drop_begun(study: Path, episode_id: str) -> None:
    """Remove what a killed program had written of an approval. For who holds the episode.

    Raises:
        OSError: Some are left; call again.
    """
    for path in study.glob(f"{episode_id}.*{BEGUN}"):
        path.unlink(missing_ok=True)


def drop_copies(home: Path) -> int:
    """Remove the approvals of an episode; gives how many files went.

    Raises:
        OSError: Some are left; call again.
    """
    found = copies_of(home)
    for path in found:
        path.unlink(missing_ok=True)
    for study in {path.parent for path in found}:
        sync_folder(study)
    return len(found)


def _entries(path: Path) -> list[Path]:
    """Give what a folder holds; nothing when it is none, or a link."""
    if path.is_symlink():
        return []
    try:
        return [Path(entry.path) for entry in os.scandir(path)]
    except (FileNotFoundError, NotADirectoryError):
        return []
