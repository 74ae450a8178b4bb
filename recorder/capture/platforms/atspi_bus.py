"""Reaches the accessibility bus and asks it for the events that matter."""

from typing import TYPE_CHECKING, Final

from recorder.capture.platforms.atspi_calls import REGISTRY, Calls
from recorder.capture.platforms.bus_calls import PROPERTIES, Unanswered, session_bus

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

_EVENTS: Final = (
    "object:state-changed:focused", "focus:", "document:load-complete", "document:reload",
    "object:children-changed",
)  # fmt: skip
_RULES: Final = tuple(
    f"type='signal',interface='org.a11y.atspi.Event.{rest}"
    for rest in (
        "Object',member='StateChanged',arg0='focused'",
        "Object',member='ChildrenChanged'",
        "Focus'",
        "Document'",
    )
)
_REGISTRY_PATH: Final = "/org/a11y/atspi/registry"


class BusMissing(Exception):
    """There is no bus to ask; its text is the word of `core.degraded` for it."""


async def connect() -> "MessageBus":
    """Switch accessibility on and connect to its bus.

    Raises:
        BusMissing: There is no session bus, or no accessibility bus behind it.
    """
    from dbus_fast import DBusError, Variant  # noqa: PLC0415
    from dbus_fast.aio import MessageBus  # noqa: PLC0415

    session = await session_bus()
    if session is None:
        raise BusMissing("no_session_bus")
    try:
        calls, ref = Calls(session), ("org.a11y.Bus", "/org/a11y/bus")
        (address,) = await calls.call(ref, "org.a11y.Bus.GetAddress")
        status = ("org.a11y.Status", "IsEnabled", Variant("b", True))  # noqa: FBT003
        await calls.call(ref, f"{PROPERTIES}.Set", "ssv", *status)
        return await MessageBus(bus_address=str(address)).connect()
    except (Unanswered, DBusError, OSError, EOFError, ValueError, RuntimeError) as cause:
        raise BusMissing("no_accessibility_bus") from cause
    finally:
        session.disconnect()


async def subscribe(calls: Calls) -> None:
    """Ask the bus to pass the events on, and applications to send them.

    Raises:
        Unanswered: The bus does not answer.
    """
    for rule in _RULES:
        await calls.bus_call("AddMatch", "s", rule)
    for event in _EVENTS:
        await calls.call((REGISTRY, _REGISTRY_PATH), f"{REGISTRY}.RegisterEvent", "s", event)
