"""One test for every `InputSource`, on a real X server with synthetic input (XTEST)."""

# ruff: noqa: RUF001 - letters of many scripts
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
from recorder.capture.platforms.x11_connection import connect, parse_display
from recorder.capture.platforms.x11_input import X11InputSource
from recorder.core.events import Button, RawEvent, RawKind
from recorder.core.levels import Levels
from recorder.core.ports import InputSource, SourceLost, SourceUnavailable
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant

# pynput's threads may die with their own exception when a test's server goes away.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
DEADLINE_S = 10.0
SOURCES: dict[str, Callable[[str], InputSource]] = {
    "record": X11InputSource,
    "pynput": PynputInputSource,
}
A_KEYCODE, SHIFT_KEYCODE, ENTER_KEYCODE, CAPS_KEYCODE = 38, 50, 36, 66


class Server:
    """An Xvfb of our own."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self.process = subprocess.Popen(
            [
                "Xvfb",
                "-displayfd",
                str(write),
                "-screen",
                "0",
                "800x600x24",
                "-nolisten",
                "tcp",
                "-noreset",
            ],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as told:
            self.display = f":{told.readline().strip()}"

    def close(self) -> None:
        self.process.kill()
        self.process.wait(DEADLINE_S)


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.close()


@pytest.fixture
def hands(server: Server) -> Iterator[Any]:
    display = connect(parse_display(server.display))
    yield display
    display.display.socket.close()


@pytest.fixture(params=sorted(SOURCES))
def source(request: pytest.FixtureRequest, server: Server, hands: Any) -> Iterator[InputSource]:  # noqa: ANN401 - python-xlib has no types
    made = SOURCES[request.param](server.display)
    made.open(grant(server.display))
    _wake(made, hands)
    yield made
    made.close()
    _end_threads(server, hands)


def _end_threads(server: Server, hands: Any) -> None:  # noqa: ANN401
    """Give pynput's threads the event they wait for, so that they close what they opened."""
    if server.process.poll() is None:
        xtest.fake_input(hands, X.MotionNotify, x=3, y=3)
        _tap(hands, SHIFT_KEYCODE)
        hands.sync()
    for thread in threading.enumerate():
        if type(thread).__module__.startswith("pynput"):
            thread.join(DEADLINE_S)


def grant(display: str) -> LiveGrant:
    return mint_grant(GrantTerms("demo", "", "", GrantKind.DEMO, Levels(), ("*",), 0, display))


def _wake(source: InputSource, hands: Any) -> None:  # noqa: ANN401
    """pynput says ready before its contexts are enabled: nudge until events come."""
    seen: list[RawEvent] = []
    deadline = time.monotonic() + DEADLINE_S
    while not {RawKind.MOVE, RawKind.KEY_UP} <= {event.kind for event in seen}:
        assert time.monotonic() < deadline
        xtest.fake_input(hands, X.MotionNotify, x=len(seen) % 2 + 1, y=1)
        _tap(hands, SHIFT_KEYCODE)
        seen += source.read(0.05)
    assert seen[0].kind is RawKind.READY
    while any(event.kind is not RawKind.ALIVE for event in source.read(0.3)):
        assert time.monotonic() < deadline


def _settle(source: InputSource, hands: Any, x: int) -> list[RawEvent]:  # noqa: ANN401
    """Read until a move to a marked column was seen; gives what came before it."""
    xtest.fake_input(hands, X.MotionNotify, x=x, y=599)
    hands.sync()
    seen: list[RawEvent] = []
    deadline = time.monotonic() + DEADLINE_S
    while not any((event.x, event.y) == (x, 599) for event in seen):
        assert time.monotonic() < deadline
        seen += source.read(0.05)
    return [event for event in seen if event.kind not in (RawKind.READY, RawKind.ALIVE)]


def _tap(hands: Any, *keycodes: int) -> None:  # noqa: ANN401
    for keycode in keycodes:
        xtest.fake_input(hands, X.KeyPress, keycode)
    for keycode in reversed(keycodes):
        xtest.fake_input(hands, X.KeyRelease, keycode)
    hands.sync()


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
        seen += _settle(source, hands, 701)
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait(DEADLINE_S)
    downs = [event for event in seen if event.kind is RawKind.BUTTON_DOWN]
    assert [(event.x, event.y) for event in downs] == clicked
    assert {event.button for event in downs} == {Button.LEFT}
    assert [event.t_ns for event in downs] == sorted(event.t_ns for event in downs)


