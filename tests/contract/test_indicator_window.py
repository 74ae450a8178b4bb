"""The indicator's window on a real display: seen, in front, movable, and what a click does."""

import queue
import time
from collections.abc import Callable, Iterator
from typing import Any

import mss
import pytest

from recorder.capture.platforms.x11_connection import connect, parse_display
from recorder.capture.platforms.x11_indicator import X11Indicator
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.core.faces import Face
from recorder.core.own_page import OWN_WINDOW
from recorder.core.ports import SourceUnavailable
from recorder.core.scenes import Paint
from tests.contract.scenes import Watcher, paint_of
from tests.contract.x_server import Server

DEADLINE_S = 45.0
RED, AMBER = (84, 84, 255), (60, 190, 255)
"""Blue, green, red of the signs for recording and paused."""
RECORDING, PAUSED = Face("recording"), Face("paused", "by you", can_resume=True)


class Shown:
    """An indicator on the shared desktop, with the hands that use it."""

    def __init__(self, desktop: VirtualDesktop) -> None:
        self.acts: queue.Queue[str] = queue.Queue()
        self.hands = desktop.hands
        self._display = desktop.display
        self.indicator = X11Indicator(desktop.display, self.acts.put)

    def show(self, face: Face, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
        """Show a face and wait until its sign is on the screen; gives where the window is."""
        self.indicator.show(face)
        until(lambda: self._colour() == colour)
        return self.area()

    def area(self) -> tuple[int, int, int, int]:
        return self.hands.geometry(self.hands.window("^Recorder$"))

    def _colour(self) -> tuple[int, ...]:
        """Give blue, green, red where the sign's left part is."""
        if self.hands.find("^Recorder$") is None:
            return ()
        left, top, _, height = self.area()
        with mss.MSS(display=self._display) as camera:
            area = {"left": left + 11, "top": top + height // 2, "width": 1, "height": 1}
            return tuple(camera.grab(area).raw[:3])


@pytest.fixture
def shown(desktop: VirtualDesktop) -> Iterator[Shown]:
    found = Shown(desktop)
    yield found
    found.indicator.close()
    found.indicator.close()
    assert desktop.hands.find("^Recorder$") is None


@pytest.fixture
def cover(desktop: VirtualDesktop) -> Iterator[Callable[[], None]]:
    """Give what covers the whole screen with a window that no window manager moves."""
    display: Any = connect(parse_display(desktop.display))
    screen = display.screen()
    window = screen.root.create_window(
        0, 0, screen.width_in_pixels, screen.height_in_pixels, 0, screen.root_depth,
        override_redirect=True, background_pixel=screen.white_pixel,
    )  # fmt: skip

    def put() -> None:
        window.map()
        window.raise_window()
        display.sync()

    yield put
    display.display.socket.close()


def until(what: Callable[[], bool]) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not what():
        assert time.monotonic() < end_s, "it did not happen in time"
        time.sleep(0.01)


def test_it_is_seen_in_a_corner_and_each_state_has_a_sign_of_its_own(shown: Shown) -> None:
    assert not shown.indicator.is_visible(), "it says so only once it is"
    left, top, width, height = shown.show(RECORDING, RED)
    assert shown.indicator.is_visible()
    assert (left + width, top + height) > (1800, 1000)
    assert shown.show(PAUSED, AMBER)[2] > width


def test_it_comes_back_above_what_covers_it(shown: Shown, cover: Callable[[], None]) -> None:
    shown.show(RECORDING, RED)
    cover()
    until(lambda: shown._colour() == RED)
    cover()
    until(lambda: shown._colour() == RED)
    until(shown.indicator.is_visible)


def test_a_click_pauses_and_only_the_button_goes_on(shown: Shown) -> None:
    left, top, _, _ = shown.show(RECORDING, RED)
    shown.hands.click(left + 30, top + 8)
    assert shown.acts.get(timeout=DEADLINE_S) == "pause"
    left, top, width, _ = shown.show(PAUSED, AMBER)
    shown.hands.click(left + 30, top + 8)
    shown.hands.click(left + width - 20, top + 8)
    assert shown.acts.get(timeout=DEADLINE_S) == "resume"
    assert shown.acts.empty()


def test_it_stays_where_it_was_dragged_and_a_drag_is_no_click(shown: Shown) -> None:
    left, top, width, height = shown.show(RECORDING, RED)
    shown.hands.drag((left + 30, top + 8), (330, 308))
    until(lambda: shown.area()[:2] == (300, 300))
    left, top, wider, _ = shown.show(PAUSED, AMBER)
    assert (left + wider, top + height) == (300 + width, 300 + height)
    shown.hands.drag((left + 30, top + 8), (0, 0))
    until(lambda: shown.area()[:2] != (left, top))
    assert shown.indicator.is_visible()
    assert shown.acts.empty()


def test_no_list_of_apps_can_record_it(shown: Shown, watch: Callable[..., Watcher]) -> None:
    shown.show(RECORDING, RED)
    scene = watch(OWN_WINDOW, "python3", "python").until(
        lambda seen: paint_of(seen, OWN_WINDOW) is not None
    )
    assert paint_of(scene, OWN_WINDOW) is Paint.HIDE


def test_it_is_not_seen_any_more_when_the_display_goes_away(server: Server) -> None:
    indicator = X11Indicator(server.display, lambda _word: None)
    indicator.show(RECORDING)
    until(indicator.is_visible)
    server.close()
    until(lambda: not indicator.is_visible())
    assert not indicator.show(RECORDING)
    indicator.close()


def test_without_a_display_it_says_so() -> None:
    with pytest.raises(SourceUnavailable, match="does not answer"):
        X11Indicator(":98765", lambda _word: None)
