"""An action as a line of PyAutoGUI, with places as shares of the picture, as AgentNet's."""

from collections.abc import Callable
from typing import Final

from recorder.research.reduction.acts import Act, Point, plain_name

_NAMES: Final = {
    "altgr": "altright", "cmd": "win", "super": "win", "caps_lock": "capslock", "num_lock": "numlock",
    "scroll_lock": "scrolllock", "page_up": "pageup", "page_down": "pagedown",
    "print_screen": "printscreen", "menu": "apps", "media_play_pause": "playpause",
    "media_next": "nexttrack", "media_previous": "prevtrack", "media_volume_up": "volumeup",
    "media_volume_down": "volumedown", "media_volume_mute": "volumemute",
}  # fmt: skip
"""Where PyAutoGUI's KEYBOARD_KEYS name a key otherwise than pynput."""
_KNOWN: Final = frozenset(_NAMES.values()) | {
    "alt", "backspace", "ctrl", "delete", "down", "end", "enter", "esc", "help", "home", "insert",
    "left", "pause", "right", "shift", "space", "tab", "up", *(f"f{n}" for n in range(1, 25)),
}  # fmt: skip
"""Names in its KEYBOARD_KEYS; one that it does not know it drops without a word."""
_CLICKS: Final = {
    ("click", "left"): "click",
    ("click", "right"): "rightClick",
    ("click", "middle"): "middleClick",
    ("double_click", "left"): "doubleClick",
    ("triple_click", "left"): "tripleClick",
}
_BUTTONS: Final = ("left", "middle", "right")


def pyautogui_code(act: Act) -> str | None:
    """Give the code of an action; None where PyAutoGUI cannot say it or a place is unknown."""
    make = _MAKERS.get(act.action_type)
    return None if make is None else make(act)


def _click(act: Act) -> str | None:
    if act.start is None or act.button not in _BUTTONS:
        return None
    where = _place(act.start)
    name = _CLICKS.get((act.action_type, act.button))
    if name is not None:
        return _held(act, f"pyautogui.{name}({where})")
    return _held(act, f"pyautogui.click({where}, clicks={act.clicks}, button={act.button!r})")


def _drag(act: Act) -> str | None:
    if act.start is None or act.end is None or act.button not in _BUTTONS:
        return None
    drag = f"pyautogui.dragTo({_place(act.end)}, button={act.button!r})"
    return _held(act, f"pyautogui.moveTo({_place(act.start)})\n{drag}")


def _scroll(act: Act) -> str | None:
    if act.start is None:
        return None
    moves = (("scroll", act.scroll_dy), ("hscroll", act.scroll_dx))
    lines = [
        f"pyautogui.{name}({round(steps)}, {_place(act.start)})"
        for name, steps in moves
        if steps and round(steps)
    ]
    return _held(act, "\n".join(lines)) if lines else None


def _type(act: Act) -> str | None:
    return None if act.text is None else f"pyautogui.write(message={act.text!r})"


def _key(act: Act) -> str | None:
    if not act.keys:
        return None
    names = [_key_name(key) for key in act.keys]
    if not all(name in _KNOWN or (len(name) == 1 and name.isascii()) for name in names):
        return None
    times = act.clicks or 1
    if len(names) == 1:
        presses = f", presses={times}" if times > 1 else ""
        return f"pyautogui.press(keys={names}{presses})"
    return "\n".join([f"pyautogui.hotkey({names})"] * times)


def _wait(act: Act) -> str:
    return f"time.sleep({act.duration_ms / 1000:g})"


def _key_name(key: str) -> str:
    plain = plain_name(key)
    return _NAMES.get(plain, plain)


def _place(point: Point) -> str:
    return f"x={point[0]:.4f}, y={point[1]:.4f}"


def _held(act: Act, code: str) -> str:
    """Give the code between pressing and releasing the modifiers held."""
    names = [_key_name(key) for key in act.keys or ()]
    down = [f"pyautogui.keyDown({name!r})" for name in names]
    up = [f"pyautogui.keyUp({name!r})" for name in reversed(names)]
    return "\n".join([*down, code, *up]) if names else code


_MAKERS: Final[dict[str, Callable[[Act], str | None]]] = {
    "click": _click, "double_click": _click, "triple_click": _click, "drag": _drag,
    "scroll": _scroll, "type": _type, "key": _key, "wait": _wait,
}  # fmt: skip