def test_keys_come_with_character_name_modifier_and_pair(source: InputSource, hands: Any) -> None:  # noqa: ANN401
    _tap(hands, A_KEYCODE)
    _tap(hands, SHIFT_KEYCODE, A_KEYCODE)
    _tap(hands, ENTER_KEYCODE)
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
    seen = _settle(source, hands, 701)
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


def _layout(server: Server, *arguments: str) -> None:
    command = ["setxkbmap", "-display", server.display, *arguments]
    subprocess.run(command, check=True, timeout=DEADLINE_S)


def _chars(source: InputSource, hands: Any) -> list[str]:  # noqa: ANN401
    seen = _settle(source, hands, 702)
    hands.sync()
    _settle(source, hands, 703)
    return [e.char or e.key for e in seen if e.kind is RawKind.KEY_DOWN and not e.is_repeat]


@pytest.fixture
def x11(server: Server, hands: Any) -> Iterator[X11InputSource]:  # noqa: ANN401
    made = X11InputSource(server.display)
    made.open(grant(server.display))
    _wake(made, hands)
    yield made
    made.close()


@pytest.mark.parametrize(
    "case",
    [
        ((["us"]), [(38,), (50, 38), (50, 11)], ["a", "shift_l", "A", "shift_l", "@"]),
        ((["us"]), [(66,), (38,), (66,), (38,)], ["caps_lock", "A", "caps_lock", "a"]),
        ((["de"]), [(29,), (108, 24), (48,)], ["z", "alt_gr", "@", "ä"]),
        ((["de"]), [(21,), (26,), (21,), (65,)], ["dead", "é", "dead", "´"]),
        ((["de"]), [(21,), (53,), (38,)], ["dead", "unknown", "a"]),
        ((["fr"]), [(34,), (32,), (34,), (50, 26)], ["dead", "ô", "dead", "shift_l", "Ê"]),
        ((["us,ru", "-option", "grp:caps_toggle"]), [(66,), (38,), (66,)],
         ["iso_group", "ф", "iso_group"]),
        ((["ru"]), [(38,), (50, 56)], ["ф", "shift_l", "И"]),
        ((["gr"]), [(38,), (39,)], ["α", "σ"]),
        ((["us", "-option", "compose:ralt"]), [(108,), (38,), (26,), (26,)],
         ["compose", "unknown", "unknown", "e"]),
    ],
)  # fmt: skip
def test_characters_of_layouts_groups_and_dead_keys(
    x11: X11InputSource,
    server: Server,
    hands: Any,  # noqa: ANN401
    case: tuple[list[str], list[tuple[int, ...]], list[str]],
) -> None:
    layout, keycodes, expected = case
    _layout(server, *layout)
    for pressed in keycodes:
        _tap(hands, *pressed)
    assert _chars(x11, hands) == expected


def test_a_held_key_repeats_and_says_so(x11: X11InputSource, hands: Any) -> None:  # noqa: ANN401
    xtest.fake_input(hands, X.KeyPress, A_KEYCODE)
    hands.sync()
    seen: list[RawEvent] = []
    deadline = time.monotonic() + DEADLINE_S
    while sum(event.is_repeat for event in seen) < 3:
        assert time.monotonic() < deadline
        seen += x11.read(0.05)
    xtest.fake_input(hands, X.KeyRelease, A_KEYCODE)
    seen += _settle(x11, hands, 701)
    keys = [event for event in seen if event.keycode]
    assert [event.is_repeat for event in keys[:2]] == [False, True]
    assert keys[-1].kind is RawKind.KEY_UP
    assert not [event for event in seen if event.kind is RawKind.GAP]


def test_stamps_lie_between_the_press_and_its_arrival(x11: X11InputSource, hands: Any) -> None:  # noqa: ANN401
    for number in range(20):
        before_ns = time.monotonic_ns()
        xtest.fake_input(hands, X.ButtonPress, 1)
        xtest.fake_input(hands, X.ButtonRelease, 1)
        seen = _settle(x11, hands, 700 + number)
        (down,) = [event for event in seen if event.kind is RawKind.BUTTON_DOWN]
        assert before_ns - 2_000_000 <= down.t_ns <= time.monotonic_ns()
