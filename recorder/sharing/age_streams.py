"""Reading what is sealed with age as a stream, so that it never stands whole in memory."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

import pyrage

from recorder.core.errors import ExitCode, RecorderError
from recorder.sharing.ustar import Readable

_PIPE_BYTES: Final = 1 << 18
"""Handed over at once; four of age's chunks."""


class NotSealedToYou(RecorderError):
    """The key does not open it, or it was damaged."""

    def __init__(self) -> None:
        super().__init__(
            "That cannot be opened with this key, or it is damaged",
            "compare it with a backup",
            ExitCode.HASH,
        )


class Unsealed:
    """The plain bytes of something sealed, in order.

    age checks each chunk of 64 kB before it is given, so every byte is one that was sealed;
    a cut or damaged end is an error of `read`.
    """

    def __init__(self, pipe: BinaryIO, failed: Callable[[], bool]) -> None:
        self._pipe = pipe
        self._failed = failed

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, as many as asked for unless the end comes first.

        Raises:
            NotSealedToYou: It ended too early, or the key does not open it.
        """
        found = self._pipe.read(size)
        if (size < 0 or len(found) < size) and self._failed():
            raise NotSealedToYou
        return found


@contextmanager
def unsealing(sealed: Readable, identity: str) -> Iterator[Unsealed]:
    """Give the plain bytes while the block lasts; age runs in a thread that ends with it.

    Args:
        sealed: An age file, read from where it stands to its end.
        identity: `AGE-SECRET-KEY-1…`.
    """
    key = pyrage.x25519.Identity.from_str(identity.strip())
    reading, writing = os.pipe()
    failures: list[Exception] = []

    def decrypt() -> None:
        try:
            with os.fdopen(writing, "wb", buffering=_PIPE_BYTES) as plain:
                pyrage.decrypt_io(sealed, plain, [key])
        except (pyrage.DecryptError, OSError) as error:
            failures.append(error)

    thread = threading.Thread(target=decrypt, name="unsealing")
    with os.fdopen(reading, "rb", buffering=_PIPE_BYTES) as pipe:
        thread.start()

        def failed() -> bool:
            thread.join()
            return bool(failures)

        try:
            yield Unsealed(pipe, failed)
        finally:
            pipe.close()
            thread.join()
