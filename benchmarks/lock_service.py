"""A desktop's saver and a login service on a bus of a test or benchmark: they say what it wants."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Final

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

SAVER: Final = ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver")
LOGIN: Final = ("org.freedesktop.login1", "/org/freedesktop/login1/session/auto")
_SESSION: Final = "org.freedesktop.login1.Session"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_END_S: Final = 10.0


class LockService:
    """Owns one name; `lock` and `hang` are called from another thread than its own."""

    def __init__(self, bus: MessageBus, loop: asyncio.AbstractEventLoop) -> None:
        self._bus = bus
        self._loop = loop
        self._is_locked = False
        self._hangs = False
        self.ignored = threading.Event()
        """Set when somebody was not answered."""

    def lock(self, *, is_locked: bool) -> None:
        """Lock or unlock, and say that something changed."""
        self._is_locked = is_locked
        self._signal()

    def hang(self) -> None:
        """Answer nobody any more, but say that something changed."""
        self._hangs = True
        self._is_locked = False
        self._signal()

    def answer(self, message: Message) -> Message | bool | None:
        """Answer a call as the real one would."""
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        if self._hangs:
            self.ignored.set()
            return True
        if message.member == "GetActive":
            return Message.new_method_return(message, "b", [self._is_locked])
        if message.member == "Get" and message.body == [_SESSION, "LockedHint"]:
            return Message.new_method_return(message, "v", [Variant("b", self._is_locked)])
        return None

    def _signal(self) -> None:
        for signal in (
            Message.new_signal(SAVER[1], SAVER[0], "ActiveChanged", "b", [self._is_locked]),
            Message.new_signal(
                LOGIN[1], _PROPERTIES, "PropertiesChanged", "sa{sv}as",
                [_SESSION, {"LockedHint": Variant("b", self._is_locked)}, []],
            ),
        ):  # fmt: skip
            self._loop.call_soon_threadsafe(self._bus.send, signal)


@contextmanager
def lock_service(address: str, name: str) -> Iterator[LockService]:
    """Give a service that owns a name on a bus; it is gone after the block."""
    loop = asyncio.new_event_loop()
    started: Future[LockService] = Future()
    stop = asyncio.Event()

    async def serve() -> None:
        bus = await MessageBus(bus_address=address).connect()
        service = LockService(bus, loop)
        bus.add_message_handler(service.answer)
        await bus.request_name(name)
        started.set_result(service)
        await stop.wait()
        bus.disconnect()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="saver")
    thread.start()
    try:
        yield started.result(_END_S)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(_END_S)
        loop.close()
