"""Actions as code and as the vendors' tools write them, held against the vendors' own fields."""

import ast
import json
from typing import Annotated, Any, Literal, TypedDict, Unpack

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from recorder.research.reduction.acts import Act, Point
from recorder.research.reduction.pyautogui_lines import pyautogui_code
from recorder.research.reduction.vendors import anthropic_json, openai_json


class _Exact(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Point(_Exact):
    x: int
    y: int


class _Held(_Exact):
    keys: list[str] | None = None


class _Click(_Held, _Point):
    type: Literal["click"]
    button: Literal["left", "right", "wheel", "back", "forward"]


class _Double(_Held, _Point):
    type: Literal["double_click"]


class _Drag(_Held):
    type: Literal["drag"]
    path: list[_Point] = Field(min_length=2)


class _Press(_Exact):
    type: Literal["keypress"]
    keys: list[str] = Field(min_length=1)


class _Scroll(_Held, _Point):
    type: Literal["scroll"]
    scroll_x: int
    scroll_y: int


class _Type(_Exact):
    type: Literal["type"]
    text: str


class _Wait(_Exact):
    type: Literal["wait"]


OPENAI: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        _Click | _Double | _Drag | _Press | _Scroll | _Type | _Wait, Field(discriminator="type")
    ]
)
"""openai-python, types/responses/response_computer_tool_call.py, without move and screenshot."""

_Pair = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)]


class _Pointed(_Exact):
    action: Literal["left_click", "right_click", "middle_click", "double_click", "triple_click"]
    coordinate: _Pair
    text: str | None = None


class _Dragged(_Exact):
    action: Literal["left_click_drag"]
    start_coordinate: _Pair
    coordinate: _Pair


class _Scrolled(_Exact):
    action: Literal["scroll"]
    coordinate: _Pair
    scroll_direction: Literal["up", "down", "left", "right"]
    scroll_amount: Annotated[int, Field(ge=0)]
    text: str | None = None


class _Typed(_Exact):
    action: Literal["type", "key"]
    text: str


class _Timed(_Exact):
    action: Literal["hold_key", "wait"]
    duration: Annotated[float, Field(ge=0, le=100)]
    text: str | None = None


ANTHROPIC: TypeAdapter[Any] = TypeAdapter(
    Annotated[_Pointed | _Dragged | _Scrolled | _Typed | _Timed, Field(discriminator="action")]
)
"""The tool computer_20250124 of Anthropic's reference implementation and documentation."""

PLAIN = Act(
    action_type="click", button=None, clicks=None, text=None, keys=None, scroll_dx=None,
    scroll_dy=None, duration_ms=1500, start=None, end=None,
)  # fmt: skip
AT = (12, 34)


class _Told(TypedDict, total=False):
    button: str
    clicks: int
    text: str
    keys: list[str]
    scroll_dx: float
    scroll_dy: float
    start: Point
    end: Point
    path: list[Point]


def act(what: str, **told: Unpack[_Told]) -> Act:
    return PLAIN._replace(action_type=what, **told)


CASES = [
    (
        act("click", button="left", clicks=1, start=AT),
        {"type": "click", "button": "left", "x": 12, "y": 34},
        {"action": "left_click", "coordinate": [12, 34]},
    ),
    (
        act("click", button="right", clicks=1, start=AT, keys=["ctrl", "shift"]),
        {"type": "click", "button": "right", "x": 12, "y": 34, "keys": ["CTRL", "SHIFT"]},
        {"action": "right_click", "coordinate": [12, 34], "text": "ctrl+shift"},
    ),
    (
        act("click", button="middle", clicks=1, start=AT),
        {"type": "click", "button": "wheel", "x": 12, "y": 34},
        {"action": "middle_click", "coordinate": [12, 34]},
    ),
    (
        act("click", button="button8", clicks=1, start=AT),
        {"type": "click", "button": "back", "x": 12, "y": 34},
        None,
    ),
    (
        act("double_click", button="left", clicks=2, start=AT),
        {"type": "double_click", "x": 12, "y": 34},
        {"action": "double_click", "coordinate": [12, 34]},
    ),
    (act("double_click", button="right", clicks=2, start=AT), None, None),
    (
        act("triple_click", button="left", clicks=3, start=AT),
        None,
        {"action": "triple_click", "coordinate": [12, 34]},
    ),
    (
        act("drag", button="left", start=AT, end=(90, 34), path=[AT, (50, 40), (90, 34)]),
        {
            "type": "drag",
            "path": [{"x": 12, "y": 34}, {"x": 50, "y": 40}, {"x": 90, "y": 34}],
        },
        {"action": "left_click_drag", "start_coordinate": [12, 34], "coordinate": [90, 34]},
    ),
    (act("drag", button="right", start=AT, end=(90, 34)), None, None),
    (
        act("scroll", start=AT, scroll_dx=0.0, scroll_dy=-3.0),
        {"type": "scroll", "x": 12, "y": 34, "scroll_x": 0, "scroll_y": 300},
        {
            "action": "scroll", "coordinate": [12, 34], "scroll_direction": "down",
            "scroll_amount": 3,
        },
    ),
    (
        act("scroll", start=AT, scroll_dx=2.0, scroll_dy=1.0, keys=["ctrl"]),
        {"type": "scroll", "x": 12, "y": 34, "scroll_x": 200, "scroll_y": -100, "keys": ["CTRL"]},
        None,
    ),
    (
        act("type", text="é <EMAIL_1>"),
        {"type": "type", "text": "é <EMAIL_1>"},
        {"action": "type", "text": "é <EMAIL_1>"},
    ),
    (act("type"), None, None),
    (
        act("key", keys=["ctrl", "shift", "page_up"], clicks=1),
        {"type": "keypress", "keys": ["CTRL", "SHIFT", "PAGEUP"]},
        {"action": "key", "text": "ctrl+shift+Page_Up"},
    ),
    (
        act("key", keys=["alt_l"], clicks=1),
        {"type": "keypress", "keys": ["ALT"]},
        {"action": "key", "text": "alt"},
    ),
    (
        act("key", keys=["f5"], clicks=1),
        {"type": "keypress", "keys": ["F5"]},
        {"action": "key", "text": "F5"},
    ),
    (
        act("key", keys=["down"], clicks=12),
        None,
        {"action": "hold_key", "text": "Down", "duration": 1.5},
    ),
    (act("wait"), {"type": "wait"}, {"action": "wait", "duration": 1.5}),
    (act("click", button="left", clicks=1), None, None),
    (act("terminate"), None, None),
]  # fmt: skip


