"""Whether the screen is locked, as the desktop and the login service tell over D-Bus.

Without a bus, or with nobody on it who tells, it tells nothing; nothing raises.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.bus_calls import (
    PROPERTIES,
    BusCalls,
    Ref,
    Silent,
    Unanswered,
    connected,
    either,
    ended,
)
from recorder.core.ports import Presence

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

_AGAIN_S: Final = 30.0
"""It is asked so often without any news; a saver that starts later is found by that."""
_RETRY_S: Final = 5.0
_APART_S: Final = 0.1
"""The first signal is looked into at once; those of a flood together."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A call whose answer is whether the screen is locked."""

    ref: Ref
    method: str
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A bus, what is asked there, and the signals after which it is asked again."""

    is_system: bool
    questions: tuple[_Question, ...]
    rules: tuple[str, ...]


def _saver(desktop: str) -> _Question:
    name = f"org.{desktop}.ScreenSaver"
    return _Question((name, f"/org/{desktop}/ScreenSaver"), f"{name}.GetActive")


_SAVERS: Final = tuple(
    _saver(desktop) for desktop in ("freedesktop", "gnome", "mate", "cinnamon", "xfce")
)
_SESSION: Final = _Place(
    is_system=False,
    questions=_SAVERS,
    rules=tuple(
        f"type='signal',interface='{saver.ref[0]}',member='ActiveChanged'" for saver in _SAVERS
    ),
)
_LOGIN: Final = "org.freedesktop.login1"
_CHANGED: Final = (
    f"type='signal',sender='{_LOGIN}',interface='{PROPERTIES}',"
    f"member='PropertiesChanged',arg0='{_LOGIN}.Session'"
)
_SYSTEM: Final = _Place(
    is_system=True,
    questions=(
        _Question(
            (_LOGIN, "/org/freedesktop/login1/session/auto"), f"{PROPERTIES}.Get",
            (f"{_LOGIN}.Session", "LockedHint"),
        ),
    ),
    rules=(_CHANGED,),
)  # fmt: skip
"""org.freedesktop.login1(5): `auto` is the caller's session, else the user's graphical one."""


class _Calls(BusCalls):
    """Who tells of locks is asked, and never started for it."""

    timeout_s = 2.0
    starts = False


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
        following = [asyncio.ensure_future(self._follow(p, tell)) for p in (_SESSION, _SYSTEM)]
        await either(self._stop.wait(), *(ended(one) for one in following))
        for one in following:
            one.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        for one in following:
            with contextlib.suppress(asyncio.CancelledError):
                one.result()

    async def _follow(self, place: _Place, tell: Callable[[Presence], None]) -> None:
        """Stay on one bus; while it is gone, what it told last stands."""
        while True:
            bus = await connected(is_system=place.is_system)
            if bus is not None:
                disconnected: Coroutine[Any, Any, None] = bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast leaves it untyped
                gone = asyncio.ensure_future(disconnected)
                try:
                    await self._stay(bus, gone, place, tell)
                finally:
                    bus.disconnect()
                    await asyncio.gather(gone, return_exceptions=True)
            await asyncio.sleep(_RETRY_S)

    async def _stay(
        self, bus: "MessageBus", gone: "asyncio.Future[None]", place: _Place,
        tell: Callable[[Presence], None],
    ) -> None:  # fmt: skip
        """Ask at once, at each signal and every half minute, until the bus is gone."""
        calls, news = _Calls(bus), [asyncio.Event() for _ in place.questions]
        bus.add_message_handler(lambda message: _note(message, news))
        for rule in place.rules:
            with contextlib.suppress(Unanswered):
                await calls.bus_call("AddMatch", "s", rule)
        asking = [
            asyncio.ensure_future(self._keep_asking(calls, question, one, tell))
            for question, one in zip(place.questions, news, strict=True)
        ]
        try:
            await either(ended(gone), *(ended(one) for one in asking))
        finally:
            for one in asking:
                one.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        for one in asking:
            with contextlib.suppress(asyncio.CancelledError):
                one.result()

    async def _keep_asking(
        self, calls: BusCalls, question: _Question, news: asyncio.Event,
        tell: Callable[[Presence], None],
    ) -> None:  # fmt: skip
        """Ask one of them, alone: who hangs or floods holds up no news of another."""
        while True:
            news.clear()
            await self._ask(calls, question)
            tell(Presence(is_locked=any(self._locks.values()) if self._locks else None))
            await asyncio.sleep(_APART_S)
            await either(news.wait(), asyncio.sleep(_AGAIN_S))

    async def _ask(self, calls: BusCalls, question: _Question) -> None:
        """Ask; who gives no answer is believed as before."""
        body = question.body
        try:
            told = await calls.call(question.ref, question.method, "s" * len(body), *body)
        except Silent:
            return
        except Unanswered:
            told = []
        if told:
            self._locks[question] = _truth(told[0])
        else:
            self._locks.pop(question, None)


def _note(message: "Message", news: Sequence[asyncio.Event]) -> None:
    """Take a signal for news; what it says is asked of who owns the name."""
    from dbus_fast import MessageType  # noqa: PLC0415

    if message.message_type is MessageType.SIGNAL:
        for one in news:
            one.set()


def _truth(value: Any) -> bool:  # noqa: ANN401 - D-Bus values
    """Give a boolean, or one that a property wraps."""
    return getattr(value, "value", value) is True
