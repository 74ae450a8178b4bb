"""One test for every `ScreenSource`: a fake one and X11's on a virtual display."""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import pytest
from Xlib import X
from Xlib.display import Display

from recorder.capture.platforms.x11_screen import X11ScreenSource
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.core.frames import RawFrame
from recorder.core.geometry import Monitor, Rect
from recorder.core.levels import Levels
from recorder.core.ports import ScreenSource, SourceLost, SourceUnavailable
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant
from tests.unit.agent.screen_agent import FakeScreen

DEADLINE_S = 10.0
MONITOR = Monitor(0, Rect(0, 0, 8, 4))


def grant(display: str = "") -> LiveGrant:
    return mint_grant(GrantTerms("demo", "", "", GrantKind.DEMO, Levels(), ("*",), 0, display))


class Stage(Protocol):
    """A source and a hand that changes what it shows."""

    source: ScreenSource

    def paint(self, grey: int) -> None:
        """Show another picture."""


class FakeStage:
    def __init__(self) -> None:
        self._screen = FakeScreen()
        self.source: ScreenSource = self._screen

    def paint(self, grey: int) -> None:
        self._screen.paint(grey)


class X11Stage:
    def __init__(self, display: str) -> None:
        self.source: ScreenSource = X11ScreenSource(display)
        self._display = Display(display)
        self._window: Any = self._display.screen().root.create_window(
            0, 0, 100, 100, 0, X.CopyFromParent, override_redirect=1
        )
        self._window.map()
        self._display.sync()

    def paint(self, grey: int) -> None:
        self._window.change_attributes(background_pixel=grey * 0x010101)
        self._window.clear_area(0, 0, 0, 0)
        self._display.sync()

    def close(self) -> None:
        self._display.close()


@contextmanager
def _stage(kind: str, desktop: VirtualDesktop) -> Iterator[Stage]:
    if kind == "fake":
        yield FakeStage()
        return
    stage = X11Stage(desktop.display)
    yield stage
    stage.close()


@pytest.fixture(params=["fake", "x11"])
def stage(request: pytest.FixtureRequest, desktop: VirtualDesktop) -> Iterator[Stage]:
    with _stage(request.param, desktop) as found:
        found.source.open(grant())
        yield found
        found.source.close()


def shot(source: ScreenSource, monitor: Monitor = MONITOR) -> RawFrame:
    """Give the picture of a monitor that is there."""
    frame = source.grab(monitor)
    assert frame is not None
    return frame


def rest(source: ScreenSource) -> None:
    """Grab until nothing changes for a while: others may still be drawing."""
    end_s = time.monotonic() + DEADLINE_S
    source.grab(MONITOR)
    while source.wait_for_change(0.4):
        assert time.monotonic() < end_s
        source.grab(MONITOR)


def test_a_grab_shows_the_screen_with_its_times(stage: Stage) -> None:
    stage.paint(0x55)
    before_ns = time.monotonic_ns()
    frame = shot(stage.source)
    assert before_ns <= frame.t_start_ns <= frame.t_end_ns <= time.monotonic_ns()
    assert frame.area == MONITOR.rect
    assert frame.pixels[0] == 0x55


def test_a_still_screen_is_silent_and_a_change_is_told(stage: Stage) -> None:
    rest(stage.source)
    painted_ns = time.monotonic_ns()
    stage.paint(0x77)
    assert select.select([stage.source.fileno()], [], [], DEADLINE_S)[0]
    assert stage.source.wait_for_change(DEADLINE_S)
    assert stage.source.last_change_ns is not None
    assert stage.source.last_change_ns >= painted_ns
    frame = shot(stage.source)
    assert frame.pixels[0] == 0x77
    assert frame.t_valid_from_ns is not None
    assert stage.source.last_change_ns <= frame.t_valid_from_ns <= frame.t_start_ns
    assert shot(stage.source).t_valid_from_ns == frame.t_valid_from_ns


def test_every_change_is_told_not_only_the_first(stage: Stage) -> None:
    for grey in range(10, 15):
        rest(stage.source)
        stage.paint(grey)
        assert stage.source.wait_for_change(DEADLINE_S)


def test_closing_twice_is_fine(stage: Stage) -> None:
    stage.source.close()
    stage.source.close()


def test_the_whole_screen_has_four_bytes_a_pixel(desktop: VirtualDesktop) -> None:
    source = X11ScreenSource(desktop.display)
    source.open(grant())
    frame = shot(source, Monitor(0, Rect(0, 0, 1920, 1080)))
    assert len(frame.pixels) == 1920 * 1080 * 4
    source.close()


def test_a_display_with_a_host_is_refused() -> None:
    with pytest.raises(SourceUnavailable):
        X11ScreenSource("elsewhere:0")


def test_a_display_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SourceUnavailable):
        X11ScreenSource(":59999").open(grant())


def test_a_grant_for_another_display_is_refused(desktop: VirtualDesktop) -> None:
    with pytest.raises(SourceUnavailable):
        X11ScreenSource(desktop.display).open(grant(":9999"))


def test_an_area_that_is_not_on_the_screen_has_no_picture_and_others_still_do(
    desktop: VirtualDesktop,
) -> None:
    source = X11ScreenSource(desktop.display)
    source.open(grant())
    assert source.grab(Monitor(0, Rect(5000, 5000, 100, 100))) is None
    assert len(shot(source).pixels) == 8 * 4 * 4
    source.close()


def test_a_display_that_goes_away_is_lost() -> None:
    with VirtualDesktop(800, 600) as own:
        source = X11ScreenSource(own.display)
        source.open(grant())
        own.kill_server()
        with pytest.raises(SourceLost):
            source.wait_for_change(DEADLINE_S)
        with pytest.raises(SourceLost):
            source.grab(MONITOR)
        source.close()
