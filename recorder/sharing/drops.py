"""Drops: where bundles are put and receipts are found; a folder, or a store of pyarrow.fs.

A file appears whole or not at all, and none is overwritten with something else. Credentials
come from the environment and go to the store alone: never printed, never kept, never taken
from an address.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from urllib.parse import urlsplit

from recorder.sharing.drop_errors import DropAddressWrong, FolderUnreadable

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


def names_store(path: Path) -> bool:
    """Tell whether a path is the address of a store, given where only a folder will do."""
    return path.parts[:1] in {("s3:",), ("gs:",)}


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
    from recorder.sharing.folder_drop import FolderDrop  # noqa: PLC0415 - it is one of these

    if "://" not in text:
        return FolderDrop(Path(text).expanduser().absolute())
    if parts.scheme == "file" and not parts.netloc:
        return FolderDrop(Path(parts.path))
    from recorder.sharing.store_drop import open_store  # noqa: PLC0415 - it loads pyarrow.fs

    return open_store(parts.scheme, parts.netloc + parts.path.rstrip("/"))
