"""A notification server of one test, in a process of its own, on dbus-fast."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.unpack import unpack_variants

from tests.contract.bus_peer import RemotePeer, Said, run_peer

NAME: Final = "org.freedesktop.Notifications"
_PARTS: Final = ("app", "replaces", "icon", "summary", "body", "actions", "hints", "expires")


def remote_server(environment: Mapping[str, str]) -> RemotePeer:
    """Start it."""
    return RemotePeer(Path(__file__), environment)


class Server:
    """Takes notifications and shows them to the test."""

    def __init__(self, bus: MessageBus) -> None:
        self.bus = bus
        self.features: list[str] = []
        self.taken: list[Said] = []
        self.closed: list[int] = []

    async def begin(self) -> None:
        """Be as a new server."""
        self.features = ["body", "body-markup"]
        self.taken, self.closed = [], []
        await self.bus.request_name(NAME)

    def hear(self, message: Message) -> Message | bool:
        """Answer as the specification says."""
        if message.message_type is not MessageType.METHOD_CALL or message.interface != NAME:
            return False
        return Message.new_method_return(message, *self._answer(message))

    def _answer(self, message: Message) -> tuple[str, list[Any]]:
        if message.member == "GetServerInformation":
            return "ssss", ["test server", "the tests", "1.0", "1.2"]
        if message.member == "GetCapabilities":
            return "as", [self.features]
        if message.member == "CloseNotification":
            self.closed += message.body
            return "", []
        told = dict(zip(_PARTS, unpack_variants(message.body), strict=True))
        self.taken.append(told)
        return "u", [told["replaces"] or len(self.taken)]

    async def obey(self, told: Said) -> object:
        """Carry out one line of the test."""
        if told["do"] == "begin":
            await self.begin()
        if told["do"] == "features":
            self.features = told["are"]
        if told["do"] == "leave":
            await self.bus.release_name(NAME)
        return self.closed if told["do"] == "closed" else self.taken


if __name__ == "__main__":
    asyncio.run(run_peer(Server))
