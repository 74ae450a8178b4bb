"""Drops: where bundles are put and receipts are found; a folder, or a store of pyarrow.fs.

A file appears whole or not at all, and none is overwritten with something else. Credentials
come from the environment and go to the store alone: never printed, never kept, never taken
from an address.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, Protocol
from urllib.parse import urlsplit

from recorder.episodes.copies import drop_begun
from recorder.files import read_regular, regular_file, sync_folder, whole_file
from recorder.sharing.drop_errors import (
    DropAddressWrong,
    DropHasAnother,
    DropUnreachable,
    FolderUnreadable,
)  # fmt: skip
from recorder.sharing.ustar import Readable

__all__ = [
    "BEGUN", "CHUNK_BYTES", "Drop", "DropAddressWrong", "DropHasAnother", "DropUnreachable",
    "FolderDrop", "FolderUnreadable", "Missed", "Seen", "Sent", "Writable", "copy", "digest_of",
    "open_drop", "opened", "refuse_another",
]  # fmt: skip

CHUNK_BYTES: Final = 1 << 20
BEGUN: Final = ".tmp"
"""Ends the name of a file that is being written; it is no file of the drop yet."""

Sent = Callable[[int], None]
"""Told of each piece that was sent, in bytes; may take its time, to send slower."""


Missed = Callable[[FolderUnreadable], None]
"""Told of each folder that cannot be looked into; the rest is given all the same."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as a listing shows it. `changed_ns`: 0 where the place does not tell."""

    size_bytes: int
    changed_ns: int


class Writable(Protocol):
    """What bytes are written to, front to back."""

    def write(self, data: bytes, /) -> object: ...  # noqa: D102 - as the class


