"""Which episodes their owner has looked at: approved, or marked as seen. Standard library only.

A mark lies at `seen/<episode id>` and holds the manifest's SHA-256 and a date, nothing else.
It counts as long as the manifest is that one; what is no mark of ours counts for nothing.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Final

from recorder.episodes.copies import SEEN, approved_ids
from recorder.episodes.listing import episode_homes
from recorder.episodes.names import MANIFEST_FILE
from recorder.files import read_regular

SCHEMA: Final = "recorder.seen/1"
_MARK_BYTES: Final = 1_000
_MANIFEST_BYTES: Final = 4_000_000
"""As much as a manifest may have."""


def unreviewed(folder: Path, live: str = "") -> int:
    """Give how many episodes are neither approved nor seen; `live` is left out."""
    homes = [home for home in episode_homes(folder) if home.name != live]
    return len(homes) - len(reviewed(folder, homes))


def reviewed(folder: Path, homes: list[Path]) -> set[str]:
    """Give the ids of those that are approved, in whole or in part, or seen as they are."""
    approved = approved_ids(folder)
    return {home.name for home in homes if home.name in approved or is_seen(home)}


def is_seen(home: Path) -> bool:
    """Tell whether an episode was marked as seen and is still the same."""
    marked = _marked(mark_of(home))
    return marked is not None and marked == manifest_digest(home)


def manifest_digest(home: Path) -> str:
    """Give the hex SHA-256 of an episode's manifest; "" where there is none that can be read."""
    with suppress(OSError):
        return hashlib.sha256(read_regular(home / MANIFEST_FILE, _MANIFEST_BYTES)).hexdigest()
    return ""


def mark_of(home: Path) -> Path:
    """Give where the mark of an episode lies."""
    return home.parents[2] / SEEN / home.name


def _marked(path: Path) -> str | None:
    """Give the digest that a mark names; None for what is no mark."""
    if path.parent.is_symlink():
        return None
    try:
        found = json.loads(read_regular(path, _MARK_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        return None
    digest = found.get("manifest_sha256")
    return digest if isinstance(digest, str) and digest else None
