"""One test for every `InputSource`, on a real X server with synthetic input (XTEST)."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from Xlib import X
from Xlib.ext import xtest

from recorder.capture.platforms.pynput_input import PynputInputSource
from recorder.capture.platforms.x11_clients import hooks_by_pid
from recorder.capture.platforms.x11_input import X11InputSource
from recorder.core.events import Button, RawEvent, RawKind
from recorder.core.ports import InputSource, SourceLost, SourceUnavailable
from tests.contract.x_server import (
    A_KEYCODE,
    DEADLINE_S,
    ENTER_KEYCODE,
    SHIFT_KEYCODE,
    Server,
    grant,
    settle,
    tap,
    wake,
)

# pynput's threads may die with their own exception when a test's server goes away.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
SOURCES: dict[str, Callable[[str], InputSource]] = {
    "record": X11InputSource,
    "pynput": PynputInputSource,
}


@pytest.fixture(params=sorted(SOURCES))
def source(request: pytest.FixtureRequest, server: Server, hands: Any) -> Iterator[InputSource]:  # noqa: ANN401 - python-xlib has no types
    made = SOURCES[request.param](server.display)
    made.open(grant(server.display))
    wake(made, hands)
    yield made
    made.close()
    _end_threads(server, hands)


def _end_threads(server: Server, hands: Any) -> None:  # noqa: ANN401
    """Give pynput's threads the event they wait for, so that they close what they opened."""
    if server.process.poll() is None:
        xtest.fake_input(hands, X.MotionNotify, x=3, y=3)
        tap(hands, SHIFT_KEYCODE)
        hands.sync()
    for thread in threading.enumerate():
        if type(thread).__module__.startswith("pynput"):
            thread.join(DEADLINE_S)


def test_clicks_are_where_they_happened_while_the_pointer_moves_on_a_busy_machine(
    source: InputSource,
    hands: Any,  # noqa: ANN401
) -> None:
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    try:
        clicked, seen = [], []
        for x in range(10, 610, 2):
            xtest.fake_input(hands, X.MotionNotify, x=x, y=300)
            if x % 30 == 0:
                xtest.fake_input(hands, X.ButtonPress, 1)
                xtest.fake_input(hands, X.ButtonRelease, 1)
                clicked.append((x, 300))
            hands.flush()
            if x % 8 == 0:
                seen += source.read(0.001)
        seen += settle(source, hands, 701)
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait(DEADLINE_S)
    downs = [event for event in seen if event.kind is RawKind.BUTTON_DOWN]
    assert [(event.x, event.y) for event in downs] == clicked
    assert {event.button for event in downs} == {Button.LEFT}
    assert [event.t_ns for event in downs] == sorted(event.t_ns for event in downs)


def test_keys_come_with_character_name_modifier_and_pair(source: InputSource, hands: Any) -> None:  # noqa: ANN401
    tap(hands, A_KEYCODE)
    tap(hands, SHIFT_KEYCODE, A_KEYCODE)
    tap(hands, ENTER_KEYCODE)
    seen: list[RawEvent] = []
    deadline = time.monotonic() + DEADLINE_S
    while len(seen) < 8:
        assert time.monotonic() < deadline
        seen += [event for event in source.read(0.05) if event.keycode]
    downs = [(e.char, e.key) for e in seen if e.kind is RawKind.KEY_DOWN]
    assert downs == [("a", ""), ("", "shift_l"), ("A", ""), ("", "enter")]
    assert [bool(e.mods & 1) for e in seen if e.char == "A"] == [True, True]
    for down in (e for e in seen if e.kind is RawKind.KEY_DOWN):
        ups = [e for e in seen if e.kind is RawKind.KEY_UP and e.keycode == down.keycode]
        assert ups


def test_scroll_buttons_are_steps(source: InputSource, hands: Any) -> None:  # noqa: ANN401
    for button in (4, 5, 6, 7):
        xtest.fake_input(hands, X.ButtonPress, button)
        xtest.fake_input(hands, X.ButtonRelease, button)
    seen = settle(source, hands, 701)
    steps = [(e.dx, e.dy) for e in seen if e.kind is RawKind.SCROLL]
    assert steps == [(0, 1), (0, -1), (-1, 0), (1, 0)]


def test_a_live_source_says_so(source: InputSource) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not any(event.kind is RawKind.ALIVE for event in source.read(0.1)):
        assert time.monotonic() < deadline


def test_a_dead_server_is_told_at_once(source: InputSource, server: Server) -> None:
    server.close()
    began = time.monotonic()
    with pytest.raises(SourceLost):
        _read_until(source, began + DEADLINE_S)
    assert time.monotonic() - began < 2.0


def _read_until(source: InputSource, deadline: float) -> None:
    while time.monotonic() < deadline:
        source.read(0.05)


def test_closing_twice_is_harmless_and_reading_then_says_it_is_closed(source: InputSource) -> None:
    source.close()
    source.close()
    with pytest.raises(SourceLost):
        source.read(0.01)


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_closing_after_the_server_died_leaves_no_connection(name: str) -> None:
    for _ in range(3):
        server = Server()
        before = _connections()
        made = SOURCES[name](server.display)
        made.open(grant(server.display))
        server.close()
        with pytest.raises(SourceLost):
            _read_until(made, time.monotonic() + DEADLINE_S)
        made.close()
        assert _connections() == before


def _connections() -> int:
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found += str(descriptor.readlink()).startswith("socket:")
    return found


@pytest.mark.parametrize("name", sorted(SOURCES))
@pytest.mark.parametrize("display", ["", "far.example:0", "localhost:10.0", "nonsense"])
def test_a_display_elsewhere_is_refused(name: str, display: str) -> None:
    with pytest.raises(SourceUnavailable):
        SOURCES[name](display).open(grant(""))


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_demonstration_opens_its_own_display_only(name: str, server: Server) -> None:
    with pytest.raises(SourceUnavailable):
        SOURCES[name](server.display).open(grant(":4321"))


def test_the_hook_is_seen_from_outside_while_open_and_gone_after(server: Server) -> None:
    source = X11InputSource(server.display)
    source.open(grant(server.display))
    held = hooks_by_pid(server.display)[os.getpid()]
    assert (held.record_contexts, held.input_selections) == (1, 2)
    source.close()
    assert not any(hooks.is_listening for hooks in hooks_by_pid(server.display).values())


def test_a_hook_without_a_display_names_the_fix() -> None:
    with pytest.raises(SourceUnavailable, match="Fix: "):
        X11InputSource(":4321").open(grant(""))
