"""Whether the screen is locked, as the desktop and the login service tell over D-Bus.

Without a bus, or with nobody on it who tells, it tells nothing; nothing raises.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from recorder.core.ports import Presence

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

_CONNECT_S: Final = 3.0
_CALL_S: Final = 2.0
_AGAIN_S: Final = 30.0
"""It is asked so often without any news; a saver that starts later is found by that."""
_RETRY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Question:
    """A call whose answer is whether the screen is locked."""

    destination: str
    path: str
    interface: str
    member: str
    body: tuple[str, ...] = ()

    @property
    def message(self) -> "Message":
        """The call; it starts nobody."""
        from dbus_fast import Message, MessageFlag  # noqa: PLC0415

        return Message(
            destination=self.destination, path=self.path, interface=self.interface,
            member=self.member, signature="s" * len(self.body), body=list(self.body),
            flags=MessageFlag.NO_AUTOSTART,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    """A bus, what is asked there, and the signals after which it is asked again."""

    is_system: bool
    questions: tuple[_Question, ...]
    rules: tuple[str, ...]


def _saver(desktop: str) -> _Question:
    name = f"org.{desktop}.ScreenSaver"
    return _Question(name, f"/org/{desktop}/ScreenSaver", name, "GetActive")


_SAVERS: Final = tuple(
    _saver(desktop) for desktop in ("freedesktop", "gnome", "mate", "cinnamon", "xfce")
)
_SESSION: Final = _Place(
    is_system=False,
    questions=_SAVERS,
    rules=tuple(
        f"type='signal',interface='{saver.interface}',member='ActiveChanged'" for saver in _SAVERS
    ),
)
_LOGIN: Final = "org.freedesktop.login1"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_CHANGED: Final = (
    f"type='signal',sender='{_LOGIN}',interface='{_PROPERTIES}',"
    f"member='PropertiesChanged',arg0='{_LOGIN}.Session'"
)
_SYSTEM: Final = _Place(
    is_system=True,
    questions=(
        _Question(
            _LOGIN, "/org/freedesktop/login1/session/auto", _PROPERTIES, "Get",
            (f"{_LOGIN}.Session", "LockedHint"),
        ),
    ),
    rules=(_CHANGED,),
)  # fmt: skip
"""org.freedesktop.login1(5): `auto` is the caller's session, else the user's graphical one."""


class LockBuses:
    """`core.ports.PresenceSource` over the session and the system bus."""

    name: Final = "bus"

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._is_closing = threading.Event()
        self._locks: dict[_Question, bool] = {}

    def run(self, tell: Callable[[Presence], None]) -> None:
        """Tell at news, and every half minute, until `close`."""
        self._loop = loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self._serve(tell))
        finally:
            loop.close()

    def close(self) -> None:
        """Let `run` end."""
        self._is_closing.set()
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._stop.set)

    async def _serve(self, tell: Callable[[Presence], None]) -> None:
        if self._is_closing.is_set():
            return
        work = asyncio.gather(*(self._follow(place, tell) for place in (_SESSION, _SYSTEM)))
        stop = asyncio.ensure_future(self._stop.wait())
        both: list[asyncio.Future[Any]] = [work, stop]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work

    async def _follow(self, place: _Place, tell: Callable[[Presence], None]) -> None:
        """Stay on one bus; while it is gone, what it told last stands."""
        while True:
            bus = await _connected(place)
            if bus is not None:
                disconnected: Coroutine[Any, Any, None] = bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast leaves it untyped
                gone = asyncio.ensure_future(disconnected)
                try:
                    async for _ in _news(bus, place, gone):
                        await self._ask(bus, place, tell)
                finally:
                    bus.disconnect()
                    await asyncio.gather(gone, return_exceptions=True)
            await asyncio.sleep(_RETRY_S)

    async def _ask(
        self, bus: "MessageBus", place: _Place, tell: Callable[[Presence], None]
    ) -> None:
        """Ask everybody and tell; who does not answer in time is believed as before."""
        for question in place.questions:
            reply = await _answer(bus, question.message)
            if reply is not None and _is_answer(reply):
                self._locks[question] = _truth(reply.body[0])
            elif reply is not None:
                self._locks.pop(question, None)
        tell(Presence(is_locked=any(self._locks.values()) if self._locks else None))


async def _connected(place: _Place) -> "MessageBus | None":
    from dbus_fast import BusType, DBusError  # noqa: PLC0415
    from dbus_fast.aio import MessageBus  # noqa: PLC0415

    kind = BusType.SYSTEM if place.is_system else BusType.SESSION
    try:
        return await asyncio.wait_for(MessageBus(bus_type=kind).connect(), _CONNECT_S)
    except (DBusError, OSError, EOFError, ValueError, RuntimeError):
        return None


async def _news(
    bus: "MessageBus", place: _Place, gone: "asyncio.Future[None]"
) -> AsyncIterator[None]:
    """Give a turn at once, at each signal and every half minute, until the bus is gone."""
    news = asyncio.Event()
    bus.add_message_handler(lambda message: _note(message, news))
    for rule in place.rules:
        await _answer(bus, _match(rule))
    while not gone.done():
        news.clear()
        yield
        heard = asyncio.ensure_future(news.wait())
        both: list[asyncio.Future[Any]] = [heard, gone]
        try:
            await asyncio.wait(both, timeout=_AGAIN_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            heard.cancel()


async def _answer(bus: "MessageBus", message: "Message") -> "Message | None":
    """Give the reply, None when there is none in time."""
    try:
        return await asyncio.wait_for(bus.call(message), _CALL_S)
    except (OSError, EOFError):
        return None


def _match(rule: str) -> "Message":
    bus = "org.freedesktop.DBus"
    return _Question(bus, "/org/freedesktop/DBus", bus, "AddMatch", (rule,)).message


def _note(message: "Message", news: asyncio.Event) -> None:
    """Take a signal for news; what it says is asked of who owns the name."""
    from dbus_fast import MessageType  # noqa: PLC0415

    if message.message_type is MessageType.SIGNAL:
        news.set()


def _is_answer(reply: "Message") -> bool:
    from dbus_fast import MessageType  # noqa: PLC0415

    return reply.message_type is MessageType.METHOD_RETURN and bool(reply.body)


def _truth(value: Any) -> bool:  # noqa: ANN401 - D-Bus values
    """Give a boolean, or one that a property wraps."""
    return getattr(value, "value", value) is True
