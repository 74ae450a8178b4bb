"""The store of episodes: list, delete, forget, sweep. Needs no private key."""

import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.ids import ulid_wall_ns
from recorder.episodes.copies import drop_copies
from recorder.episodes.holding import WAIT_S, Hold
from recorder.episodes.homes import EpisodeUnknown, episode_homes, find_home, sweep
from recorder.episodes.manifest import MANIFEST_LIMIT_BYTES, Manifest, read_manifest
from recorder.episodes.names import KEY_FILE, MANIFEST_FILE, is_temporary, parse_part
from recorder.episodes.table_files import DamagedFile, NewerFile, read_regular, writing
from recorder.files import sync_folder

_MOST_OVERWRITTEN_BYTES: Final = 1_000_000
"""A wrapped key has some hundred bytes; what is larger was planted."""


class NotAnEpisode(RecorderError):
    """What stands there is not a folder that the recorder made."""

    def __init__(self) -> None:
        super().__init__(
            "That episode is a link or holds folders that the recorder did not make",
            "look at it and remove it by hand",
            ExitCode.USAGE,
        )


@dataclass(frozen=True, slots=True)
class EpisodeInfo:
    """What can be told of an episode without a key.

    Attributes:
        started_wall_ns: From the id, to the millisecond.
        duration_s: From the manifest, else from the names of the files.
        closed: It has a manifest.
        sealed: Its files are encrypted.
        grant: person or demo; "" when it was not closed.
        damaged: Its manifest cannot be read.
        newer: A later version of the recorder wrote it; then it counts as damaged too.
    """

    episode_id: str
    path: Path
    started_wall_ns: int
    duration_s: float
    size_bytes: int
    files: int
    closed: bool
    sealed: bool
    grant: str
    damaged: bool
    newer: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    """What went with an episode."""

    episode_id: str
    files: int
    size_bytes: int


def delete_episode(folder: Path, episode_id: str) -> Deleted:
    """Delete an episode for good: its key first, then its approvals and its files.

    Without the key the files are noise, whatever a disk, snapshot or journal keeps of
    them; a copy of the key in a backup undoes that. The episode is held meanwhile, or an
    approval that another program is making would outlive it.

    Raises:
        EpisodeUnknown: There is none of that name.
        EpisodeBusy: It is being recorded, changed or approved by another program.
        NotAnEpisode: It holds folders that the recorder did not make; nothing went.
        FolderUnwritable: It cannot be removed; the key may be gone already.
    """
    home = find_home(folder, episode_id)
    with writing(folder):
        try:
            hold = Hold.take(home, WAIT_S)
        except FileNotFoundError as cause:
            raise EpisodeUnknown from cause
        try:
            return delete_held(folder, episode_id)
        finally:
            hold.close()


def delete_held(folder: Path, episode_id: str) -> Deleted:
    """Delete an episode as `delete_episode` does. For who holds its folder."""
    home = find_home(folder, episode_id)
    with writing(folder):
        entries = list(home.iterdir())
        if any(stat.S_ISDIR(entry.lstat().st_mode) for entry in entries):
            raise NotAnEpisode
        size_bytes = sum(entry.lstat().st_size for entry in entries)
        destroy(home / KEY_FILE)
        drop_copies(home)
        for entry in entries:
            entry.unlink(missing_ok=True)
        home.rmdir()
        sync_folder(home.parent)
        _remove_if_empty(home.parent)
    return Deleted(episode_id, len(entries), size_bytes)


def destroy(path: Path) -> None:
    """Overwrite a small file in place, then remove it; a link is removed, not followed.

    Where it cannot be overwritten, as on a full disk that copies on write, it is removed.
    """
    with suppress(OSError):
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            size_bytes = min(os.fstat(descriptor).st_size, _MOST_OVERWRITTEN_BYTES)
            file.write(secrets.token_bytes(size_bytes))
            os.fsync(descriptor)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sweep_all(folder: Path, keep: str = "") -> int:
    """Remove what killed writers left in unfinished episodes; gives how many files.

    Only for the holder of the agent's lock: a living writer's files must not go. `keep`
    is the id of its own episode.
    """
    unfinished = [h for h in episode_homes(folder) if not (h / MANIFEST_FILE).exists()]
    return sum(sweep(home) for home in unfinished if home.name != keep)


def manifest_of(home: Path) -> Manifest | None:
    """Give an episode's manifest, its signature unchecked; None when there is none.

    Raises:
        DamagedFile: There is one that cannot be read.
    """
    path = home / MANIFEST_FILE
    return (
        read_manifest(read_regular(path, MANIFEST_LIMIT_BYTES)) if os.path.lexists(path) else None
    )


def episode_info(home: Path) -> EpisodeInfo:
    """Give what can be told of one episode without a key."""
    sizes = file_sizes(home)
    parts = [part for part in map(parse_part, sizes) if part is not None]
    try:
        manifest, wrong = manifest_of(home), None
    except DamagedFile as error:
        manifest, wrong = None, error
    last_s = float(max((part.end_s for part in parts), default=0))
    return EpisodeInfo(
        episode_id=home.name,
        path=home,
        started_wall_ns=ulid_wall_ns(home.name),
        duration_s=last_s if manifest is None else manifest.duration_s,
        size_bytes=sum(sizes.values()),
        files=len(sizes),
        closed=MANIFEST_FILE in sizes,
        sealed=KEY_FILE in sizes,
        grant="" if manifest is None else manifest.grant,
        damaged=wrong is not None,
        newer=isinstance(wrong, NewerFile),
    )


def file_sizes(home: Path) -> dict[str, int]:
    """Give names and sizes of an episode's files; what goes away meanwhile is left out."""
    found = {}
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError), os.scandir(home) as all_:
        for entry in all_:
            with suppress(FileNotFoundError):
                found[entry.name] = entry.stat(follow_symlinks=False).st_size
    return {name: size for name, size in found.items() if not is_temporary(name)}


def _remove_if_empty(date: Path) -> None:
    if not any(date.iterdir()):
        date.rmdir()
        sync_folder(date.parent)
