"""An X server of one test, and hands that press its keys (XTEST)."""

import os
import subprocess
import time
from typing import Any

from Xlib import X
from Xlib.ext import xtest

from recorder.core.events import RawEvent, RawKind
from recorder.core.levels import Levels
from recorder.core.ports import InputSource
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant

DEADLINE_S = 10.0
A_KEYCODE, SHIFT_KEYCODE, ENTER_KEYCODE, CAPS_KEYCODE = 38, 50, 36, 66


class Server:
    """An Xvfb of our own; `more` goes to its command line."""

    def __init__(self, *more: str) -> None:
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
                *more,
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


def grant(display: str) -> LiveGrant:
    return mint_grant(GrantTerms("demo", "", "", GrantKind.DEMO, Levels(), ("*",), 0, display))


def wake(source: InputSource, hands: Any) -> None:  # noqa: ANN401
    """pynput says ready before its contexts are enabled: nudge until events come."""
    seen: list[RawEvent] = []
    deadline = time.monotonic() + DEADLINE_S
    while not {RawKind.MOVE, RawKind.KEY_UP} <= {event.kind for event in seen}:
        assert time.monotonic() < deadline
        xtest.fake_input(hands, X.MotionNotify, x=len(seen) % 2 + 1, y=1)
        tap(hands, SHIFT_KEYCODE)
        seen += source.read(0.05)
    assert seen[0].kind is RawKind.READY
    while any(event.kind is not RawKind.ALIVE for event in source.read(0.3)):
        assert time.monotonic() < deadline


def settle(source: InputSource, hands: Any, x: int) -> list[RawEvent]:  # noqa: ANN401
    """Read until a move to a marked column was seen; gives what came before it."""
    xtest.fake_input(hands, X.MotionNotify, x=x, y=599)
    hands.sync()
    seen: list[RawEvent] = []
    deadline = time.monotonic() + DEADLINE_S
    while not any((event.x, event.y) == (x, 599) for event in seen):
        assert time.monotonic() < deadline
        seen += source.read(0.05)
    return [event for event in seen if event.kind not in (RawKind.READY, RawKind.ALIVE)]


def tap(hands: Any, *keycodes: int) -> None:  # noqa: ANN401
    for keycode in keycodes:
        xtest.fake_input(hands, X.KeyPress, keycode)
    for keycode in reversed(keycodes):
        xtest.fake_input(hands, X.KeyRelease, keycode)
    hands.sync()
