"""An action as OpenAI's and Anthropic's computer-use tools write it, in pixels of the picture.

Fields after OpenAI's `ResponseComputerToolCall` (openai-python, computer_use_preview and
computer tools, read in November 2026) and Anthropic's `computer_20250124`. What a format has
no action for is None, never something like it.
"""

import json
from collections.abc import Callable
from typing import Final

from recorder.research.reduction.acts import Act, Point, plain_name

SCROLL_STEP_PX: Final = 100
"""Of one wheel step in OpenAI's pixels: what Chromium scrolls on one (its `WheelEvent.deltaY`)."""
_Action = dict[str, object]
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)
"""`json.dumps` with an option makes one for each call."""

_OPENAI_BUTTONS: Final = {
    "left": "left", "right": "right", "middle": "wheel", "button8": "back", "button9": "forward",
}  # fmt: skip
_OPENAI_KEYS: Final = {
    "up": "ARROWUP", "down": "ARROWDOWN", "left": "ARROWLEFT", "right": "ARROWRIGHT",
    "page_up": "PAGEUP", "page_down": "PAGEDOWN", "caps_lock": "CAPSLOCK",
    "cmd": "SUPER", "altgr": "ALTGRAPH", "print_screen": "PRINTSCREEN",
    "num_lock": "NUMLOCK", "scroll_lock": "SCROLLLOCK", "menu": "CONTEXTMENU",
}  # fmt: skip
"""Where they are not the upper case of pynput's names; OpenAI's sample reads any case."""
_XDOTOOL_KEYS: Final = {
    "enter": "Return", "esc": "Escape", "backspace": "BackSpace", "tab": "Tab",
    "space": "space", "delete": "Delete", "insert": "Insert", "home": "Home", "end": "End",
    "page_up": "Page_Up", "page_down": "Page_Down", "up": "Up", "down": "Down", "left": "Left",
    "right": "Right", "cmd": "super", "altgr": "ISO_Level3_Shift", "caps_lock": "Caps_Lock",
    "num_lock": "Num_Lock", "scroll_lock": "Scroll_Lock", "print_screen": "Print",
    "pause": "Pause", "menu": "Menu", "+": "plus", "-": "minus", " ": "space",
    "kp_begin": "KP_Begin", "media_play_pause": "XF86AudioPlay", "media_next": "XF86AudioNext",
    "media_previous": "XF86AudioPrev", "media_volume_up": "XF86AudioRaiseVolume",
    "media_volume_down": "XF86AudioLowerVolume", "media_volume_mute": "XF86AudioMute",
}  # fmt: skip
_ANTHROPIC_CLICKS: Final = {
    ("click", "left"): "left_click",
    ("click", "right"): "right_click",
    ("click", "middle"): "middle_click",
    ("double_click", "left"): "double_click",
    ("triple_click", "left"): "triple_click",
}


def openai_json(act: Act) -> str | None:
    """Give OpenAI's action object; `Act.start`, `end`, `path` in pixels of the picture."""
    return _json(_OPENAI, act)


def anthropic_json(act: Act) -> str | None:
    """Give the input of Anthropic's computer tool; places in pixels of the picture."""
    return _json(_ANTHROPIC, act)


def _json(makers: dict[str, Callable[[Act], _Action | None]], act: Act) -> str | None:
    make = makers.get(act.action_type)
    action = None if make is None else make(act)
    return None if action is None else _ENCODER.encode(action)


def _openai_click(act: Act) -> _Action | None:
    if act.start is None or act.button not in _OPENAI_BUTTONS:
        return None
    action = {"type": "click", "button": _OPENAI_BUTTONS[act.button], **_xy(act.start)}
    return action | _openai_held(act)


def _openai_double(act: Act) -> _Action | None:
    if act.start is None or act.button != "left":
        return None
    return {"type": "double_click", **_xy(act.start)} | _openai_held(act)


def _openai_drag(act: Act) -> _Action | None:
    if act.start is None or act.end is None or act.button != "left":
        return None
    path = [_xy(point) for point in act.path or (act.start, act.end)]
    return {"type": "drag", "path": path} | _openai_held(act)


