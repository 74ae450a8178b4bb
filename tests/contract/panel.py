"""A panel of one test, in a process of its own: watcher and host of tray items, on dbus-fast.

It speaks as the specification says and no better than it is told to.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.unpack import unpack_variants

from tests.contract.bus_peer import RemotePeer, Said, run_peer

WATCHER: Final = "org.kde.StatusNotifierWatcher"
PATH: Final = "/StatusNotifierWatcher"
ITEM: Final = "org.kde.StatusNotifierItem"
ITEM_PATH: Final = "/StatusNotifierItem"
MENU: Final = "com.canonical.dbusmenu"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"


def remote_panel(environment: Mapping[str, str]) -> RemotePeer:
    """Start it."""
    return RemotePeer(Path(__file__), environment)


class Panel:
    """Watcher and host on one connection, as in most desktops."""

    def __init__(self, bus: MessageBus) -> None:
        self.bus = bus
        self.tasks: set[asyncio.Task[None]] = set()
        self.forget()

    async def begin(self) -> None:
        """Ask for the news of items."""
        rule = f"type='signal',interface='{ITEM}'"
        bus = "org.freedesktop.DBus"
        await self.call(bus, "/org/freedesktop/DBus", f"{bus}.AddMatch", "s", rule)

    def forget(self) -> None:
        """Be as a new panel."""
        self.items: list[str] = []
        self.has_host = True
        self.lists_items = True
        self.looks_at_icons = True
        self.icons: list[Said] = []

    def hear(self, message: Message) -> Message | bool:
        """Answer calls to the watcher; look at an item again when it says that it changed."""
        if message.message_type is MessageType.SIGNAL and message.interface == ITEM:
            self.look(str(message.sender))
            return False
        if message.message_type is not MessageType.METHOD_CALL or message.path != PATH:
            return False
        if message.member == "RegisterStatusNotifierItem":
            self.register(message.body[0])
            return Message.new_method_return(message)
        if message.member == "Get":
            return Message.new_method_return(message, "v", [self.property(message.body[1])])
        return False

    def property(self, name: str) -> Variant:
        """Give a property of the watcher."""
        if name == "IsStatusNotifierHostRegistered":
            return Variant("b", self.has_host)
        return Variant("as", [f"{item}{ITEM_PATH}" for item in self.items])

    def register(self, item: str) -> None:
        """Take an item and tell of it."""
        if self.lists_items:
            self.items.append(item)
            self.signal("StatusNotifierItemRegistered", "s", f"{item}{ITEM_PATH}")
            self.look(item)

    def look(self, item: str) -> None:
        """Look at an item's icon later, as a host does."""
        if self.looks_at_icons:
            task = asyncio.get_running_loop().create_task(self._look(item))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _look(self, item: str) -> None:
        reply = await self.call(item, ITEM_PATH, f"{PROPERTIES}.GetAll", "s", ITEM)
        if item in self.items:
            self.icons.append(_without_pixels(reply[0]))

    async def call(
        self, item: str, path: str, method: str, signature: str, *body: object
    ) -> list[Any]:
        """Call an item's method; gives the plain values of its answer."""
        interface, _, member = method.rpartition(".")
        reply = await self.bus.call(
            Message(
                destination=item,
                path=path,
                interface=interface,
                member=member,
                signature=signature,
                body=list(body),
            )
        )
        assert reply is not None
        if reply.message_type is MessageType.ERROR:
            return [f"error {reply.error_name}"]
        return list(unpack_variants(reply.body))

    def signal(self, member: str, signature: str = "", *body: str) -> None:
        """Tell everybody."""
        self.bus.send(Message.new_signal(PATH, WATCHER, member, signature, list(body)))

    async def obey(self, told: Said) -> object:
        """Carry out one line of the test."""
        item = self.items[-1] if self.items else ""
        match told["do"]:
            case "forget":
                await self.bus.release_name(WATCHER)
                self.forget()
            case "own":
                await self.bus.request_name(WATCHER)
            case "host":
                self.has_host = told["is_there"]
                news = (
                    "StatusNotifierHostRegistered"
                    if self.has_host
                    else ("StatusNotifierHostUnregistered")
                )
                self.signal(news)
                if self.has_host:
                    self.look(item)
            case "drop":
                self.items.remove(item)
                self.signal("StatusNotifierItemUnregistered", "s", f"{item}{ITEM_PATH}")
            case "behave":
                await asyncio.gather(*self.tasks)
                vars(self).update(told["how"])
            case "host_name":
                await self.bus.request_name("org.kde.StatusNotifierHost-1")
            case "flood":
                for _ in range(told["count"]):
                    self.bus.send(Message(item, ITEM_PATH, ITEM, "Scroll"))
            case _:
                return await self.ask(told, item)
        return None

    async def ask(self, told: Said, item: str) -> object:
        """Ask something of an item, or tell what is known of it."""
        match told["do"]:
            case "item":
                return item
            case "seen":
                return self.icons[-1] if self.icons else {}
            case "click":
                event = (told["row"], "clicked", Variant("i", 0), 0)
                return await self.call(item, "/MenuBar", f"{MENU}.Event", "isvu", *event)
        is_menu = told["method"].startswith(MENU)
        path = "/MenuBar" if is_menu else ITEM_PATH
        return await self.call(item, path, told["method"], told["signature"], *told["body"])


def _without_pixels(properties: Said) -> Said:
    icons = properties.pop("IconPixmap")
    properties.pop("AttentionIconPixmap")
    sizes = [[width, height, len(pixels)] for width, height, pixels in icons]
    return {**properties, "sizes": sizes, "pixels": hash(bytes(icons[0][2]))}


if __name__ == "__main__":
    asyncio.run(run_peer(Panel))