class Drop(Protocol):
    """A place with files; names have `/` between their parts, see `drop_layout`.

    Everything raises DropUnreachable when the place cannot be used.
    """

    url: str
    """Where it is, without credentials."""

    def names(self, prefix: str, missed: Missed | None = None) -> Iterator[str]:
        """Give the names of the whole files below a folder; none when it is not there.

        Raises:
            FolderUnreadable: At the end, when nobody is told of what was missed.
        """
        ...

    def look(self, name: str) -> Seen | None:
        """Give a file's size and when it changed; None when it is not there."""
        ...

    def size(self, name: str) -> int | None:
        """Give a file's size in bytes; None when it is not there."""
        ...

    def head(self, name: str, most_bytes: int) -> bytes:
        """Give the first bytes of a file, fewer where it is shorter."""
        ...

    def digest(self, name: str) -> str:
        """Give the hex SHA-256 of a file."""
        ...

    def read(self, name: str, most_bytes: int) -> bytes:
        """Give a small file's bytes."""
        ...

    def get_to(self, name: str, path: Path, most_bytes: int) -> None:
        """Copy a file to a path, where it appears whole."""
        ...

    def put(self, name: str, source: Path | bytes, sent: Sent | None = None) -> bool:
        """Put a file there; False when it is there already, with the same size and digest.

        Raises:
            DropHasAnother: Another one is there.
        """
        ...

    def opened(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open a file to read any part of it."""
        ...

    def writing(self, name: str) -> AbstractContextManager[Writable]:
        """Open a file to write it front to back; at the block's end it takes the old one's place."""
        ...

    def remove(self, name: str) -> bool:
        """Take a file away; False when it is not there."""
        ...


def open_drop(address: str | Path) -> Drop:
    """Give the drop at a folder's path, `file://`, `s3://bucket/…` or `gs://bucket/…`.

    Raises:
        DropAddressWrong: It is no such address, or holds credentials.
        DropUnreachable: There is no such folder, or no credentials for the store.
    """
    text = str(address)
    parts = urlsplit(text)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise DropAddressWrong("its address holds more than a place", "write s3://bucket/folder")
    if "://" not in text:
        return FolderDrop(Path(text).expanduser().absolute())
    if parts.scheme == "file" and not parts.netloc:
        return FolderDrop(Path(parts.path))
    from recorder.sharing.store_drop import open_store  # noqa: PLC0415 - only where one is used

    return open_store(parts.scheme, parts.netloc + parts.path.rstrip("/"))


class FolderDrop:
    """A folder, perhaps shared or synchronised; files take the rights of the folder itself."""

    def __init__(self, root: Path) -> None:
        self.url = str(root)
        self._root = root
        with self._telling():
            mode = root.stat().st_mode
            if not stat.S_ISDIR(mode):
                raise NotADirectoryError
        self._mode = stat.S_IMODE(mode) & 0o777

    def names(self, prefix: str, missed: Missed | None = None) -> Iterator[str]:
        """Give the names below a folder; links are not followed."""
        unread: list[OSError] = []
        with self._telling():
            self._root.stat()
            place = self._below(PurePosixPath(prefix).parts)
            for folder, _, files in os.walk(place, onerror=unread.append):
                below = Path(folder).relative_to(self._root)
                yield from (str(below / one) for one in sorted(files) if not one.endswith(BEGUN))
        for cause in unread:
            if isinstance(cause, FileNotFoundError):
                continue  # it went just now, or was never there
            if missed is None:
                raise FolderUnreadable(cause) from cause
            missed(FolderUnreadable(cause))

    def look(self, name: str) -> Seen | None:
        """Give a file's size and time; None when there is none."""
        with self._telling():
            try:
                found = self._path(name).lstat()
            except FileNotFoundError:
                self._root.stat()
                return None
            return Seen(found.st_size, found.st_mtime_ns)

    def size(self, name: str) -> int | None:
        """Give a file's size; None when there is none."""
        found = self.look(name)
        return None if found is None else found.size_bytes

    def head(self, name: str, most_bytes: int) -> bytes:
        """Give the first bytes of a file."""
        with self._telling(), regular_file(self._path(name)) as file:
            return file.read(most_bytes)

    def digest(self, name: str) -> str:
        """Give the hex SHA-256 of a file."""
        with self._telling(), regular_file(self._path(name)) as file:
            return digest_of(file)

    def read(self, name: str, most_bytes: int) -> bytes:
        """Give a small file's bytes."""
        with self._telling():
            return read_regular(self._path(name), most_bytes)

    def get_to(self, name: str, path: Path, most_bytes: int) -> None:
        """Copy a file to a path, where it appears whole."""
        with self._telling(), regular_file(self._path(name)) as source, whole_file(path) as file:
            copy(source, file, most_bytes)

    def put(self, name: str, source: Path | bytes, sent: Sent | None = None) -> bool:
        """Put a file there; False when the same is there already."""
        path = self._path(name)
        with self._telling(), opened(source) as (file, size_bytes):
            if path.is_symlink() or path.exists():
                return refuse_another(self, name, file, size_bytes)
            self._make(path.parent)
            drop_begun(path.parent, path.name)
            with whole_file(path, path.name) as written:
                os.fchmod(written.fileno(), self._mode & 0o666)
                copy(file, written, size_bytes, sent)
        return True

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """Open a file to read any part of it."""
        with self._telling(), regular_file(self._path(name)) as file:
            yield file

    @contextmanager
    def writing(self, name: str) -> Iterator[Writable]:
        """Open a file to write it; it appears whole."""
        path = self._path(name)
        with self._telling():
            self._make(path.parent)
            with whole_file(path, path.name) as file:
                os.fchmod(file.fileno(), self._mode & 0o666)
                yield file

    def remove(self, name: str) -> bool:
        """Take a file away; False when it is not there."""
        path = self._path(name)
        with self._telling():
            drop_begun(path.parent, path.name)
            try:
                path.unlink()
            except FileNotFoundError:
                self._root.stat()
                return False
            sync_folder(path.parent)
        return True

    def _path(self, name: str) -> Path:
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or name.startswith("/"):
            raise ValueError("a name leads out of the drop")
        return self._below(parts[:-1]) / parts[-1]

    def _below(self, parts: Sequence[str]) -> Path:
        """Give a folder of the drop; a link in its place would lead out of it."""
        folder = self._root
        for part in parts:
            folder /= part
            if folder.is_symlink():
                raise DropUnreachable(self.url, "a folder in it is a link", "remove the link")
        return folder

    def _make(self, folder: Path) -> None:
        """Make what is missing below the drop, never the drop: its disk may be away."""
        self._root.stat()
        for one in reversed([folder, *folder.parents]):
            if self._root in one.parents and not one.exists():
                one.mkdir(exist_ok=True)
                one.chmod(self._mode)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as cause:
            why = (cause.strerror or "it is no folder").lower()
            fix = "see that the folder is there, has room and is yours to write; nothing is lost"
            raise DropUnreachable(self.url, why, fix) from cause


@contextmanager
def opened(source: Path | bytes) -> Iterator[tuple[BinaryIO, int]]:
    """Give a source as a file, and its size in bytes."""
    if isinstance(source, bytes):
        yield BytesIO(source), len(source)
        return
    with regular_file(source) as file:
        yield file, os.fstat(file.fileno()).st_size


def copy(source: Readable, into: Writable, most_bytes: int, sent: Sent | None = None) -> None:
    """Copy to the end.

    Raises:
        OSError: There is more than `most_bytes`.
    """
    left = most_bytes
    while data := source.read(CHUNK_BYTES):
        left -= len(data)
        if left < 0:
            raise OSError(0, "it is larger than it may be")
        into.write(data)
        if sent is not None:
            sent(len(data))


def refuse_another(drop: Drop, name: str, file: BinaryIO, size_bytes: int) -> bool:
    """Give False for a file that is there already as it is.

    Raises:
        DropHasAnother: Another one is there.
    """
    if drop.size(name) != size_bytes or drop.digest(name) != digest_of(file):
        raise DropHasAnother(name)
    return False


def digest_of(file: Readable) -> str:
    """Give the hex SHA-256 of what is left of a file."""
    digest = hashlib.sha256()
    while data := file.read(CHUNK_BYTES):
        digest.update(data)
    return digest.hexdigest()
