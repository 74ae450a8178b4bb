"""AgentNet's form: one JSON line a task, PNG files beside it.

Source: data set card of xlangai/AgentNet and `raw_example.jsonl` of OpenCUA (arXiv:2508.09123),
2025: {task_id, instruction, traj: [{index, image, value: {code, observation, thought, action,
last_step_correct, last_step_redundant, reflection}}]} and marks of the whole task. All but the
code were written by a language model there; here they are null.
"""

import json
from typing import Any, Final

from recorder.files import whole_file
from recorder.research.exports.pictures import Pictures, Unreadable
from recorder.research.exports.tasks import DAMAGED, Exported, Step, Task, Wish, tasks, why_unsaid

LINES: Final = "agentnet.jsonl"
EMPTY_OF_STEP: Final = (
    "observation", "thought", "action", "last_step_correct", "last_step_redundant", "reflection",
)  # fmt: skip
EMPTY_OF_TASK: Final = (
    "task_completed", "alignment_score", "efficiency_score", "task_difficulty", "reason",
    "natural_language_task", "actual_task",
)  # fmt: skip


def write_agentnet(wish: Wish) -> None:
    """Write tasks with at least one step that has code and a picture.

    Raises:
        ShardDamaged: A file of the dataset cannot be read to its end.
        OSError: The copy cannot be written.
    """
    pictures = Pictures(wish.target)
    with whole_file(wish.target / LINES) as file:
        for task, steps in tasks(wish):
            found = [made for step in steps if (made := _step(step, pictures, wish.done))]
            if found:
                wish.done.tasks += 1
                line = {**_task(task), "traj": [{"index": n, **x} for n, x in enumerate(found)]}
                file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    wish.done.pictures = pictures.count


def _task(task: Task) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "instruction": task.instruction or "",
        **dict.fromkeys(EMPTY_OF_TASK),
        "split": task.split,
    }


def _step(step: Step, pictures: Pictures, done: Exported) -> dict[str, Any] | None:
    """Give an entry of `traj` without its index; None for a step that is left out."""
    why = why_unsaid(step, step["code_pyautogui"])
    try:
        image = "" if why else pictures.put(step)
    except Unreadable:
        why = DAMAGED
    if why:
        done.left_out[why] += 1
        return None
    done.steps += 1
    value = {"code": step["code_pyautogui"], **dict.fromkeys(EMPTY_OF_STEP)}
    return {
        "image": image,
        "value": value,
        "step_index": step["step_index"],
        "redacted": step["redacted"],
    }
