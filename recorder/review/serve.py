"""The server: 127.0.0.1 only, a free port, one for each user, ends with Ctrl-C."""

import asyncio
import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import uvicorn

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import private_folder, read_regular
from recorder.review.guard import App

_MOST_BYTES: Final = 4096
_MOST_HEAD_BYTES: Final = 16_384


class ReviewOpen(RecorderError):
    """Another review page of this user is open.

    Attributes:
        where: Its address, "" where that is not known.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        told = f" at {where}" if where else ""
        super().__init__(
            f"The review page is open already{told}",
            "use that window, or end it with Ctrl-C in the terminal where it was started",
            ExitCode.ALREADY_RUNNING,
        )


@contextmanager
def only_one(state: Path) -> Iterator[Callable[[str], None]]:
    """Hold the lock of the review page; gives what notes where the page is.

    Raises:
        ReviewOpen: Another process holds it; says where its page is.
    """
    path = private_folder(state) / "review.lock"
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as cause:
        os.close(descriptor)
        raise ReviewOpen(_where(path)) from cause
    try:
        yield lambda where: _note(descriptor, where)
    finally:
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
        os.close(descriptor)


def _note(descriptor: int, where: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, where.encode(), 0)


def _where(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return read_regular(path, _MOST_BYTES).decode("ascii")
    return ""


def listen() -> socket.socket:
    """Give a socket on a free port of 127.0.0.1."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.bind(("127.0.0.1", 0))
    return found


class Server(uvicorn.Server):
    """uvicorn without its logs, headers, sockets and reloads; says when it answers.

    Args:
        app: The application.
        ready: Called once it answers.
        is_over: Asked ten times a second whether it is to end by itself.
    """

    def __init__(
        self, app: App, ready: Callable[[], None], is_over: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                http="h11",
                loop="asyncio",
                ws="none",
                lifespan="on",
                proxy_headers=False,
                timeout_graceful_shutdown=2,
                limit_concurrency=64,
                h11_max_incomplete_event_size=_MOST_HEAD_BYTES,
            )
        )
        self._ready = ready
        self._is_over = is_over

    async def on_tick(self, counter: int) -> bool:
        """Tell whether it is to end."""
        return await super().on_tick(counter) or self._is_over()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, then answering.

        A connection that is accepted while its listener closes would stay open: asyncio refuses
        to serve it and forgets its socket.
        """
        loop = asyncio.get_running_loop()
        for listening in (found for server in self.servers for found in server.sockets):
            loop.remove_reader(listening.fileno())
        for _turn in range(2):  # what was accepted gets its transport, then its protocol
            await asyncio.sleep(0)
        await super().shutdown(sockets)


def serve(server: Server, listening: socket.socket) -> None:
    """Answer until Ctrl-C, a signal or its own end; then the keys are gone."""
    with suppress(KeyboardInterrupt):
        server.run([listening])
