"""Body of the input process: reads the source, stamps nothing, forwards everything."""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Final

from recorder.core.errors import ExitCode
from recorder.core.events import RawEvent, RawKind
from recorder.core.ports import InputSource
from recorder.core.proofs import LiveGrant
from recorder.core.wire import EVENT_SIZE_BYTES, pack_events

_LOOK_S: Final = 0.5
"""How long the end of the agent goes unseen where the kernel cannot signal it."""
MAX_WAITING_BYTES: Final = 8192 * EVENT_SIZE_BYTES
"""What waits for an agent that does not read; about 8 s of a 1 kHz pointer.
Full: new events are refused, counted, and told once there is room."""
_Handler = Callable[[int, FrameType | None], None]
_SIGNS_OF_LIFE: Final = frozenset({RawKind.READY, RawKind.ALIVE})


class _Stop(BaseException):
    """SIGTERM, or the agent's end; raised from the handler so that a wait ends at once."""


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

    def is_over(self) -> bool:
        """Tell whether the agent closed its end."""
        try:
            self._look()
        except (PipeClosed, OSError):
            return True
        return False

    def signal_end(self, *, on: bool = True) -> None:
        """Have the kernel send SIGIO when the agent closes its end (fcntl(2), O_ASYNC)."""
        if sys.platform == "win32":
            return
        import fcntl  # noqa: PLC0415 - Windows has none

        descriptor = self._pipe.fileno()
        fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
        flags = flags | os.O_ASYNC if on else flags & ~os.O_ASYNC
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags)

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
    outlet = Outlet(pipe)
    with contextlib.suppress(_Stop, PipeClosed), _stop_on_signals(outlet):
        try:
            _forward(source, grant, outlet)
        finally:
            source.close()
    return int(ExitCode.OK)


def _forward(source: InputSource, grant: LiveGrant, outlet: Outlet) -> None:
    source.open(grant)
    while True:
        outlet.put(source.read(_LOOK_S), time.monotonic_ns())


@contextlib.contextmanager
def _stop_on_signals(outlet: Outlet) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in handlers:
            signal.signal(number, signal.SIG_IGN)
        raise _Stop

    def look(number: int, frame: FrameType | None) -> None:
        if outlet.is_over():
            stop(number, frame)

    handlers: dict[int, _Handler] = {signal.SIGTERM: stop}
    if hasattr(signal, "SIGIO"):
        handlers[signal.SIGIO] = look
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        outlet.signal_end()
        yield
    finally:
        outlet.signal_end(on=False)
        for number, handler in before.items():
            signal.signal(number, handler)
