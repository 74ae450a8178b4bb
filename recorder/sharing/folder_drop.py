"""A drop that is a folder: files appear by renaming, links are not followed."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from recorder.episodes.copies import drop_begun
from recorder.files import read_regular, regular_file, sync_folder, whole_file
from recorder.sharing.drop_copying import copy, digest_of, opened, refuse_another
from recorder.sharing.drop_errors import DropUnreachable, FolderUnreadable
from recorder.sharing.drops import BEGUN, Missed, Seen, Sent, Writable


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
