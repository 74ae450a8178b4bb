"""Writing a copy of a dataset, whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, get_args

from recorder.core.amounts import count_text
from recorder.episodes.exporting import whole_copy
from recorder.files import write_whole
from recorder.research.exports.action_lines import write_action_lines
from recorder.research.exports.agentnet import EMPTY_OF_STEP, EMPTY_OF_TASK, write_agentnet
from recorder.research.exports.hugging_face import write_hugging_face
from recorder.research.exports.tasks import Exported, Wish
from recorder.research.looking.folder import DatasetFolder
from recorder.research.report_pages import Part, as_markdown

Form = Literal["hf", "agentnet", "openai", "anthropic"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
README: Final = "README.md"
_ABOUT: Final[dict[Form, str]] = {
    "hf": "",
    "agentnet": "AgentNet's form: agentnet.jsonl, a task a line, and its pictures in images. "
    f"Always null, since nobody wrote them: {', '.join((*EMPTY_OF_TASK, *EMPTY_OF_STEP))}. "
    "Ours besides: split, step_index (holes show what was left out), redacted.",
    "openai": "A step a line in steps.jsonl; action is computer_call.action of OpenAI's Responses "
    "API, screenshot the output of the computer_call before it.",
    "anthropic": "A step a line in steps.jsonl; action is the input of Anthropic's tool computer, "
    "screenshot the image block before it.",
}


def export_dataset(
    dataset: DatasetFolder,
    target: Path,
    form: Form,
    step: Callable[[], None],
    *,
    embed: bool = False,
) -> Exported:
    """Write a copy; killed at any instant it is there whole, or not.

    Args:
        dataset: What is copied.
        target: Where; nothing may be there yet.
        form: Whose form.
        step: Called after each step of the dataset.
        embed: For openai and anthropic: pictures as base64 within the lines.

    Raises:
        CopyExists, CopyBusy, CopyUnwritable: There is no copy.
        ShardDamaged: A file of the dataset cannot be read; there is no copy.
    """
    done = Exported()
    with whole_copy(target) as begun:
        wish = Wish(dataset, begun, done, step, embed)
        if form == "hf":
            write_hugging_face(wish)
        elif form == "agentnet":
            write_agentnet(wish)
        else:
            write_action_lines(wish, form)
        if _ABOUT[form]:
            write_whole(begun / README, _readme(form, done).encode())
    return done


def _readme(form: Form, done: Exported) -> str:
    left = [f"{count_text(n, 'step')}: {why}" for why, n in sorted(done.left_out.items())]
    told = (
        _ABOUT[form],
        "Where a value was taken out, its placeholder such as <EMAIL_1> stands in the text.",
        f"{count_text(done.steps, 'step')} of {count_text(done.tasks, 'task')}.",
        f"Left out: {'; '.join(left) or 'nothing'}.",
    )
    return as_markdown("A copy of a dataset", [Part("What it is", told)])
