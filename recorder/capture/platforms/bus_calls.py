"""Calls over D-Bus, each with a deadline, and the session bus to make them on."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

Ref = tuple[str, str]
"""An object on the bus: name and path."""

BUS: Final = "org.freedesktop.DBus"
BUS_PATH: Final = "/org/freedesktop/DBus"
PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_CONNECT_S: Final = 2.0


class Unanswered(Exception):
    """An object did not answer in time, or is gone."""


class Silent(Unanswered):
    """No answer came, not even an error: it may be there and busy, or the connection is lost."""


class BusCalls:
    """Calls on one connected bus."""

    timeout_s: ClassVar[float] = 1.0
    """How long a call waits: the peer may be a panel that is busy drawing."""
    starts: ClassVar[bool] = True
    """Whether a call may start the service that it names."""

    def __init__(self, bus: "MessageBus") -> None:
        self._bus = bus

    async def call(self, ref: Ref, method: str, signature: str = "", *body: Any) -> list[Any]:  # noqa: ANN401 - D-Bus values
        """Call `interface.Member` and give the reply's body.

        Raises:
            Silent: Time-out or lost connection.
            Unanswered: An error.
        """
        from dbus_fast import Message, MessageFlag, MessageType  # noqa: PLC0415

        interface, _, member = method.rpartition(".")
        message = Message(
            destination=ref[0], path=ref[1], interface=interface, member=member,
            signature=signature, body=list(body),
            flags=MessageFlag.NONE if self.starts else MessageFlag.NO_AUTOSTART,
        )  # fmt: skip
        try:
            async with asyncio.timeout(self.timeout_s):
                reply = await self._bus.call(message)
        except (TimeoutError, OSError, EOFError, asyncio.IncompleteReadError) as cause:
            self._forget(message)
            raise Silent(member) from cause
        if reply is None or reply.message_type is not MessageType.METHOD_RETURN:
            raise Unanswered(member)
        return list(reply.body)

    def _forget(self, message: "Message") -> None:
        """Wait no more: dbus-fast keeps who waits for an answer until one comes (5.0.22)."""
        self._bus._method_return_handlers.pop(message.serial, None)  # noqa: SLF001 - as said

    async def bus_call(self, member: str, signature: str = "", *body: Any) -> list[Any]:  # noqa: ANN401 - as above
        """Call the bus itself."""
        return await self.call((BUS, BUS_PATH), f"{BUS}.{member}", signature, *body)

    async def property(self, ref: Ref, interface: str, name: str) -> object:
        """Give the value of an object's property.

        Raises:
            Unanswered: As for `call`, and where the answer is no property's value.
        """
        from dbus_fast import Variant  # noqa: PLC0415

        body = await self.call(ref, f"{PROPERTIES}.Get", "ss", interface, name)
        if len(body) != 1 or not isinstance(body[0], Variant):
            raise Unanswered(name)
        return body[0].value

    async def owner_of(self, name: str) -> str:
        """Give the unique name of the connection that owns a name; "" when nobody does.

        Raises:
            Unanswered: The bus itself does not answer.
        """
        try:
            return str((await self.bus_call("GetNameOwner", "s", name))[0])
        except Unanswered:
            await self.bus_call("NameHasOwner", "s", name)
            return ""


async def session_bus() -> "MessageBus | None":
    """Connect to the session bus; None when there is none that answers within 2 s."""
    return await connected(is_system=False)


async def connected(*, is_system: bool) -> "MessageBus | None":
    """Connect to the system's bus or the session's; None when it does not answer within 2 s."""
    from dbus_fast import BusType, DBusError  # noqa: PLC0415
    from dbus_fast.aio import MessageBus  # noqa: PLC0415

    try:
        bus = MessageBus(bus_type=BusType.SYSTEM if is_system else BusType.SESSION)
        return await asyncio.wait_for(bus.connect(), _CONNECT_S)
    except (DBusError, LookupError, OSError, EOFError, TypeError, ValueError, RuntimeError):
        return None


async def either(*waits: Coroutine[Any, Any, Any]) -> None:
    """Wait until the first of several is done; end the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def ended(task: "asyncio.Future[Any]") -> None:
    """Wait until a task has ended, however; ending the wait leaves the task alone."""
    await asyncio.wait([task])
