"""Calls on a real bus: who does not answer leaves nothing behind."""

import asyncio

import pytest

from benchmarks.lock_service import SAVER, lock_service
from recorder.capture.platforms.bus_calls import BusCalls, Silent, session_bus


def test_a_call_that_nobody_answers_is_not_waited_for_any_more(
    bus: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = bus["DBUS_SESSION_BUS_ADDRESS"]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setattr(BusCalls, "timeout_s", 0.01)

    async def ask() -> int:
        connected = await session_bus()
        assert connected is not None
        for _ in range(3):
            with pytest.raises(Silent):
                await BusCalls(connected).call(SAVER, f"{SAVER[0]}.GetActive")
        connected.disconnect()
        return len(connected._method_return_handlers)

    with lock_service(address, SAVER[0]) as service:
        service.hang()
        assert asyncio.run(ask()) == 0
