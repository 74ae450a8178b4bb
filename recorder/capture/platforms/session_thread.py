"""A thread with an event loop that keeps one connection to the session bus.

A bus that is missing, hangs or goes away is tried again every five seconds; nobody waits.
A bus on which somebody floods us is left for as long. A bug on the thread ends it, with its
traceback.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, Protocol

from recorder.capture.platforms.bus_calls import Unanswered, either, ended, session_bus

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

_RETRY_S: Final = 5.0
_SOON_S: Final = 0.5
"""After a connection that had lasted: a burst that overran it is over by then."""
_MOST_MESSAGES: Final = 2000
"""Within a second; a panel that draws everything anew asks some dozens. Who sends more has the
thread's whole time, so the bus is left for `_RETRY_S`."""
_JOIN_S: Final = 2.0


class Part(Protocol):
    """What lives on the connection; both are called on the thread."""

    async def serve(self, bus: "MessageBus") -> None:
        """Work until the connection is lost, then be cancelled.

        Raises:
            Unanswered: The bus does not answer; it is left and tried again.
        """

    def lost(self) -> None:
        """Take note that there is no connection."""


class SessionThread:
    """Runs a part; started and closed by its owner, posted to from any thread."""

    def __init__(self, name: str, part: Part) -> None:
        self._part = part
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._bug: BaseException | None = None
        self._heard = 0
        self._counted_s = 0.0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """End the connection and the thread, within 2 s; may be called twice."""
        self.post(self._stop.set)
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)
        elif not self._loop.is_closed():
            self._loop.close()

    def post(self, function: Callable[..., None], *arguments: object) -> None:
        """Call a function on the thread; nothing when it has ended."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *arguments)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(self._take_bug)
        try:
            self._loop.run_until_complete(self._keep_connected())
        finally:
            self._part.lost()
            self._loop.close()
        if self._bug is not None:
            raise self._bug

    def _take_bug(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take what a posted call raised; broken connections are met elsewhere."""
        error = context.get("exception")
        if error is not None and not isinstance(error, OSError | EOFError):
            self._bug = error
            self._stop.set()

    async def _keep_connected(self) -> None:
        while not self._stop.is_set():
            begun_s = self._loop.time()
            bus = await self._connect()
            if bus is not None:
                await self._live(bus)
            self._part.lost()
            is_flooded = self._heard > _MOST_MESSAGES
            had_lasted = self._loop.time() - begun_s > _RETRY_S and not is_flooded
            await either(self._stop.wait(), asyncio.sleep(_SOON_S if had_lasted else _RETRY_S))

    async def _connect(self) -> "MessageBus | None":
        """Connect; None without a bus, or when the thread is to end meanwhile."""
        connecting = asyncio.ensure_future(session_bus())
        await either(ended(connecting), self._stop.wait())
        if not connecting.done():
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
            return None
        return connecting.result()

    async def _live(self, bus: "MessageBus") -> None:
        """Run the part until it, the connection or the thread is to end; a bug goes up."""
        disconnected: Coroutine[Any, Any, None] = bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast leaves it untyped
        gone = asyncio.ensure_future(disconnected)
        bus.add_message_handler(lambda _message: self._count(bus))
        serving = asyncio.ensure_future(self._part.serve(bus))
        try:
            await either(ended(serving), ended(gone), self._stop.wait())
        finally:
            serving.cancel()
            bus.disconnect()
            await asyncio.gather(serving, gone, return_exceptions=True)
        with contextlib.suppress(asyncio.CancelledError, Unanswered):
            serving.result()

    def _count(self, bus: "MessageBus") -> bool:
        """Count a message, and leave a bus on which too many come; none of them is its own."""
        now_s = self._loop.time()
        if now_s - self._counted_s >= 1:
            self._heard, self._counted_s = 0, now_s
        self._heard += 1
        if self._heard > _MOST_MESSAGES:
            bus.disconnect()
        return self._heard > _MOST_MESSAGES
