"""A dataset's steps task by task, and what of them a format cannot say."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from recorder.research.looking.folder import DatasetFolder

Step = dict[str, Any]
NO_PICTURE: Final = "no picture"
DAMAGED: Final = "picture cannot be read"
NO_ACTION: Final = "action cannot be read"
NO_TEXT: Final = "text not consented"
NO_WORD: Final = "the format has no such action"


@dataclass(slots=True)
class Exported:
    """What a copy holds. `left_out`: steps that are not in it, by reason."""

    steps: int = 0
    tasks: int = 0
    pictures: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a copy is made of.

    Attributes:
        dataset: Where the steps are.
        target: An empty folder; the copy is written into it.
        done: Noted as it goes.
        step: Called after each step.
        embed: Put pictures into the lines, as base64, instead of beside them.
    """

    dataset: DatasetFolder
    target: Path
    done: Exported
    step: Callable[[], None]
    embed: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Steps of one episode under one instruction, one after the other.

    Attributes:
        task_id: The episode's id and the task's number in it, from 0.
        instruction: What the participant set out to do; None where they did not say.
    """

    task_id: str
    episode_id: str
    split: str
    instruction: str | None


def tasks(wish: Wish) -> Iterator[tuple[Task, Iterator[Step]]]:
    """Give each task with its steps, which must be read before the next task.

    Raises:
        ShardDamaged: A file cannot be read to its end.
    """
    numbers: Counter[str] = Counter()
    for (split, episode_id, instruction), steps in groupby(_told(wish), _task):
        number = numbers[episode_id]
        numbers[episode_id] += 1
        yield Task(f"{episode_id}-{number}", episode_id, split, instruction), steps


def why_unsaid(step: Step, said: object) -> str:
    """Give why a step is not in a copy; "" when it can be. `said`: the format's word for it."""
    if step["image"] is None or step["image"]["bytes"] is None:
        return NO_PICTURE
    if said is None:
        return NO_TEXT if step["action_type"] == "type" and step["text"] is None else NO_WORD
    return ""


def _told(wish: Wish) -> Iterator[Step]:
    for step in wish.dataset.steps():
        yield step
        wish.step()


def _task(step: Step) -> tuple[str, str, str | None]:
    return step["split"], step["episode_id"], step["instruction"]
