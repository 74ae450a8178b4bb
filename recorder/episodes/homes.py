"""Folders of episodes: made for one writer, found by name, never followed through links."""

import errno
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.ids import ulid_wall_ns
from recorder.episodes.holding import EpisodeBusy, held
from recorder.episodes.listing import (
    DATE_LENGTH,
    EPISODES,
    episode_homes,
    folders_in,
    is_episode_name,
)
from recorder.episodes.names import parse_part, parts_in_force
from recorder.episodes.table_files import DamagedFile
from recorder.files import sync_folder

__all__ = ["EPISODES", "EpisodeUnknown", "Home", "episode_homes", "find_home", "make_home", "sweep"]


class EpisodeUnknown(RecorderError):
    """No episode of that name, or a name that is no episode's."""

    def __init__(self) -> None:
        super().__init__(
            "There is no such episode", "recorder list shows the names", ExitCode.USAGE
        )


@dataclass(frozen=True, slots=True)
class Home:
    """An episode's folder, known by device and inode so that a swap is noticed."""

    path: Path
    device: int
    inode: int

    def check(self) -> None:
        """See that the folder is still the one that was made.

        Raises:
            OSError: It was removed, moved or replaced.
        """
        found = self.path.lstat()
        if (found.st_dev, found.st_ino) != (self.device, self.inode):
            raise FileNotFoundError(errno.ENOENT, "the episode's folder was replaced")


def make_home(folder: Path, date: str, episode_id: str) -> Home:
    """Make an episode's folder, 0700, in a recording folder that exists.

    Each folder is synced into the one above: what is written into it later is worth
    nothing on a disk that lost the way there with its power.

    Raises:
        OSError: It cannot be made, exists, or a link stands in the way.
    """
    for above in (folder / EPISODES, folder / EPISODES / date):
        above.mkdir(mode=0o700, exist_ok=True)
        if not stat.S_ISDIR(above.lstat().st_mode):
            raise NotADirectoryError(errno.ENOTDIR, "a link or file stands in the way")
    path = folder / EPISODES / date / episode_id
    path.mkdir(mode=0o700)
    for above in path.parents[:3]:
        sync_folder(above)
    found = path.lstat()
    return Home(path, found.st_dev, found.st_ino)


def find_home(folder: Path, episode_id: str) -> Path:
    """Give an episode's folder.

    Raises:
        EpisodeUnknown: There is none, or the name is no episode's.
    """
    if not is_episode_name(episode_id) or (folder / EPISODES).is_symlink():
        raise EpisodeUnknown
    day = datetime.fromtimestamp(ulid_wall_ns(episode_id) / 1e9, UTC).date().isoformat()
    usual = folder / EPISODES / day
    for date in (usual, *folders_in(folder / EPISODES)):
        path = date / episode_id
        if _is_folder(date) and _is_folder(path) and len(date.name) == DATE_LENGTH:
            return path
    raise EpisodeUnknown


def sweep(home: Path) -> int:
    """Remove what a killed writer left: temporary files, micro-batches that were sealed.

    A change that a kill cut short is finished. One that is being written or changed is left
    alone. Gives how many files went.
    """
    before = set(home.iterdir())
    with suppress(EpisodeBusy, DamagedFile), held(home, wait_s=0.0):
        names = [path.name for path in home.iterdir()]
        in_force = set(map(str, parts_in_force(names)))
        extra = [name for name in names if parse_part(name) and name not in in_force]
        for name in extra:
            (home / name).unlink(missing_ok=True)
        if extra:
            sync_folder(home)
    return len(before - set(home.iterdir()))


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False
