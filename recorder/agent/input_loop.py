"""Body of the input process: reads the source, stamps nothing, forwards everything."""

import contextlib
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Final

from recorder.core.errors import ExitCode
from recorder.core.events import RawEvent, RawKind
from recorder.core.ports import InputSource
from recorder.core.proofs import LiveGrant
from recorder.core.wire import EVENT_SIZE_BYTES, pack_events

_LOOK_S: Final = 0.05
"""How long the end of the agent goes unseen on an idle desktop."""
MAX_WAITING_BYTES: Final = 8192 * EVENT_SIZE_BYTES
"""What waits for an agent that does not read; about 8 s of a 1 kHz pointer.
Full: new events are refused, counted, and told once there is room."""
_SIGNS_OF_LIFE: Final = frozenset({RawKind.READY, RawKind.ALIVE})


class _Stop(BaseException):
    """SIGTERM came; raised from the handler so that a wait ends at once."""


class PipeClosed(Exception):
    """The agent closed its end."""


class Outlet:
    """Writes events to the agent without ever waiting for it."""

    def __init__(self, pipe: socket.socket) -> None:
        self._pipe = pipe
        self._pipe.setblocking(False)  # noqa: FBT003 - the socket's own signature
        self._waiting = bytearray()
        self._refused = 0

    def put(self, events: Sequence[RawEvent], now_ns: int) -> None:
        """Send the events, or keep them up to the bound, or count them.

        Raises:
            PipeClosed: The agent is gone.
        """
        self._send()
        room = (MAX_WAITING_BYTES - len(self._waiting)) // EVENT_SIZE_BYTES
        if self._refused and room > len(events):
            told = RawEvent(now_ns, RawKind.OVERFLOW, count=self._refused)
            events, self._refused = [told, *events], 0
        self._waiting += pack_events(events[:room])
        self._refused += sum(event.kind not in _SIGNS_OF_LIFE for event in events[room:])
        self._send()

    def _send(self) -> None:
        try:
            self._look()
            while self._waiting:
                del self._waiting[: self._pipe.send(self._waiting)]
        except BlockingIOError:
            return
        except OSError as cause:
            raise PipeClosed from cause

    def _look(self) -> None:
        """See whether the agent is gone; it never says anything here."""
        with contextlib.suppress(BlockingIOError):
            if not self._pipe.recv(1):
                raise PipeClosed


def run_input(source: InputSource, grant: LiveGrant, pipe: socket.socket) -> int:
    """Forward what the source gives until the agent goes or SIGTERM comes; gives 0.

    Args:
        source: Not open yet; it is closed when this returns.
        grant: Revived in this process.
        pipe: Our end of a socket pair; the agent only reads from its own.

    Raises:
        SourceUnavailable: The hook cannot be installed.
        SourceLost: The display went away.
    """
    with _stop_on_sigterm(), contextlib.suppress(_Stop, PipeClosed):
        try:
            _forward(source, grant, Outlet(pipe))
        finally:
            source.close()
    return int(ExitCode.OK)


def _forward(source: InputSource, grant: LiveGrant, outlet: Outlet) -> None:
    source.open(grant)
    while True:
        outlet.put(source.read(_LOOK_S), time.monotonic_ns())


@contextlib.contextmanager
def _stop_on_sigterm() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise _Stop

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
