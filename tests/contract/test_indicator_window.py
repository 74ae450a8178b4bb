"""The indicator's window on a real display: seen, in front, movable, and what a click does."""

import queue
import time
from collections.abc import Callable, Iterator
from typing import Any

import mss
import pytest
from Xlib import X, Xatom
from Xlib.ext import shape
from Xlib.protocol import event

from recorder.capture.platforms import x11_indicator
from recorder.capture.platforms.x11_connection import connect, parse_display
from recorder.capture.platforms.x11_indicator import X11Indicator
from recorder.capture.platforms.x11_indicator_sight import Sight
from recorder.capture.platforms.x11_properties import Properties
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.core.faces import Face
from recorder.core.geometry import Rect
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


@pytest.fixture
def other(desktop: VirtualDesktop) -> Iterator[Any]:
    """Another client of the display."""
    display: Any = connect(parse_display(desktop.display))
    display.set_error_handler(lambda *_: 1)
    yield display
    display.close()


@pytest.fixture
def alert(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks all the time, so that a test need not wait for a second to pass."""
    monkeypatch.setattr(x11_indicator, "_LOOK_S", 0.02)


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


def _shrink(window: Any, _display: Any) -> None:  # noqa: ANN401 - python-xlib has no types
    window.configure(width=1, height=1)


def _push_away(window: Any, _display: Any) -> None:  # noqa: ANN401 - as above
    window.configure(x=-5000, y=-5000)


def _widen_edge(window: Any, _display: Any) -> None:  # noqa: ANN401 - as above
    window.configure(border_width=200)


def _cut(window: Any, _display: Any) -> None:  # noqa: ANN401 - as above
    window.shape_rectangles(shape.SO.Set, shape.SK.Bounding, 0, 0, 0, [])


def _fade(window: Any, display: Any) -> None:  # noqa: ANN401 - as above
    opacity = display.intern_atom("_NET_WM_WINDOW_OPACITY")
    window.change_property(opacity, Xatom.CARDINAL, 32, [0])


def _paint_over(window: Any, _display: Any) -> None:  # noqa: ANN401 - as above
    window.fill_rectangle(window.create_gc(foreground=0), 0, 0, 2000, 2000)


def _put_within(window: Any, _display: Any) -> None:  # noqa: ANN401 - as above
    window.create_window(0, 0, 2000, 2000, 0, X.CopyFromParent, background_pixel=0).map()


def _unmap(window: Any, _display: Any) -> None:  # noqa: ANN401 - as above
    window.unmap()


HARMS = (_shrink, _push_away, _widen_edge, _cut, _fade, _paint_over, _put_within, _unmap)


def test_what_another_client_does_to_it_is_no_sight_and_is_put_right(
    alert: None,
    shown: Shown,
    other: Any,  # noqa: ANN401
) -> None:
    place = shown.show(RECORDING, RED)
    window = other.create_resource_object("window", shown.hands.window("^Recorder$"))
    for harm in HARMS:
        harm(window, other)
        other.sync()
        until(lambda: not shown.indicator.is_visible())
        until(shown.indicator.is_visible)
        assert shown.show(RECORDING, RED) == place, harm.__name__


def test_windows_that_hide_a_part_each_hide_it_together(other: Any) -> None:  # noqa: ANN401
    def put(x: int, width: int) -> Any:  # noqa: ANN401
        window = other.screen().root.create_window(
            x, 50, width, 40, 0, X.CopyFromParent, override_redirect=True
        )
        window.map()
        return window

    place, ours = Rect(100, 60, 80, 20), put(100, 80)
    sight = Sight(other, ours, Properties(other))
    assert sight.uncovered(place) == [place]
    put(90, 60)
    assert sight.uncovered(place) == [Rect(150, 60, 30, 20)]
    put(150, 40)
    assert sight.uncovered(place) == []


def test_a_window_that_flickers_or_is_flooded_is_not_called_visible(
    shown: Shown,
    other: Any,  # noqa: ANN401
) -> None:
    shown.show(RECORDING, RED)
    window = other.create_resource_object("window", shown.hands.window("^Recorder$"))

    def flicker() -> bool:
        window.unmap()
        window.map()
        other.sync()
        return not shown.indicator.is_visible()

    until(flicker)
    until(shown.indicator.is_visible)
    made_up = event.Expose(window=window, x=0, y=0, width=1, height=1, count=0)

    def flood() -> bool:
        for _ in range(500):
            window.send_event(made_up, event_mask=0)
        other.sync()
        return not shown.indicator._thread.is_alive()

    until(flood)


def test_what_a_client_makes_up_is_no_click(
    shown: Shown,
    other: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(x11_indicator, "_ARMED_S", 0.0)
    left, top, width, _ = shown.show(PAUSED, AMBER)
    until(shown.indicator.is_visible)
    window = other.create_resource_object("window", shown.hands.window("^Recorder$"))
    for kind in (event.ButtonPress, event.ButtonRelease):
        made_up = kind(
            time=X.CurrentTime, root=other.screen().root, window=window, same_screen=1,
            child=X.NONE, root_x=left, root_y=top, event_x=width - 20, event_y=8, state=0, detail=1,
        )  # fmt: skip
        window.send_event(made_up, event_mask=0)
    other.sync()
    shown.hands.click(left + width - 20, top + 8)
    assert shown.acts.get(timeout=DEADLINE_S) == "resume"
    assert shown.acts.empty(), "the person's click came, and nothing before it"


def test_a_click_pauses_and_only_the_button_goes_on(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, top, _, _ = shown.show(RECORDING, RED)
    shown.hands.click(left + 30, top + 8)
    assert shown.acts.get(timeout=DEADLINE_S) == "pause"
    left, top, width, _ = shown.show(PAUSED, AMBER)
    until(shown.indicator.is_visible)
    shown.hands.click(left + 30, top + 8)
    monkeypatch.setattr(x11_indicator, "_ARMED_S", 3600.0)
    shown.hands.click(left + width - 20, top + 8)
    shown.hands.drag((left + 30, top + 8), (330, 308))
    until(lambda: shown.area()[:2] == (300, 300))
    assert shown.acts.empty(), "the second click of a double click meets a button that just came"
    monkeypatch.setattr(x11_indicator, "_ARMED_S", 0.0)

    def goes_on() -> bool:
        shown.hands.click(300 + width - 20, 308)
        return not shown.acts.empty()

    until(goes_on)
    assert shown.acts.get() == "resume"


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
