"""Copying into and out of drops, and telling whether a file is there already as it is."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from recorder.files import regular_file
from recorder.sharing.drop_errors import DropHasAnother
from recorder.sharing.drops import CHUNK_BYTES, Drop, Sent, Writable
from recorder.sharing.ustar import Readable


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
