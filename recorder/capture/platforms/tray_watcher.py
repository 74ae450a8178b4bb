"""Registers the tray item and knows whether a panel has it: what the watcher itself says.

A watcher that goes, a host that unregisters or an item that is dropped is known at once, by
their signals; besides, all of it is asked again every few seconds.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from recorder.capture.platforms.bus_calls import BUS, BUS_PATH, BusCalls, Unanswered, either

if TYPE_CHECKING:
    from dbus_fast import Message

WATCHER: Final = "org.kde.StatusNotifierWatcher"
WATCHER_REF: Final = (WATCHER, "/StatusNotifierWatcher")
NO_TRAY: Final = "the desktop has no tray (nobody owns org.kde.StatusNotifierWatcher)"
NO_ANSWER: Final = "the desktop's tray does not answer"
NO_HOST: Final = "no panel shows the desktop's tray"
NOT_LISTED: Final = "the desktop's tray did not take the recorder's item"
_RULES: Final = (
    f"type='signal',sender='{WATCHER}',interface='{WATCHER}'",
    f"type='signal',sender='{BUS}',path='{BUS_PATH}',member='NameOwnerChanged',arg0='{WATCHER}'",
)
_CALM_S: Final = 5.0
_DOUBT_S: Final = 1.0
_MOST_QUICK: Final = 10
"""So many doubts in a row are looked into each second; a tray that starts needs a few."""
_SETTLE_S: Final = 0.05
"""Signals come in bursts; one question serves a burst."""


class Watching:
    """One connection's watch over the watcher.

    Args:
        calls: On the connection that the item answers on.
        own_name: The connection's unique name, under which the item is registered.
        on_doubt: Called with what is wrong, "" when all is confirmed; `NO_TRAY` and
            `NO_HOST` mean that no panel shows the item any more.
    """

    def __init__(self, calls: BusCalls, own_name: str, on_doubt: Callable[[str], None]) -> None:
        self._calls = calls
        self._own_name = own_name
        self._tell = on_doubt
        self._owner = ""
        self._is_registered = False
        self._wake = asyncio.Event()

    @property
    def has_tray(self) -> bool:
        """Whether somebody owns the watcher's name, as far as is known."""
        return bool(self._owner)

    async def keep(self) -> None:
        """Register and confirm, again and again; ends by being cancelled only.

        Raises:
            Unanswered: The bus itself does not answer.
        """
        for rule in _RULES:
            await self._calls.bus_call("AddMatch", "s", rule)
        doubts = 0
        while True:
            self._wake.clear()
            doubt = await self._ask()
            if not self._wake.is_set():
                self._tell(doubt)
            await asyncio.sleep(_SETTLE_S)
            doubts = doubts + 1 if doubt and self._owner else 0
            is_quick = 0 < doubts <= _MOST_QUICK
            await either(self._wake.wait(), asyncio.sleep(_DOUBT_S if is_quick else _CALM_S))

    def hear(self, message: "Message") -> None:
        """Take news of the watcher; what is lost is told before this returns."""
        if message.sender == BUS and message.member == "NameOwnerChanged":
            if message.signature == "sss" and message.body[0] == WATCHER:
                self._owner_changed(message.body[2])
        elif self._owner and message.sender == self._owner and message.interface == WATCHER:
            self._news(message)

    def _owner_changed(self, owner: str) -> None:
        self._owner, self._is_registered = owner, False
        self._tell(NO_TRAY)
        self._wake.set()

    def _news(self, message: "Message") -> None:
        match message.member:
            case "StatusNotifierHostUnregistered":
                self._tell(NO_HOST)
            case "StatusNotifierItemUnregistered" if self._names_own(message.body):
                self._is_registered = False
                self._tell(NOT_LISTED)
            case "StatusNotifierItemRegistered" if self._names_own(message.body):
                pass
            case "StatusNotifierHostRegistered":
                pass
            case _:
                return
        self._wake.set()

    async def _ask(self) -> str:
        """Give what is in the way of being shown, "" for nothing."""
        owner = await self._calls.owner_of(WATCHER)
        if owner != self._owner:
            self._owner, self._is_registered = owner, False
        if not owner:
            return NO_TRAY
        try:
            return await self._confirm()
        except Unanswered:
            return NO_ANSWER

    async def _confirm(self) -> str:
        if not self._is_registered:
            register = f"{WATCHER}.RegisterStatusNotifierItem"
            await self._calls.call(WATCHER_REF, register, "s", self._own_name)
            self._is_registered = True
        if not await has_host(self._calls):
            return NO_HOST
        items = await self._calls.property(WATCHER_REF, WATCHER, "RegisteredStatusNotifierItems")
        self._is_registered = isinstance(items, list) and self._names_own(items)
        return "" if self._is_registered else NOT_LISTED

    def _names_own(self, items: list[object]) -> bool:
        return any(isinstance(item, str) and is_item_of(self._own_name, item) for item in items)


async def has_host(calls: BusCalls) -> bool:
    """Tell whether the watcher says that something shows its items.

    Raises:
        Unanswered: It does not answer.
    """
    told = await calls.property(WATCHER_REF, WATCHER, "IsStatusNotifierHostRegistered")
    return told is True


def is_item_of(connection: str, item: str) -> bool:
    """Tell whether a watcher's word for an item means a connection's.

    It is ":1.7", ":1.7/StatusNotifierItem" or, with GNOME, ":1.7@/StatusNotifierItem".
    """
    rest = item.removeprefix(connection)
    return item.startswith(connection) and rest[:1] in {"", "/", "@"}