@pytest.mark.parametrize(("done", "openai", "anthropic"), CASES)
def test_an_action_is_written_in_the_fields_of_each_vendor_or_not_at_all(
    done: Act, openai: dict[str, Any] | None, anthropic: dict[str, Any] | None
) -> None:
    for found, expected, schema in (
        (openai_json(done), openai, OPENAI),
        (anthropic_json(done), anthropic, ANTHROPIC),
    ):
        assert (None if found is None else json.loads(found)) == expected
        if found is not None:
            schema.validate_json(found)


LINES = [
    (act("click", button="left", start=(0.5, 1 / 3)), "pyautogui.click(x=0.5000, y=0.3333)"),
    (act("click", button="right", start=(0, 1)), "pyautogui.rightClick(x=0.0000, y=1.0000)"),
    (act("click", button="middle", start=(0, 1)), "pyautogui.middleClick(x=0.0000, y=1.0000)"),
    (act("click", button="button8", start=(0, 1)), None),
    (
        act("double_click", button="left", start=(0, 1)),
        "pyautogui.doubleClick(x=0.0000, y=1.0000)",
    ),
    (
        act("double_click", button="right", clicks=2, start=(0, 1)),
        "pyautogui.click(x=0.0000, y=1.0000, clicks=2, button='right')",
    ),
    (
        act("triple_click", button="left", start=(0, 1)),
        "pyautogui.tripleClick(x=0.0000, y=1.0000)",
    ),
    (
        act("click", button="left", start=(0, 1), keys=["ctrl"]),
        "pyautogui.keyDown('ctrl')\npyautogui.click(x=0.0000, y=1.0000)\npyautogui.keyUp('ctrl')",
    ),
    (
        act("drag", button="left", start=(0, 1), end=(1, 0)),
        "pyautogui.moveTo(x=0.0000, y=1.0000)\npyautogui.dragTo(x=1.0000, y=0.0000, button='left')",
    ),
    (act("drag", button="left", start=(0, 1)), None),
    (
        act("scroll", start=(0, 1), scroll_dx=1.0, scroll_dy=-2.0),
        "pyautogui.scroll(-2, x=0.0000, y=1.0000)\npyautogui.hscroll(1, x=0.0000, y=1.0000)",
    ),
    (act("scroll", start=(0, 1), scroll_dx=0.0, scroll_dy=0.0), None),
    (act("type", text='it\'s "ok"\\'), "pyautogui.write(message='it\\'s \"ok\"\\\\')"),
    (act("type"), None),
    (act("key", keys=["page_down"], clicks=1), "pyautogui.press(keys=['pagedown'])"),
    (act("key", keys=["ctrl", "z"], clicks=2), "\n".join(["pyautogui.hotkey(['ctrl', 'z'])"] * 2)),
    (act("key", keys=["ctrl", "shift", "T"], clicks=1), "pyautogui.hotkey(['ctrl', 'shift', 'T'])"),
    (act("key", keys=["kp_begin"], clicks=1), None),
    (act("key", keys=["ctrl", "ü"], clicks=1), None),
    (act("wait"), "time.sleep(1.5)"),
    (act("terminate"), None),
]


@pytest.mark.parametrize(("done", "code"), LINES)
def test_an_action_is_a_line_that_pyautogui_understands(done: Act, code: str | None) -> None:
    found = pyautogui_code(done)
    assert found == code
    if found is not None:
        ast.parse(found)
