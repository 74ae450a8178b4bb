"""What lies elsewhere of an episode and goes when it changes or goes. Standard library only.

An approval holds the approved rows once more. It binds the episode as it was, so any change
ends it, and what was deleted must not survive in it. A mark that it was seen ends likewise.
"""

import os
from pathlib import Path
from typing import Final

from recorder.files import sync_folder

BEGUN: Final = ".tmp"
"""Ends the name of a copy that is being written; it begins with the episode's id."""
APPROVED: Final = "approved"
"""Folder beside `episodes`: one folder a study, in it files named for the episode."""

SEEN: Final = "seen"
"""Folder beside `episodes`: one file an episode that its owner looked at, named for it."""

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
    """Remove the approvals of an episode and its mark; gives how many files went.

    Raises:
        OSError: Some are left; call again.
    """
    return _remove(copies_of(home)) + drop_seen(home)


def drop_seen(home: Path) -> int:
    """Remove the mark that an episode was seen; gives how many files went.

    A folder of that name is none of ours and stays.

    Raises:
        OSError: Some are left; call again.
    """
    found = [
        path
        for path in _entries(home.parents[2] / SEEN)
        if path.name.partition(".")[0] == home.name and (path.is_symlink() or not path.is_dir())
    ]
    return _remove(found)


def _remove(found: list[Path]) -> int:
    for path in found:
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in found}:
        sync_folder(folder)
    return len(found)


def _entries(path: Path) -> list[Path]:
    """Give what a folder holds; nothing when it is none, or a link."""
    if path.is_symlink():
        return []
    try:
        return [Path(entry.path) for entry in os.scandir(path)]
    except (FileNotFoundError, NotADirectoryError):
        return []
