"""Reading a sealed payload as a stream: checked whole first, then member by member.

A day's payload has hundreds of MB, so it never stands in memory. Nothing is looked at
before the digest of all of it was found to be the one that was approved.
"""

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Final

import pyrage

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import regular_file

_BLOCK: Final = 512
_EVER: Final = 2**62


class PayloadUnusable(RecorderError):
    """What is sealed is not what was approved, or it cannot be opened."""

    def __init__(self, why: str, code: ExitCode = ExitCode.FORMAT) -> None:
        super().__init__(
            f"What was approved cannot be shown: its sealed copy {why}", "approve it again", code
        )


class _Enough(Exception):
    """All that was wanted was read."""


Wants = Callable[[str], bool]
Take = Callable[[str, bytes], bool]
"""Takes a member's name and bytes; tells whether more is wanted."""


def read_checked(path: Path, identity: str, sha256: str, wants: Wants, take: Take) -> None:
    """Give wanted members of a sealed tar whose digest is known; one at a time in memory.

    Args:
        path: The sealed file.
        identity: `AGE-SECRET-KEY-1…` that opens it.
        sha256: Hex digest of the tar that was approved.
        wants: Tells of a member's name whether it is wanted.
        take: Gets each wanted member.

    Raises:
        PayloadUnusable: It is another one, or cannot be opened.
    """
    with _opened(path) as file:
        digest = _Digest()
        _decrypt(file, identity, digest)
        if digest.sha256 != sha256:
            raise PayloadUnusable("is not the one that was signed", ExitCode.HASH)
        file.seek(0)
        _decrypt(file, identity, _Members(wants, take))


def read_members(path: Path, identity: str, wants: Wants, take: Take) -> None:
    """Give wanted members, unchecked: for who knows the digest of each.

    Raises:
        PayloadUnusable: It cannot be opened.
    """
    with _opened(path) as file:
        _decrypt(file, identity, _Members(wants, take))


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    try:
        with regular_file(path) as file:
            yield file
    except OSError as cause:
        raise PayloadUnusable("is missing or cannot be read") from cause


def _decrypt(file: BufferedReader, identity: str, into: "_Digest | _Members") -> None:
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
        pyrage.decrypt_io(file, into, [key])
    except _Enough:
        return
    except (pyrage.DecryptError, pyrage.IdentityError, tarfile.HeaderError) as cause:
        raise PayloadUnusable("cannot be opened") from cause


class _Digest:
    """Takes bytes for their digest alone."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Hex digest of what came."""
        return self._digest.hexdigest()

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing; a writer must have it."""


class _Members:
    """Takes a tar as it is decrypted and holds one wanted member at a time."""

    def __init__(self, wants: Wants, take: Take) -> None:
        self._wants, self._take = wants, take
        self._held: bytearray | None = bytearray()
        self._left = _BLOCK
        self._turn = self._end_of_head
        self._member = tarfile.TarInfo()

    def write(self, data: bytes) -> int:
        """Take some bytes; ends early when nothing more is wanted."""
        view = memoryview(data)
        while view:
            used = min(len(view), self._left)
            if self._held is not None:
                self._held += view[:used]
            self._left -= used
            view = view[used:]
            if not self._left:
                self._turn()
        return len(data)

    def flush(self) -> None:
        """Do nothing; a writer must have it."""

    def _end_of_head(self) -> None:
        head = bytes(self._held or b"")
        if not any(head):
            self._expect(_EVER, self._end_of_head, hold=False)
            return
        self._member = tarfile.TarInfo.frombuf(head, "utf-8", "strict")
        wanted = self._wants(self._member.name)
        self._expect(self._member.size, self._end_of_body, hold=wanted)
        if not self._left:
            self._turn()

    def _end_of_body(self) -> None:
        if self._held is not None and not self._take(self._member.name, bytes(self._held)):
            self._expect(0, self._end, hold=False)
            self._end()
        self._expect(-self._member.size % _BLOCK, self._end_of_padding, hold=False)
        if not self._left:
            self._turn()

    def _end_of_padding(self) -> None:
        self._expect(_BLOCK, self._end_of_head, hold=True)

    def _end(self) -> None:
        """End the reading; again if what decrypts writes once more before it ends."""
        raise _Enough

    def _expect(self, left: int, turn: Callable[[], None], *, hold: bool) -> None:
        self._left, self._turn, self._held = left, turn, bytearray() if hold else None
