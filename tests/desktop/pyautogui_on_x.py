"""The part of PyAutoGUI that steps are written in, over XTEST: its names, arguments, events.

PyAutoGUI itself cannot be installed beside the product (docs/decisions/pyautogui-by-hand.md).
What reaches a window is what PyAutoGUI 0.9.54 sends, compared by hand, but for its moves to
where the pointer is already.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Self

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

_BUTTONS: Final = {"left": 1, "middle": 2, "right": 3}
_KEYSYMS: Final = {
    "alt": "Alt_L", "backspace": "BackSpace", "ctrl": "Control_L", "down": "Down",
    "enter": "Return", "esc": "Escape", "shift": "Shift_L", "tab": "Tab", "win": "Super_L",
    " ": "space", "!": "exclam", '"': "quotedbl", "%": "percent", "'": "apostrophe",
    "\\": "backslash", "_": "underscore", "~": "asciitilde",
}  # fmt: skip
_SHIFTED: Final = '~!@#$%^&*()_+{}|:"<>?'


class PyAutoGui:
    """Takes pixels, as PyAutoGUI does; a key that it does not know is a KeyError."""

    def __init__(self, display: str) -> None:
        self._display: Any = Display(display)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self._display.close()

    def size(self) -> tuple[int, int]:
        screen = self._display.screen()
        return screen.width_in_pixels, screen.height_in_pixels

    def moveTo(self, x: int, y: int) -> None:  # noqa: N802 - PyAutoGUI's names
        self._send(X.MotionNotify, x=x, y=y)

    def click(self, x: int, y: int, clicks: int = 1, button: str = "left") -> None:
        self.moveTo(x, y)
        for _ in range(clicks):
            self._press_and_release(_BUTTONS[button])

    def rightClick(self, x: int, y: int) -> None:  # noqa: N802
        self.click(x, y, button="right")

    def middleClick(self, x: int, y: int) -> None:  # noqa: N802
        self.click(x, y, button="middle")

    def doubleClick(self, x: int, y: int) -> None:  # noqa: N802
        self.click(x, y, clicks=2)

    def tripleClick(self, x: int, y: int) -> None:  # noqa: N802
        self.click(x, y, clicks=3)

    def dragTo(self, x: int, y: int, button: str = "left") -> None:  # noqa: N802
        self._send(X.ButtonPress, _BUTTONS[button])
        self.moveTo(x, y)
        self._send(X.ButtonRelease, _BUTTONS[button])

    def scroll(self, clicks: int, x: int, y: int) -> None:
        self._turn(4 if clicks > 0 else 5, abs(clicks), (x, y))

    def hscroll(self, clicks: int, x: int, y: int) -> None:
        self._turn(7 if clicks > 0 else 6, abs(clicks), (x, y))

    def keyDown(self, key: str) -> None:  # noqa: N802
        with self._shifted(key):
            self._send(X.KeyPress, self._code(key))

    def keyUp(self, key: str) -> None:  # noqa: N802
        self._send(X.KeyRelease, self._code(key))

    def press(self, keys: Sequence[str], presses: int = 1) -> None:
        for key in [*keys] * presses:
            self.keyDown(key)
            self.keyUp(key)

    def hotkey(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.keyDown(key)
        for key in reversed(keys):
            self.keyUp(key)

    def write(self, message: str) -> None:
        self.press(message)

    def _turn(self, button: int, steps: int, place: tuple[int, int]) -> None:
        self.moveTo(*place)
        for _ in range(steps):
            self._press_and_release(button)

    def _press_and_release(self, button: int) -> None:
        self._send(X.ButtonPress, button)
        self._send(X.ButtonRelease, button)

    @contextmanager
    def _shifted(self, key: str) -> Iterator[None]:
        needs = key.isupper() or (len(key) == 1 and key in _SHIFTED)
        if needs:
            self._send(X.KeyPress, self._code("shift"))
        yield
        if needs:
            self._send(X.KeyRelease, self._code("shift"))

    def _code(self, key: str) -> int:
        name = key if len(key) == 1 and key.isalnum() else _KEYSYMS[key]
        code: int = self._display.keysym_to_keycode(XK.string_to_keysym(name))
        return code

    def _send(self, kind: int, detail: int = 0, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self._display, kind, detail, x=x, y=y)
        self._display.sync()
