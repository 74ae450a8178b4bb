"""Whether the desktop has a tray that would show an item; unlike a recording it shows none."""

import asyncio

from recorder.capture.platforms.bus_calls import BusCalls, Unanswered, session_bus
from recorder.capture.platforms.tray import NO_BUS
from recorder.capture.platforms.tray_watcher import (
    NO_ANSWER,
    NO_HOST,
    NO_TRAY,
    WATCHER,
    has_host,
)


def why_no_tray() -> str:
    """Give what is in the way, in words; "" when a panel shows items. Waits 5 s at most."""
    return asyncio.run(_look())


async def _look() -> str:
    bus = await session_bus()
    if bus is None:
        return NO_BUS
    calls = BusCalls(bus)
    try:
        if not await calls.owner_of(WATCHER):
            return NO_TRAY
        return "" if await has_host(calls) else NO_HOST
    except Unanswered:
        return NO_ANSWER
    finally:
        bus.disconnect()
        gone = asyncio.ensure_future(bus.wait_for_disconnect())  # type: ignore[no-untyped-call]  # dbus-fast leaves it untyped
        await asyncio.gather(gone, return_exceptions=True)
