"""Who tells whether somebody is at the desk: the real display and real buses."""

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from Xlib import X

from benchmarks.lock_service import LOGIN, SAVER, lock_service
from recorder.capture.platforms.lock_buses import LockBuses
from recorder.capture.platforms.x11_clients import Hooks, hooks_by_pid
from recorder.capture.platforms.x11_connection import connect, parse_display
from recorder.capture.platforms.x11_presence import X11Presence
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.core.ports import Presence, PresenceSource
from tests.contract.x_server import Server

END_S = 45.0


class Heard:
    """What a source tells, as it comes."""

    def __init__(self) -> None:
        self._told: queue.Queue[tuple[float, Presence]] = queue.Queue()

    def tell(self, presence: Presence) -> None:
        self._told.put((time.monotonic(), presence))

    def clear(self) -> None:
        """Forget what was told, and the one that may be under way."""
        while not self._told.empty():
            self._told.get()
        self._told.get(timeout=END_S)

    def until(self, what: Callable[[Presence], bool], after_s: float = 0) -> Presence:
        deadline = time.monotonic() + END_S
        while True:
            at_s, told = self._told.get(timeout=max(deadline - time.monotonic(), 0.01))
            if at_s >= after_s and what(told):
                return told


def _is(is_locked: bool, told: Presence) -> bool:  # noqa: FBT001 - what it is about
    return told.is_locked is is_locked


@contextmanager
def running(source: PresenceSource) -> Iterator[Heard]:
    heard = Heard()
    thread = threading.Thread(target=source.run, args=(heard.tell,), name=source.name)
    thread.start()
    try:
        yield heard
    finally:
        source.close()
        source.close()
        thread.join(END_S)
        assert not thread.is_alive()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("recorder.capture.platforms.x11_presence._EACH_S", 0.05)
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        monkeypatch.setenv(name, f"unix:path={tmp_path}/none")


@pytest.fixture
def address(desktop: VirtualDesktop) -> str:
    return desktop.environment["DBUS_SESSION_BUS_ADDRESS"]


def test_idle_time_grows_and_falls_with_the_first_move(desktop: VirtualDesktop) -> None:
    with running(X11Presence(desktop.display, sees_locks=True)) as heard:
        desktop.hands.move(300, 300)
        told = heard.until(lambda p: (p.idle_ms or 0) >= 300)
        assert (told.is_locked, told.degraded) == (False, ())
        desktop.hands.move(301, 301)
        assert heard.until(lambda p: p.idle_ms is not None and p.idle_ms < 300)


def test_it_holds_no_hook(server: Server) -> None:
    with running(X11Presence(server.display, sees_locks=True)) as heard:
        heard.until(lambda p: p.idle_ms is not None)
        assert set(hooks_by_pid(server.display).values()) == {Hooks()}


def test_a_locker_s_window_is_told_and_a_menu_is_none(server: Server) -> None:
    with running(X11Presence(server.display, sees_locks=True)) as heard:
        heard.until(lambda p: p.is_locked is False)
        for name, is_locked in (("dmenu", False), ("i3lock", True), ("dmenu", False)):
            with cover(server.display, name):
                heard.clear()
                told = [heard.until(lambda _p: True).is_locked for _ in range(3)]
                assert told == [is_locked] * 3, name
        assert heard.until(lambda p: p.is_locked is False)


@contextmanager
def cover(display: str, name: str) -> Iterator[None]:
    """Cover the screen with a window past the window manager, as lockers and menus do."""
    connection = connect(parse_display(display))
    root = connection.screen().root
    window = root.create_window(0, 0, 800, 600, 0, X.CopyFromParent, override_redirect=True)
    window.set_wm_class(name, name)
    window.map()
    connection.sync()
    try:
        yield
    finally:
        window.destroy()
        connection.sync()
        connection.close()


def test_a_saver_of_the_server_counts_as_a_lock(server: Server, hands: Any) -> None:  # noqa: ANN401 - python-xlib has no types
    with running(X11Presence(server.display, sees_locks=True)) as heard:
        heard.until(lambda p: p.is_locked is False)
        hands.force_screen_saver(X.ScreenSaverActive)
        hands.sync()
        assert heard.until(lambda p: p.is_locked is True)


def test_without_the_extension_it_says_so_and_claims_nothing() -> None:
    server = Server("-extension", "MIT-SCREEN-SAVER")
    try:
        with running(X11Presence(server.display, sees_locks=True)) as heard:
            assert heard.until(lambda _p: True) == Presence(
                None, is_locked=False, degraded=("no_idle_time",)
            )
    finally:
        server.close()


def test_a_display_that_goes_away_tells_nothing(server: Server) -> None:
    with running(X11Presence(server.display, sees_locks=True)) as heard:
        heard.until(lambda p: p.idle_ms is not None)
        server.close()
        assert heard.until(lambda p: p.idle_ms is None) == Presence()


def test_the_desktop_s_saver_is_heard_at_once(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with lock_service(address, SAVER[0]) as service, running(LockBuses()) as heard:
        assert heard.until(lambda p: p.is_locked is False)
        for is_locked in (True, False):
            service.lock(is_locked=is_locked)
            assert heard.until(partial(_is, is_locked))


def test_the_login_service_is_heard_at_once(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    with lock_service(address, LOGIN[0]) as service, running(LockBuses()) as heard:
        assert heard.until(lambda p: p.is_locked is False)
        service.lock(is_locked=True)
        assert heard.until(lambda p: p.is_locked is True)


def test_who_falls_silent_while_locked_stays_locked(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setattr("recorder.capture.platforms.lock_buses._Calls.timeout_s", 0.5)
    with lock_service(address, SAVER[0]) as service, running(LockBuses()) as heard:
        service.lock(is_locked=True)
        heard.until(lambda p: p.is_locked is True)
        service.hang()
        assert service.ignored.wait(END_S)
        assert heard.until(lambda _p: True, time.monotonic()).is_locked is True


def test_one_that_hangs_holds_up_no_news_of_another(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setattr("recorder.capture.platforms.lock_buses._Calls.timeout_s", 10 * END_S)
    with lock_service(address, "org.freedesktop.ScreenSaver") as silent:
        silent.hang()
        with lock_service(address, SAVER[0]) as service, running(LockBuses()) as heard:
            assert silent.ignored.wait(END_S)
            heard.until(lambda p: p.is_locked is False)
            service.lock(is_locked=True)
            heard.until(lambda p: p.is_locked is True)


def test_a_bus_where_nobody_tells_claims_nothing(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with running(LockBuses()) as heard:
        assert heard.until(lambda _p: True) == Presence()


def test_a_bus_that_never_answers_does_not_hold_the_end_up(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={root}/bus")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{root}/bus")
        listener.listen(1)
        with running(LockBuses()):
            caller, _ = listener.accept()
            caller.recv(1)
        caller.close()
