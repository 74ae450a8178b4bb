"""Characters, repeats and stamps of the X11 input source, on a real X server."""

# ruff: noqa: RUF001 - letters of many scripts
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from Xlib import X
from Xlib.ext import xtest

from recorder.capture.platforms.x11_input import X11InputSource
from recorder.core.events import RawEvent, RawKind
from recorder.core.ports import InputSource
from tests.contract.x_server import A_KEYCODE, DEADLINE_S, Server, grant, settle, tap, wake


def _layout(server: Server, *arguments: str) -> None:
    command = ["setxkbmap", "-display", server.display, *arguments]
    subprocess.run(command, check=True, timeout=DEADLINE_S)


def _chars(source: InputSource, hands: Any) -> list[str]:  # noqa: ANN401
    seen = settle(source, hands, 702)
    hands.sync()
    settle(source, hands, 703)
    return [e.char or e.key for e in seen if e.kind is RawKind.KEY_DOWN and not e.is_repeat]


@pytest.fixture
def x11(server: Server, hands: Any) -> Iterator[X11InputSource]:  # noqa: ANN401
    made = X11InputSource(server.display)
    made.open(grant(server.display))
    wake(made, hands)
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
        tap(hands, *pressed)
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
    seen += settle(x11, hands, 701)
    keys = [event for event in seen if event.keycode]
    assert [event.is_repeat for event in keys[:2]] == [False, True]
    assert keys[-1].kind is RawKind.KEY_UP
    assert not [event for event in seen if event.kind is RawKind.GAP]


def test_stamps_lie_between_the_press_and_its_arrival(x11: X11InputSource, hands: Any) -> None:  # noqa: ANN401
    for number in range(20):
        before_ns = time.monotonic_ns()
        xtest.fake_input(hands, X.ButtonPress, 1)
        xtest.fake_input(hands, X.ButtonRelease, 1)
        seen = settle(x11, hands, 700 + number)
        (down,) = [event for event in seen if event.kind is RawKind.BUTTON_DOWN]
        assert before_ns - 2_000_000 <= down.t_ns <= time.monotonic_ns()
