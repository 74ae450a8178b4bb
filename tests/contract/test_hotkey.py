"""The hotkey on a real X server: heard under every lock, told when it cannot be had."""

import queue
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from Xlib import XK

from recorder.capture.platforms.x11_hotkey import X11Hotkey
from recorder.core.hotkeys import Hotkey, read_hotkey
from recorder.core.ports import SourceUnavailable
from tests.contract.x_server import CAPS_KEYCODE, Server, tap

DEADLINE_S: Final = 45.0
CTRL, ALT, P, F9, NUM = 37, 64, 33, 75, 77


@pytest.fixture
def presses() -> "queue.Queue[int]":
    return queue.Queue()


@pytest.fixture
def hotkey(server: Server, presses: "queue.Queue[int]") -> Iterator[X11Hotkey]:
    found = X11Hotkey(server.display, wanted("ctrl+alt+p"), presses.put)
    yield found
    found.close()
    found.close()


def wanted(text: str) -> Hotkey:
    found = read_hotkey(text)
    assert found is not None
    return found


def until(what: Callable[[], bool]) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not what():
        assert time.monotonic() < end_s, "it did not happen in time"
        time.sleep(0.01)


def test_it_is_heard_with_and_without_the_lock_keys_and_nothing_else_is(
    hotkey: X11Hotkey,
    presses: "queue.Queue[int]",
    hands: Any,  # noqa: ANN401
) -> None:
    assert hotkey.trouble == ""
    tap(hands, P)
    tap(hands, CTRL, P)
    before_ns = time.monotonic_ns()
    tap(hands, CTRL, ALT, P)
    assert before_ns < presses.get(timeout=DEADLINE_S) < time.monotonic_ns()
    for lock in (CAPS_KEYCODE, NUM):
        tap(hands, lock)
        tap(hands, CTRL, ALT, P)
        presses.get(timeout=DEADLINE_S)
    assert presses.empty()


def test_one_that_another_program_has_is_told_and_taken_once_it_is_free(
    hotkey: X11Hotkey, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.capture.platforms.x11_hotkey._RETRY_S", 0.05)
    second = X11Hotkey(server.display, wanted("ctrl+alt+p"), lambda _ns: None)
    assert second.trouble == "hotkey_taken"
    hotkey.close()
    until(lambda: second.trouble == "")
    second.close()


def test_it_follows_the_keyboard_map(
    hotkey: X11Hotkey,
    presses: "queue.Queue[int]",
    hands: Any,  # noqa: ANN401
) -> None:
    letter = XK.string_to_keysym("p")
    hands.change_keyboard_mapping(F9, [(letter, 0)])
    hands.change_keyboard_mapping(P, [(XK.string_to_keysym("q"), 0)])
    hands.sync()
    end_s = time.monotonic() + DEADLINE_S
    while presses.empty():
        assert time.monotonic() < end_s
        tap(hands, CTRL, ALT, F9)
        time.sleep(0.01)
    assert hotkey.trouble == ""


class Counting(X11Hotkey):
    """Counts how often the map is read."""

    maps = 0

    def _read_map(self) -> None:
        self.maps += 1
        super()._read_map()


def test_a_storm_of_changes_to_the_map_is_read_a_few_times_and_the_key_still_works(
    server: Server,
    presses: "queue.Queue[int]",
    hands: Any,  # noqa: ANN401
) -> None:
    found = Counting(server.display, wanted("ctrl+alt+p"), presses.put)
    changes = 400
    for number in range(changes):
        hands.change_keyboard_mapping(F9, [(XK.string_to_keysym("ab"[number % 2]), 0)])
        hands.sync()
    until(lambda: found.maps > 0)
    assert found.maps < changes / 4
    tap(hands, CTRL, ALT, P)
    presses.get(timeout=DEADLINE_S)
    found.close()


def test_a_key_that_the_keyboard_lacks_is_told(server: Server) -> None:
    found = X11Hotkey(server.display, wanted("ctrl+f33"), lambda _ns: None)
    assert found.trouble == "hotkey_no_key"
    found.close()


def test_it_tells_that_the_display_went_away(hotkey: X11Hotkey, server: Server) -> None:
    server.close()
    until(lambda: hotkey.trouble == "hotkey_lost")


def test_without_a_display_it_says_so() -> None:
    with pytest.raises(SourceUnavailable, match="does not answer"):
        X11Hotkey(":98765", wanted("ctrl+p"), lambda _ns: None)
