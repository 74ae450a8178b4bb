"""The tray item beside a real panel's process on a session bus of its own."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recorder.capture.platforms import bus_calls, session_thread, tray, tray_watcher
from recorder.capture.platforms.bus_calls import BusCalls
from recorder.capture.platforms.tray import Tray, TrayMissing, open_tray
from recorder.capture.platforms.tray_probe import why_no_tray
from recorder.core.faces import Face
from tests.contract.bus_peer import RemotePeer
from tests.contract.panel import ITEM, MENU, PROPERTIES, remote_panel
from tests.contract.session_bus import session_bus

pytestmark = pytest.mark.usefixtures("on_the_bus")
DEADLINE_S = 45.0
RECORDING = Face("recording", app="firefox", elapsed_s=130, can_review=True)
PAUSED = Face("paused", "the screen is locked", can_resume=True)


@pytest.fixture(scope="module")
def started(bus: dict[str, str]) -> Iterator[RemotePeer]:
    found = remote_panel(bus)
    yield found
    found.close()


@pytest.fixture
def panel(started: RemotePeer) -> RemotePeer:
    started.do("forget")
    return started


class Choices(list[str]):
    """What was chosen, and a way to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._more = threading.Condition()

    def take(self, choice: str) -> None:
        with self._more:
            self.append(choice)
            self._more.notify_all()

    def wait_for(self, count: int) -> list[str]:
        with self._more:
            assert self._more.wait_for(lambda: len(self) >= count, DEADLINE_S)
        return list(self)


@pytest.fixture
def choices() -> Choices:
    return Choices()


@pytest.fixture
def item(panel: RemotePeer, choices: Choices) -> Iterator[Tray]:
    made = Tray(choices.take)
    yield made
    made.close()
    made.close()
    assert not made.is_visible()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tray_watcher, "_CALM_S", 0.2)
    monkeypatch.setattr(BusCalls, "timeout_s", 0.3)


@pytest.fixture
def by_news_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked again by itself: what becomes known comes by the watcher's signals."""
    monkeypatch.setattr(tray_watcher, "_CALM_S", 3600.0)
    monkeypatch.setattr(tray_watcher, "_DOUBT_S", 3600.0)


@pytest.fixture
def shown(item: Tray, panel: RemotePeer) -> Tray:
    panel.do("own")
    item.show(RECORDING)
    assert item.wait_visible(DEADLINE_S), item.why_not
    return item


def until(probe: Callable[[], bool]) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not probe():
        assert time.monotonic() < end_s
        time.sleep(0.01)


def test_a_panel_that_takes_the_icon_makes_it_visible(shown: Tray, panel: RemotePeer) -> None:
    seen = panel.do("seen")
    assert shown.is_visible()
    assert shown.why_not == ""
    assert (seen["Title"], seen["Status"]) == ("Recording", "Active")
    assert seen["ToolTip"][2:] == ["Recording", "in firefox, 2 min since the start"]
    assert seen["sizes"] == [[22, 22, 22 * 22 * 4], [44, 44, 44 * 44 * 4]]
    assert not seen["ItemIsMenu"]


def test_a_pause_changes_picture_and_words(shown: Tray, panel: RemotePeer) -> None:
    before = panel.do("seen")["pixels"]
    assert shown.show(PAUSED)
    until(lambda: panel.do("seen")["Title"] == "Paused, nothing is recorded: the screen is locked")
    assert panel.do("seen")["pixels"] != before
    assert shown.is_visible()


