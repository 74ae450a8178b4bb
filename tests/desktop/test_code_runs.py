"""The code of each kind of step, run on a real display: what a window then gets."""

import ast
import re
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from Xlib import X
from Xlib.display import Display

from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.research import reduce
from tests.desktop.person import wait_for
from tests.desktop.pyautogui_on_x import PyAutoGui
from tests.unit.research.reduction.typist import Typist, context, monitor

_PAGE = (Path(__file__).parents[2] / "docs" / "steps.md").read_text()
_SIZE = (1920, 1080)
_AREA = (0, 0, 900, 600)
_MASK = (
    X.ButtonPressMask | X.ButtonReleaseMask | X.KeyPressMask | X.KeyReleaseMask | X.ButtonMotionMask
)
_SHIFT, _CTRL = 1, 4
Heard = tuple[object, ...]


class Window:
    """A window above all others that keeps what reaches it."""

    def __init__(self, display: str) -> None:
        self._display: Any = Display(display)
        root = self._display.screen().root
        self._window = root.create_window(
            *_AREA, 0, X.CopyFromParent, override_redirect=True, event_mask=_MASK
        )
        self._window.map()
        self._display.sync()
        wait_for(self._is_shown, 45)
        self._window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self._display.sync()
        self.heard: list[Heard] = []

    def _is_shown(self) -> bool:
        return bool(self._window.get_attributes().map_state == X.IsViewable)

    def close(self) -> None:
        self._window.destroy()
        self._display.close()

    def has_heard(self, wanted: list[Heard]) -> bool:
        while self._display.pending_events():
            self.heard += self._told(self._display.next_event())
        return len(self.heard) >= len(wanted)

    def taken(self) -> list[Heard]:
        """Give what was heard since the last time."""
        found, self.heard = self.heard, []
        return found

    def _symbol(self, code: int, column: int) -> int:
        found: int = self._display.keycode_to_keysym(code, column)
        return found

    def _told(self, event: Any) -> Iterator[Heard]:  # noqa: ANN401 - python-xlib has no types
        if event.type == X.MotionNotify:
            yield "move", event.root_x, event.root_y
        elif event.type in {X.ButtonPress, X.ButtonRelease}:
            way = "press" if event.type == X.ButtonPress else "release"
            held = event.state & (_SHIFT | _CTRL)
            yield way, event.detail, event.root_x, event.root_y, held
        elif event.type in {X.KeyPress, X.KeyRelease}:
            symbols = (event.state & _SHIFT, 0)
            symbol = next(filter(None, (self._symbol(event.detail, one) for one in symbols)))
            yield "down" if event.type == X.KeyPress else "up", symbol, event.state & _CTRL


@pytest.fixture
def window(desktop: VirtualDesktop) -> Iterator[Window]:
    found = Window(desktop.display)
    yield found
    found.close()


def _done(*kinds: Typist) -> list[tuple[str, str]]:
    """Give type and code of the step that each of these makes."""
    screen = context({"kind": "geometry", "t_ns": 0, "monitors": [monitor(0, 0, 0, *_SIZE)]})
    steps = [reduce(typist.events, screen).steps.to_pylist() for typist in kinds]
    assert [len(found) for found in steps] == [1] * len(kinds)
    return [(found[0]["action_type"], found[0]["code_pyautogui"]) for found in steps]


def _clicks(count: int, button: int, x: int, y: int, held: int = 0) -> list[Heard]:
    """Give what a window gets of clicks."""
    return [(way, button, x, y, held) for _ in range(count) for way in ("press", "release")]


def _typed(*symbols: int) -> list[Heard]:
    return [(way, symbol, 0) for symbol in symbols for way in ("down", "up")]


def _repeats() -> Typist:
    held: dict[str, Any] = {"key": "down", "key_class": "navigation"}
    return Typist().add("key_down", **held).add("key_down", **held, is_repeat=True)


_L_SHIFT, _L_CTRL, _RETURN, _DOWN = 0xFFE1, 0xFFE3, 0xFF0D, 0xFF54
_CASES: list[tuple[Typist, list[Heard]]] = [
    (Typist().click(101, 203), _clicks(1, 1, 101, 203)),
    (Typist().click(333, 77, "right"), _clicks(1, 3, 333, 77)),
    (Typist().click(41, 43, "middle"), _clicks(1, 2, 41, 43)),
    (Typist().click(9, 8, mods=2),
     [("down", _L_CTRL, 0), *_clicks(1, 1, 9, 8, _CTRL), ("up", _L_CTRL, _CTRL)]),
    (Typist().click(500, 100).click(500, 100), _clicks(2, 1, 500, 100)),
    (Typist().click(60, 61, "right").click(60, 61, "right"), _clicks(2, 3, 60, 61)),
    (Typist().click(7, 5).click(7, 5).click(7, 5), _clicks(3, 1, 7, 5)),
    (Typist().drag((101, 102), (707, 408)),
     [("press", 1, 101, 102, 0), ("move", 707, 408), ("release", 1, 707, 408, 0)]),
    (Typist().scroll(-3), _clicks(3, 5, 5, 5)),
    (Typist().scroll(2, 1), [*_clicks(2, 4, 5, 5), *_clicks(1, 7, 5, 5)]),
    (Typist().write("a 5'"), _typed(*map(ord, "a 5'"))),
    (Typist().write("\\").add("key_down", key='"', key_class="char"),
     [*_typed(ord("\\")), ("down", _L_SHIFT, 0), ("down", ord('"'), 0), ("up", _L_SHIFT, 0),
      ("up", ord("'"), 0)]),
    (Typist().key("enter", "enter"), _typed(_RETURN)),
    (_repeats(), _typed(_DOWN, _DOWN)),
    (Typist().holding("ctrl_l", 2, "s"),
     [("down", _L_CTRL, 0), ("down", ord("s"), _CTRL), ("up", ord("s"), _CTRL),
      ("up", _L_CTRL, _CTRL)]),
]  # fmt: skip
"""What a person did, and what a window gets of its code: the same as of PyAutoGUI 0.9.54."""


def test_the_code_of_each_kind_of_step_does_on_a_display_what_was_done(
    desktop: VirtualDesktop, window: Window
) -> None:
    (shown,) = re.findall(r"```python\n(class Shares.*?)```", _PAGE, re.DOTALL)
    steps = _done(*(typist for typist, _ in _CASES))
    assert {kind for kind, _ in steps} == {
        "click", "double_click", "triple_click", "drag", "scroll", "type", "key",
    }  # fmt: skip
    with PyAutoGui(desktop.display) as hands:
        for (_, code), (_, wanted) in zip(steps, _CASES, strict=True):
            _only_calls(code)
            names = {"pyautogui": hands, "time": time, "step": {"code_pyautogui": code}}
            exec(compile(shown, "docs/steps.md", "exec"), names)  # noqa: S102 - our own page
            wait_for(partial(window.has_heard, wanted), 45)
            assert window.taken() == wanted, code


def _only_calls(code: str) -> None:
    """Check that code is lines of calls of one function each, with constants alone."""
    for line in ast.parse(code).body:
        assert isinstance(line, ast.Expr)
        call = line.value
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        assert isinstance(call.func.value, ast.Name)
        assert call.func.value.id == "pyautogui"
        for value in (*call.args, *(word.value for word in call.keywords)):
            ast.literal_eval(value)
