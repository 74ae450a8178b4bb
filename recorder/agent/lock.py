"""One agent per user: a file lock that the kernel takes back when its holder dies."""

import fcntl
import os
import stat
from pathlib import Path
from typing import Self

from recorder.core.errors import ExitCode, RecorderError


class AlreadyRunning(RecorderError):
    """Another agent of this user holds the lock."""

    def __init__(self) -> None:
        super().__init__(
            "The recorder is already running",
            "recorder status, or recorder stop first",
            ExitCode.ALREADY_RUNNING,
        )


class FolderHeld(RecorderError):
    """Another recorder writes to the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Another recorder uses {folder}",
            "recorder stop there, or choose another folder with --folder",
            ExitCode.FOLDER_HELD,
        )


class FolderNotPrivate(RecorderError):
    """A folder of the agent belongs to somebody else or is open to others."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is not a folder of yours alone",
            f"chmod 700 {path}, or move it away when it is not yours",
            ExitCode.NOT_PERMITTED,
        )


class AgentLock:
    """Holds the lock from `take` to the end of its block."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> Self:
        """Take the lock and write our process id into its file.

        Raises:
            AlreadyRunning: A living process holds it.
            FolderNotPrivate: Its folder is not ours alone.
        """
        own_folder(path.parent)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            descriptor = os.open(path, flags, 0o600)
        except OSError as cause:
            raise FolderNotPrivate(path.parent) from cause
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            os.close(descriptor)
            raise AlreadyRunning from cause
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        return cls(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


def hold_folder(folder: Path) -> AgentLock:
    """Hold a recordings' folder while an agent writes to it.

    Raises:
        FolderHeld: Another agent does.
        FolderNotPrivate: It is not ours alone.
    """
    try:
        return AgentLock.take(folder / "recording.lock")
    except AlreadyRunning as cause:
        raise FolderHeld(folder) from cause


def own_folder(path: Path) -> Path:
    """Make the folder as 0700 where it is missing, and see that it is ours alone.

    Raises:
        FolderNotPrivate: Somebody else's, open to others, a link, or impossible to make.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
    except OSError as cause:
        raise FolderNotPrivate(path) from cause
    is_private = found.st_uid == os.getuid() and not found.st_mode & 0o077
    if not (stat.S_ISDIR(found.st_mode) and is_private):
        raise FolderNotPrivate(path)
    return path
