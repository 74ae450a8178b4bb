"""Whether the accessibility bus answers; unlike a recording this switches nothing on."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.atspi_calls import REGISTRY, ROOT_PATH, Calls
from recorder.capture.platforms.bus_calls import BUS, BUS_PATH, Ref, Unanswered
from recorder.core.ports import BusState

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

_NAME: Final = "org.a11y.Bus"
_TRIES: Final = 8
"""Of a call that has 0.15 s to be answered: a busy computer may need a second."""


def bus_state() -> BusState:
    """Give the state of the accessibility bus; waits as long as a bus says nothing."""
    return asyncio.run(_look())


async def _look() -> BusState:
    from dbus_fast import BusType  # noqa: PLC0415 - importing this module needs no bus
    from dbus_fast.aio import MessageBus  # noqa: PLC0415
    from dbus_fast.errors import AuthTimeoutError, DBusFastError  # noqa: PLC0415

    try:
        session = await MessageBus(bus_type=BusType.SESSION).connect()
    except AuthTimeoutError:
        return BusState.SILENT
    except (DBusFastError, OSError, EOFError):
        return BusState.NO_SESSION_BUS
    try:
        return await _behind(session)
    except (Unanswered, DBusFastError, OSError, EOFError):
        return BusState.SILENT
    finally:
        session.disconnect()


async def _behind(session: "MessageBus") -> BusState:
    """Look from the session bus on; its launcher is asked only where it runs already."""
    from dbus_fast.aio import MessageBus  # noqa: PLC0415

    calls, dbus = Calls(session), (BUS, BUS_PATH)
    if not (await _asked(calls, dbus, f"{BUS}.NameHasOwner", "s", _NAME))[0]:
        (names,) = await _asked(calls, dbus, f"{BUS}.ListActivatableNames")
        return BusState.NOT_STARTED if _NAME in names else BusState.NOT_INSTALLED
    (address,) = await _asked(calls, (_NAME, "/org/a11y/bus"), f"{_NAME}.GetAddress")
    bus = await MessageBus(bus_address=str(address)).connect()
    try:
        root = (REGISTRY, ROOT_PATH)
        await _asked(Calls(bus), root, "org.a11y.atspi.Accessible.GetChildren")
    finally:
        bus.disconnect()
    return BusState.ANSWERS


async def _asked(calls: Calls, ref: Ref, method: str, *more: str) -> list[Any]:
    """Call until it is answered.

    Raises:
        Unanswered: It was not, however often.
    """
    for _ in range(_TRIES - 1):
        try:
            return await calls.call(ref, method, *more)
        except Unanswered:
            continue
    return await calls.call(ref, method, *more)