def test_no_bus_no_watcher_no_host_and_no_listing_are_not_visible(
    item: Tray, panel: RemotePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        alone = Tray(lambda _choice: None)
        until(lambda: alone.why_not == tray.NO_BUS)
        alone.close()
    until(lambda: item.why_not == tray_watcher.NO_TRAY)
    panel.do("behave", how={"has_host": False, "lists_items": False, "looks_at_icons": False})
    panel.do("own")
    until(lambda: item.why_not == tray_watcher.NO_HOST)
    panel.do("host", is_there=True)
    until(lambda: item.why_not == tray_watcher.NOT_LISTED)
    panel.do("behave", how={"lists_items": True})
    until(lambda: item.why_not == tray.NOT_TAKEN)
    panel.do("behave", how={"looks_at_icons": True})
    panel.do("host", is_there=True)
    assert item.wait_visible(DEADLINE_S)


def test_it_is_seen_no_more_when_the_host_goes_and_again_when_it_is_back(
    by_news_only: None, shown: Tray, panel: RemotePeer
) -> None:
    panel.do("host", is_there=False)
    until(lambda: shown.why_not == tray_watcher.NO_HOST)
    assert not shown.show(RECORDING)
    panel.do("host", is_there=True)
    assert shown.wait_visible(DEADLINE_S)


def test_it_is_seen_no_more_when_the_panel_dies_and_moves_to_the_next_one(
    by_news_only: None, item: Tray, panel: RemotePeer, bus: dict[str, str]
) -> None:
    first = remote_panel(bus)
    first.do("own")
    item.show(RECORDING)
    assert item.wait_visible(DEADLINE_S)
    first.close()
    until(lambda: item.why_not == tray_watcher.NO_TRAY)
    panel.do("own")
    assert item.wait_visible(DEADLINE_S)
    assert panel.do("seen")["Title"] == "Recording"


def test_a_dropped_item_registers_again(by_news_only: None, shown: Tray, panel: RemotePeer) -> None:
    panel.do("drop")
    assert shown.wait_visible(DEADLINE_S)
    until(lambda: shown.is_visible() and panel.do("seen")["Title"] == "Recording")


def test_a_panel_that_hangs_never_holds_the_agent_up(
    impatient: None, shown: Tray, panel: RemotePeer
) -> None:
    os.kill(panel.process.pid, signal.SIGSTOP)
    for number in range(200):
        shown.show(Face("recording", app=f"app{number}"))
    until(lambda: shown.why_not == tray_watcher.NO_ANSWER)
    os.kill(panel.process.pid, signal.SIGCONT)
    assert shown.wait_visible(DEADLINE_S)


def test_a_panel_that_keeps_the_old_icon_is_not_believed(
    shown: Tray, panel: RemotePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tray, "_TAKE_S", 0.1)
    panel.do("behave", how={"looks_at_icons": False})
    shown.show(PAUSED)
    until(lambda: shown.why_not == tray.NOT_TAKEN)


def test_each_menu_row_says_what_it_says(shown: Tray, panel: RemotePeer, choices: Choices) -> None:
    (revision, root) = panel.do(
        "call", method=f"{MENU}.GetLayout", signature="iias", body=[0, -1, []]
    )
    rows = [(number, row.get("label"), row.get("enabled")) for number, row, _ in root[2]]
    assert revision > 0
    assert rows == [
        (1, "Recording", False),
        (2, None, None),
        (3, "Pause", True),
        (4, "Resume", False),
        (5, "Forget the last 5 minutes", True),
        (6, None, None),
        (7, "Review what was recorded", True),
        (8, "Stop recording", True),
    ]
    for row in (1, 2, 3, 4, 5, 6, 7, 8, 99):
        assert panel.do("click", row=row) == []
    assert choices.wait_for(4) == ["pause", "forget", "review", "stop"]


def test_a_left_click_pauses_and_then_does_nothing(
    shown: Tray, panel: RemotePeer, choices: Choices
) -> None:
    panel.do("call", method=f"{ITEM}.Activate", signature="ii", body=[0, 0])
    assert choices.wait_for(1) == ["pause"]
    shown.show(PAUSED)
    until(lambda: panel.do("seen")["Title"].startswith("Paused"))
    panel.do("call", method=f"{ITEM}.Activate", signature="ii", body=[0, 0])
    panel.do("click", row=4)
    assert choices.wait_for(2) == ["pause", "resume"]


def test_calls_that_fit_no_interface_are_refused_and_change_nothing(
    shown: Tray, panel: RemotePeer, choices: Choices
) -> None:
    for method, signature, body in (
        (f"{ITEM}.Activate", "s", ["0"]),
        (f"{MENU}.Event", "is", [8, "clicked"]),
        (f"{ITEM}.Quit", "", []),
        (f"{PROPERTIES}.Get", "ss", [MENU, "Password"]),
    ):
        (answer,) = panel.do("call", method=method, signature=signature, body=body)
        assert answer.startswith("error ")
    assert shown.is_visible()
    assert choices == []


def test_a_desktop_without_a_tray_is_told_at_once(panel: RemotePeer, choices: Choices) -> None:
    with pytest.raises(TrayMissing, match="no tray"):
        open_tray(choices.take)
    assert why_no_tray() == tray_watcher.NO_TRAY
    panel.do("behave", how={"has_host": False})
    panel.do("own")
    with pytest.raises(TrayMissing, match="no panel"):
        open_tray(choices.take)
    assert why_no_tray() == tray_watcher.NO_HOST


def test_a_desktop_with_a_tray_gets_an_item(panel: RemotePeer, choices: Choices) -> None:
    panel.do("own")
    opened = open_tray(choices.take)
    assert opened.wait_visible(DEADLINE_S)
    opened.close()
    assert not why_no_tray()


def test_a_bus_that_dies_and_comes_back_takes_the_item_along(
    bus: dict[str, str], root: Path, monkeypatch: pytest.MonkeyPatch, choices: Choices
) -> None:
    monkeypatch.setattr(session_thread, "_RETRY_S", 0.05)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={root / 'bus'}")
    moved = Tray(choices.take)
    for _turn in range(2):
        with session_bus(root, bus) as found:
            panel = remote_panel(found)
            panel.do("own")
            assert moved.wait_visible(DEADLINE_S)
        until(lambda: moved.why_not == tray.NO_BUS)
        panel.close()
        (root / "bus").unlink(missing_ok=True)
    moved.close()


def test_a_bus_that_never_answers_holds_nobody_up(
    root: Path, monkeypatch: pytest.MonkeyPatch, choices: Choices
) -> None:
    monkeypatch.setattr(bus_calls, "_CONNECT_S", 0.05)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={root / 'bus'}")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(root / "bus"))
        silent.listen()
        with pytest.raises(TrayMissing, match="no session bus"):
            open_tray(choices.take)
        assert why_no_tray() == tray.NO_BUS
        silent.accept()[0].close()
        silent.accept()[0].close()
        monkeypatch.setattr(bus_calls, "_CONNECT_S", 2 * DEADLINE_S)
        waiting = Tray(choices.take)
        with silent.accept()[0]:
            waiting.close()
            assert waiting.why_not == tray.NO_BUS


def test_waiting_for_it_ends_when_it_is_told_to(item: Tray, panel: RemotePeer) -> None:
    assert not item.wait_visible(0.01)
