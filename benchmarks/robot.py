"""Sends input through XTEST and keeps what it sent and when: the truth to compare with."""

import math
import random
import time
from dataclasses import dataclass, field
from typing import Any, Final, Self

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

WHEEL_UP: Final = 4
WHEEL_DOWN: Final = 5
_WORDS: Final = (
    "boxes", "leave", "harbour", "tuesday", "bicycles", "follow", "friday", "green", "paper",
    "window", "river", "yellow", "garden", "music", "winter", "bread",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """One event as it was sent.

    Attributes:
        t_ns: CLOCK_MONOTONIC just before it went to the server.
        kind: As in the table of events: move, button_down, key_down …
        x: Pointer position after it.
        y: Pointer position after it.
        char: Of a printing key.
    """

    t_ns: int
    kind: str
    x: int
    y: int
    char: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """The part of the screen in which the pointer stays, pixels."""

    left: int
    top: int
    width: int
    height: int


class Robot:
    """A tireless user of one display; used by one thread.

    Attributes:
        sent: Everything sent so far, oldest first.
    """

    def __init__(self, display: str, field_: Field, seed: int = 1) -> None:
        self._display: Any = Display(display)
        self._field = field_
        self._random = random.Random(seed)  # noqa: S311 - a repeatable workload
        self._angle = 0.0
        self._at = (field_.left, field_.top)
        self.sent: list[Sent] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._display.close()

    def move(self) -> None:
        """Move a little along a curve that never stands still."""
        self._angle += 0.021
        x = 0.5 + 0.48 * math.sin(self._angle)
        y = 0.5 + 0.48 * math.sin(self._angle * 1.618)
        place = (
            int(self._field.left + x * self._field.width),
            int(self._field.top + y * self._field.height),
        )
        if place != self._at:
            self.move_to(*place)

    def move_to(self, x: int, y: int) -> None:
        """Move to a pixel."""
        self._at = (x, y)
        self._send("move", X.MotionNotify, 0, x, y)

    def click(self) -> None:
        """Press and release the left button."""
        self._send("button_down", X.ButtonPress, 1)
        self._send("button_up", X.ButtonRelease, 1)

    def wheel(self, button: int = WHEEL_DOWN) -> None:
        """Turn the wheel by one step."""
        self._send("scroll", X.ButtonPress, button)
        xtest.fake_input(self._display, X.ButtonRelease, button)
        self._display.flush()

    def key(self, char: str) -> None:
        """Press and release the key of a lower-case letter, space or newline."""
        names = {" ": "space", "\n": "Return"}
        code = self._display.keysym_to_keycode(XK.string_to_keysym(names.get(char, char)))
        self._send("key_down", X.KeyPress, code, char=char)
        self._send("key_up", X.KeyRelease, code, char=char)

    def words(self) -> str:
        """Give a short line of harmless words that ends the line."""
        return " ".join(self._random.sample(_WORDS, 4)) + "\n"

    def _send(self, kind: str, event: int, detail: int, *place: int, char: str = "") -> None:
        x, y = self._at
        t_ns = time.monotonic_ns()
        xtest.fake_input(self._display, event, detail, x=x if place else 0, y=y if place else 0)
        self._display.flush()
        self.sent.append(Sent(t_ns, kind, x, y, char))


@dataclass(slots=True)
class Pace:
    """How often a phase does what, times a second; 0 for never."""

    moves: float = 0
    keys: float = 0
    clicks: float = 0
    wheel: float = 0
    _typing: list[str] = field(default_factory=list)


def play(robot: Robot, pace: Pace, seconds: float) -> None:
    """Play a phase: each kind of event at its own pace, on one thread."""
    acts = {
        "moves": (pace.moves, robot.move),
        "keys": (pace.keys, lambda: _type_next(robot, pace)),
        "clicks": (pace.clicks, robot.click),
        "wheel": (pace.wheel, robot.wheel),
    }
    end = time.monotonic() + seconds
    due = {name: time.monotonic() + 0.5 / rate for name, (rate, _) in acts.items() if rate}
    while due and (now := time.monotonic()) < end:
        name = min(due, key=lambda key: due[key])
        if due[name] > now:
            time.sleep(min(due[name], end) - now)
            continue
        rate, act = acts[name]
        act()
        due[name] = max(due[name] + 1 / rate, now - 0.1)


def _type_next(robot: Robot, pace: Pace) -> None:
    if not pace._typing:  # noqa: SLF001 - its own module
        pace._typing = list(reversed(robot.words()))  # noqa: SLF001
    robot.key(pace._typing.pop())  # noqa: SLF001