def _openai_scroll(act: Act) -> _Action | None:
    if act.start is None:
        return None
    right, down = act.scroll_dx or 0.0, -(act.scroll_dy or 0.0)
    action: _Action = {
        "type": "scroll",
        **_xy(act.start),
        "scroll_x": round(right * SCROLL_STEP_PX),
        "scroll_y": round(down * SCROLL_STEP_PX),
    }
    return action | _openai_held(act)


def _openai_type(act: Act) -> _Action | None:
    return None if act.text is None else {"type": "type", "text": act.text}


def _openai_key(act: Act) -> _Action | None:
    """Give a press; None for a key held down, which the format cannot say."""
    if not act.keys or act.clicks != 1:
        return None
    return {"type": "keypress", "keys": [_openai_name(key) for key in act.keys]}


def _openai_held(act: Act) -> _Action:
    return {"keys": [_openai_name(key) for key in act.keys]} if act.keys else {}


def _openai_name(key: str) -> str:
    plain = plain_name(key)
    return _OPENAI_KEYS.get(plain, plain.upper())


def _anthropic_click(act: Act) -> _Action | None:
    name = _ANTHROPIC_CLICKS.get((act.action_type, act.button or ""))
    if act.start is None or name is None:
        return None
    return {"action": name, "coordinate": _pair(act.start)} | _anthropic_held(act)


def _anthropic_drag(act: Act) -> _Action | None:
    """Give a drag; None with a modifier held, which the format cannot say."""
    if act.start is None or act.end is None or act.button != "left" or act.keys:
        return None
    places = {"start_coordinate": _pair(act.start), "coordinate": _pair(act.end)}
    return {"action": "left_click_drag", **places}


def _anthropic_scroll(act: Act) -> _Action | None:
    """Give a scroll; None where it goes both ways at once, or by less than half a step."""
    right, down = round(act.scroll_dx or 0.0), -round(act.scroll_dy or 0.0)
    if act.start is None or (right == 0) == (down == 0):
        return None
    direction = ("right" if right > 0 else "left") if right else ("down" if down > 0 else "up")
    action: _Action = {
        "action": "scroll",
        "coordinate": _pair(act.start),
        "scroll_direction": direction,
        "scroll_amount": abs(right or down),
    }
    return action | _anthropic_held(act)


def _anthropic_type(act: Act) -> _Action | None:
    return None if act.text is None else {"action": "type", "text": act.text}


def _anthropic_key(act: Act) -> _Action | None:
    if not act.keys:
        return None
    text = "+".join(map(_xdotool_name, act.keys))
    if act.clicks == 1:
        return {"action": "key", "text": text}
    return {"action": "hold_key", "text": text, "duration": act.duration_ms / 1000}


def _anthropic_held(act: Act) -> _Action:
    return {"text": "+".join(map(_xdotool_name, act.keys))} if act.keys else {}


def _xdotool_name(key: str) -> str:
    plain = plain_name(key)
    if plain.startswith("f") and plain[1:].isdigit():
        return plain.upper()
    return _XDOTOOL_KEYS.get(plain, plain)


def _xy(point: Point) -> dict[str, int]:
    return {"x": int(point[0]), "y": int(point[1])}


def _pair(point: Point) -> list[int]:
    return [int(point[0]), int(point[1])]


_OPENAI: Final[dict[str, Callable[[Act], _Action | None]]] = {
    "click": _openai_click, "double_click": _openai_double, "drag": _openai_drag,
    "scroll": _openai_scroll, "type": _openai_type, "key": _openai_key,
    "wait": lambda _: {"type": "wait"},
}  # fmt: skip
_ANTHROPIC: Final[dict[str, Callable[[Act], _Action | None]]] = {
    "click": _anthropic_click, "double_click": _anthropic_click, "triple_click": _anthropic_click,
    "drag": _anthropic_drag, "scroll": _anthropic_scroll, "type": _anthropic_type,
    "key": _anthropic_key,
    "wait": lambda act: {"action": "wait", "duration": act.duration_ms / 1000},
}  # fmt: skip
