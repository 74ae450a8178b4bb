"""Notifications beside a real server's process on a session bus of its own, and dunst."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest

from recorder.capture.platforms.bus_calls import BusCalls, Unanswered, session_bus
from recorder.capture.platforms.notifications import NAME, Notifications
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.core.notifications import Notification
from tests.contract.bus_peer import RemotePeer
from tests.contract.notification_server import remote_server

pytestmark = pytest.mark.usefixtures("on_the_bus")
T = TypeVar("T")
DEADLINE_S = 45.0
PLACE = (NAME, "/org/freedesktop/Notifications")
LOCKED = Notification("paused lock", "Recording is paused", "The screen is locked.")
FULL = Notification("paused disk", "Recording is paused", "Less than 1 GB <b>& no more</b>\n.")


class Clock:
    """Moved by the test."""

    def __init__(self) -> None:
        self.now_ns = 5 * 10**9

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture(scope="module")
def started(bus: dict[str, str]) -> Iterator[RemotePeer]:
    found = remote_server(bus)
    yield found
    found.close()


@pytest.fixture
def server(started: RemotePeer) -> RemotePeer:
    started.do("begin")
    return started


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notifications(clock: Clock) -> Iterator[Notifications]:
    made = Notifications(clock)
    yield made
    made.close()
    made.close()


def until(probe: Callable[[], bool]) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not probe():
        assert time.monotonic() < end_s
        time.sleep(0.01)


def test_what_is_told_last_is_sent_before_the_end(
    server: RemotePeer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.capture.platforms.notifications._LAST_S", DEADLINE_S)
    made = Notifications(clock)
    until(lambda: made.tell(LOCKED))
    made.close()
    assert made.shown == 1


def test_a_server_takes_it_and_says_so(server: RemotePeer, notifications: Notifications) -> None:
    until(lambda: notifications.tell(LOCKED))
    until(lambda: notifications.shown == 1)
    (taken,) = server.do("show")
    assert (taken["app"], taken["summary"], taken["body"]) == (
        "Recorder", "Recording is paused", "The screen is locked.",
    )  # fmt: skip
    assert (taken["replaces"], taken["actions"], taken["hints"]["urgency"]) == (0, [], 1)
    assert notifications.server == "test server 1.0"


def test_the_same_kind_comes_once_a_minute_and_replaces_itself(
    server: RemotePeer, notifications: Notifications, clock: Clock
) -> None:
    until(lambda: notifications.tell(LOCKED))
    assert not notifications.tell(LOCKED)
    assert notifications.tell(FULL)
    clock.now_ns += 59 * 10**9
    assert not notifications.tell(LOCKED)
    clock.now_ns += 10**9
    assert notifications.tell(LOCKED)
    until(lambda: notifications.shown == 3)
    assert [taken["replaces"] for taken in server.do("show")] == [0, 0, 1]


def test_what_no_longer_holds_is_taken_away(
    server: RemotePeer, notifications: Notifications
) -> None:
    until(lambda: notifications.tell(LOCKED))
    assert notifications.tell(FULL)
    notifications.take_away("never told")
    notifications.take_away(FULL.kind)
    until(lambda: server.do("closed") == [2])
    assert notifications.shown == 2


def test_the_body_is_escaped_where_the_server_reads_markup(
    server: RemotePeer, notifications: Notifications, clock: Clock
) -> None:
    until(lambda: notifications.tell(FULL))
    until(lambda: notifications.shown == 1)
    server.do("features", are=["body"])
    clock.now_ns += 60 * 10**9
    assert notifications.tell(FULL)
    until(lambda: notifications.shown == 2)
    assert [taken["body"] for taken in server.do("show")] == [
        "Less than 1 GB &lt;b&gt;&amp; no more&lt;/b&gt; .",
        "Less than 1 GB <b>& no more</b> .",
    ]


def test_another_server_gets_no_number_of_the_one_before(
    server: RemotePeer, notifications: Notifications, clock: Clock, bus: dict[str, str]
) -> None:
    until(lambda: notifications.tell(LOCKED))
    until(lambda: notifications.shown == 1)
    server.do("leave")
    follower = remote_server(bus)
    follower.do("show")
    clock.now_ns += 60 * 10**9
    assert notifications.tell(LOCKED)
    until(lambda: notifications.shown == 2)
    assert [taken["replaces"] for taken in follower.do("show")] == [0]
    follower.close()


def test_without_a_server_nothing_is_claimed_to_be_shown(
    server: RemotePeer, notifications: Notifications
) -> None:
    until(lambda: notifications.tell(FULL))
    until(lambda: bool(notifications.server))
    server.do("leave")
    assert notifications.tell(LOCKED)
    until(lambda: not notifications.server)
    assert notifications.shown == 1


def test_dunst_shows_the_same_kind_in_one_place(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    address = desktop.environment["DBUS_SESSION_BUS_ADDRESS"]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with pytest.raises(Unanswered):  # the virtual desktop itself starts none
        asyncio.run(ask(lambda calls: calls.call(PLACE, f"{NAME}.GetServerInformation")))
    dunst = desktop.run("dunst", "-config", "/dev/null")
    until(lambda: bool(asyncio.run(owner())))
    told = Notifications(clock)
    until(lambda: told.tell(LOCKED))
    until(lambda: told.shown == 1)
    clock.now_ns += 60 * 10**9
    assert told.tell(LOCKED)
    until(lambda: told.shown == 2)
    assert told.server.startswith("dunst ")
    until(lambda: asyncio.run(shown_by_dunst()) == 1)
    told.take_away(LOCKED.kind)
    until(lambda: asyncio.run(shown_by_dunst()) == 0)
    told.close()
    desktop.end(dunst)


async def owner() -> str:
    """Give who answers notifications now; asking for the server would start one."""
    return await ask(lambda calls: calls.owner_of(NAME))


async def shown_by_dunst() -> object:
    return await ask(
        lambda calls: calls.property(PLACE, "org.dunstproject.cmd0", "displayedLength")
    )


async def ask(question: Callable[[BusCalls], Awaitable[T]]) -> T:
    connection = await session_bus()
    assert connection is not None
    try:
        return await question(BusCalls(connection))
    finally:
        connection.disconnect()
        await connection.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast leaves it untyped


def test_without_a_bus_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    alone = Notifications()
    assert not alone.tell(LOCKED)
    alone.close()
    assert not alone.tell(LOCKED)
