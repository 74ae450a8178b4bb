"""Files that appear whole or not at all, readable by their owner only."""

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final

_LOCK_STEP_S: Final = 0.02


def lock_within(descriptor: int, wait_s: float) -> None:
    """Lock an open file or folder for one program at a time, until it is closed.

    Raises:
        BlockingIOError: Another one held it for longer than `wait_s`.
    """
    import fcntl  # noqa: PLC0415 - Windows has none, and reading needs none

    until_s = time.monotonic() + wait_s
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until_s:
                raise
        time.sleep(_LOCK_STEP_S)


def write_whole(path: Path, data: bytes, begun: str = "") -> None:
    """Write a file so that it appears whole, as `whole_file` does.

    Raises:
        OSError: Nothing changed at `path`, which it names; the temporary file is gone.
    """
    with whole_file(path, begun) as file:
        file.write(data)


@contextmanager
def whole_file(path: Path, begun: str = "") -> Iterator[BinaryIO]:
    """Open a file that appears whole: killed at any instant, it is old or new.

    `begun`: What the temporary file's name begins with, to find what a kill left.

    A random-named temporary file in the same folder (O_EXCL, O_NOFOLLOW, 0600), fsync,
    rename, fsync of the folder. A symbolic link at `path` is replaced, not followed.

    Raises:
        OSError: Nothing changed at `path`; the temporary file is gone.
    """
    temporary = path.parent / f"{begun}.{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        descriptor = os.open(temporary, flags, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):  # nothing was made, or cannot be taken away there
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in {None, str(temporary)}:
            error.filename = str(path)
        raise
    sync_folder(path.parent)


@contextmanager
def regular_file(path: Path, *, follow: bool = False) -> Iterator[BufferedReader]:
    """Open a regular file for reading; a pipe or device is refused and never waited for.

    `follow`: Take a symbolic link too, for files that others may have put there.

    Raises:
        OSError: It is missing, a link, or no regular file.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        yield file


def read_regular(path: Path, limit_bytes: int, *, follow: bool = False) -> bytes:
    """Give a small regular file's bytes; `follow` as in `regular_file`.

    Raises:
        OSError: As there, or it is larger than the limit.
    """
    with regular_file(path, follow=follow) as file:
        data = file.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise OSError(errno.EFBIG, "too large")
    return data


def sync_folder(folder: Path) -> None:
    """Make renames and removals in the folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def private_folder(path: Path) -> Path:
    """Make the folder, and those above it that are missing, as 0700; give it back.

    They outlive a loss of power, unless the one above may be written but not read.
    """
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
            with suppress(PermissionError):
                sync_folder(folder.parent)
    return path
