"""Which folder a command works on, and whether it is fit to hold recordings."""

import os
import stat
from pathlib import Path

from recorder.core.errors import ExitCode, RecorderError
from recorder.places import Places, places

_LONGEST = 4096


class NoFolder(RecorderError):
    """No folder was chosen, or the chosen one is not there."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "recorder init, or name one with --folder", ExitCode.NO_FOLDER)


class FolderUnfit(RecorderError):
    """The folder is not the person's alone, or cannot be written."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message, fix, ExitCode.UNWRITABLE)


def chosen_folder(flag: Path | None, where: Places | None = None) -> Path:
    """Give the absolute path of the folder: the flag's, else the one chosen by `init`.

    Raises:
        NoFolder: None was chosen, or what was chosen is not there.
    """
    where = where or places()
    found = flag.expanduser() if flag is not None else _pointed(where)
    if not found.is_absolute():
        found = Path.cwd() / found
    if not os.path.lexists(found):
        raise NoFolder(f"There is no folder at {found}")
    return found


def check_folder(folder: Path) -> Path:
    """See that the folder belongs to this user alone and can be written; give it back.

    Raises:
        NoFolder: It is not there, or no folder.
        FolderUnfit: A link, somebody else's, open to others, or read-only.
    """
    try:
        found = folder.lstat()
    except OSError as cause:
        raise NoFolder(f"There is no folder at {folder}") from cause
    if stat.S_ISLNK(found.st_mode):
        raise FolderUnfit(f"{folder} is a link", f"name the folder itself: {folder.resolve()}")
    if not stat.S_ISDIR(found.st_mode):
        raise NoFolder(f"{folder} is no folder")
    if found.st_uid != os.geteuid():
        raise FolderUnfit(f"{folder} belongs to somebody else", "choose a folder of your own")
    if found.st_mode & 0o077:
        raise FolderUnfit(f"{folder} can be opened by others", f"chmod 700 {folder}")
    if not os.access(folder, os.W_OK | os.X_OK) or os.statvfs(folder).f_flag & os.ST_RDONLY:
        raise FolderUnfit(f"{folder} cannot be written", f"chmod u+rwx {folder}, or choose another")
    return folder


def _pointed(where: Places) -> Path:
    try:
        with where.folder_pointer.open("rb") as file:
            text = os.fsdecode(file.read(_LONGEST).strip())
    except OSError as cause:
        raise NoFolder("No folder for recordings has been chosen") from cause
    if not text or "\0" in text:
        raise NoFolder("No folder for recordings has been chosen")
    return Path(text)
