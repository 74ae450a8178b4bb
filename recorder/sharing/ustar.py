"""Tar members in the one form that is taken: a name, a size, and nothing else.

POSIX 1003.1-1988 ustar, mode 0600, no owner, no time, no type but a regular file. A header
is read by writing it anew and comparing, so that links, devices, paths, long names and every
other way of saying the same are refused without being looked at.
"""

import tarfile
from typing import Final, Protocol

BLOCK: Final = 512
END: Final = bytes(2 * BLOCK)
"""Behind the last member; nothing follows it."""
MOST_BYTES: Final = 8**11 - 1
"""Eleven octal digits: the largest size that a header holds."""
_SIZE: Final = slice(124, 135)
_OCTAL: Final = frozenset(b"01234567")


class Readable(Protocol):
    """What bytes are read from, front to back."""

    def read(self, size: int, /) -> bytes: ...  # noqa: D102 - as the class


def header(name: str, size_bytes: int) -> bytes:
    """Give the header of a member; 512 bytes. `size_bytes`: at most `MOST_BYTES`."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size_bytes, 0o600
    return info.tobuf(tarfile.USTAR_FORMAT)


def size_told(block: bytes, name: str) -> int | None:
    """Give the size that a header tells; None unless it is exactly a header of that name."""
    digits = block[_SIZE]
    if len(block) != BLOCK or not _OCTAL.issuperset(digits):
        return None
    size_bytes = int(digits, 8)
    return size_bytes if block == header(name, size_bytes) else None


def padding(size_bytes: int) -> int:
    """Give how many zero bytes follow a member's data."""
    return -size_bytes % BLOCK


def taken(size_bytes: int) -> int:
    """Give the bytes that a member takes with header and padding."""
    return BLOCK + size_bytes + padding(size_bytes)
