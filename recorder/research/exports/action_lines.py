"""OpenAI's and Anthropic's computer-use actions: one JSON line a step.

`action` is what the model's tool call would hold (OpenAI: `computer_call.action`; Anthropic:
`input` of the `tool_use` block named computer), `screenshot` the item or block that shows the
screen before it. Positions are pixels of that picture.
"""

import json
from collections.abc import Callable
from typing import Any, Final, Literal

from recorder.files import whole_file
from recorder.research.exports.pictures import IMAGES, Pictures, Unreadable, base64_png
from recorder.research.exports.tasks import DAMAGED, NO_ACTION, Step, Task, Wish, tasks, why_unsaid

Maker = Literal["openai", "anthropic"]
LINES: Final = "steps.jsonl"


def write_action_lines(wish: Wish, maker: Maker) -> None:
    """Write steps that have a picture and an action in the maker's words.

    Raises:
        ShardDamaged: A file of the dataset cannot be read to its end.
        OSError: The copy cannot be written.
    """
    pictures = None if wish.embed else Pictures(wish.target)
    with whole_file(wish.target / LINES) as file:
        for task, steps in tasks(wish):
            before = wish.done.steps
            for step in steps:
                line = _line(wish, maker, pictures, step)
                if line is not None:
                    file.write(json.dumps({**_told(task), **line}, ensure_ascii=False).encode())
                    file.write(b"\n")
            wish.done.tasks += wish.done.steps > before
    wish.done.pictures = wish.done.steps if pictures is None else pictures.count


def _told(task: Task) -> dict[str, Any]:
    return {
        "task_id": task.task_id, "split": task.split, "instruction": task.instruction,
    }  # fmt: skip


def _line(wish: Wish, maker: Maker, pictures: Pictures | None, step: Step) -> dict[str, Any] | None:
    action = step[f"action_{maker}_json"]
    why = why_unsaid(step, action)
    try:
        said = None if why else json.loads(action)
        screenshot = None if why else _screenshot(maker, pictures, step)
    except Unreadable:
        why = DAMAGED
    except (ValueError, RecursionError):
        why = NO_ACTION
    if why:
        wish.done.left_out[why] += 1
        return None
    wish.done.steps += 1
    return {
        "step_index": step["step_index"],
        "screenshot": screenshot,
        "width": step["image_width"],
        "height": step["image_height"],
        "action": said,
        "redacted": step["redacted"],
    }


def _screenshot(maker: Maker, pictures: Pictures | None, step: Step) -> dict[str, Any]:
    if pictures is None:
        return _SHOWN[maker]("base64", base64_png(step["image"]["bytes"]))
    return _SHOWN[maker]("path", f"{IMAGES}/{pictures.put(step)}")


def _openai(kind: str, data: str) -> dict[str, Any]:
    """Give `output` of a `computer_call_output`; a path stands where the API takes a URL."""
    url = f"data:image/png;base64,{data}" if kind == "base64" else data
    return {"type": "computer_screenshot", "image_url": url}


def _anthropic(kind: str, data: str) -> dict[str, Any]:
    """Give an image block; the API takes base64 only, a path must be read in first."""
    named = {"media_type": "image/png", "data": data} if kind == "base64" else {"path": data}
    return {"type": "image", "source": {"type": kind, **named}}


_SHOWN: Final[dict[Maker, Callable[[str, str], dict[str, Any]]]] = {
    "openai": _openai, "anthropic": _anthropic,
}  # fmt: skip
