"""`recorder dataset export`: a copy in a form that others load."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.opening import JsonOption
from recorder.cli.progress import progress
from recorder.core.amounts import count_text
from recorder.research.exports.exporting import Form, export_dataset
from recorder.research.exports.handing import listed_in, note_copy
from recorder.research.exports.tasks import Exported
from recorder.research.looking.folder import DatasetFolder
from recorder.sharing.drops import names_store


def folder_here(path: Path) -> Path:
    """Give where something is written, absolute.

    Raises:
        UsageError: It is the address of a store.
    """
    if names_store(path):
        raise output.UsageError(
            "Copies, pages and charts are written to this computer, not to a store",
            "name a folder here",
        )
    return path.expanduser().absolute()


def folders_to_complete(begun: str) -> list[str]:
    """Give the folders that a shell may complete; nothing of a store."""
    place, _, name = begun.rpartition("/")
    above = Path(f"{place}/" if begun.startswith("/") else place or ".").expanduser()
    if "://" in begun or not above.is_dir():
        return []
    found = sorted(one.name for one in above.iterdir() if one.is_dir())
    shown = [one for one in found if one.startswith(name) and (name or one[0] != ".")]
    return [f"{begun.removesuffix(name)}{one}" for one in shown]


DatasetArgument = Annotated[
    str,
    typer.Argument(
        help="The folder of recorder dataset build --out, or s3://bucket/folder.",
        autocompletion=folders_to_complete,
    ),
]
CollectionOption = Annotated[
    Path | None,
    typer.Option("--collection", help="Its collection, where the dataset lies elsewhere."),
]


class _Form(StrEnum):
    HF = "hf"
    AGENTNET = "agentnet"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"


_FORMS: dict[_Form, Form] = {
    _Form.HF: "hf", _Form.AGENTNET: "agentnet", _Form.OPENAI: "openai",
    _Form.ANTHROPIC: "anthropic",
}  # fmt: skip


def export(  # noqa: PLR0913 - one parameter an option
    dataset: DatasetArgument,
    *,
    to: Annotated[Path, typer.Option("--to", help="Folder for the copy; must not exist.")],
    form: Annotated[_Form, typer.Option("--format", help="Whose form.")] = _Form.HF,
    embed: Annotated[
        bool, typer.Option("--embed", help="For openai, anthropic: pictures in the lines.")
    ] = False,
    collection: CollectionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a copy: for Hugging Face, in AgentNet's form, or as computer-use actions.

    The dataset's list notes the copy, so that an erasure names it to you: erasing cannot reach
    copies.
    """
    if embed and form not in {_Form.OPENAI, _Form.ANTHROPIC}:
        raise output.UsageError(
            "Only openai and anthropic hold pictures in lines", "leave --embed away"
        )
    target, found = folder_here(to), DatasetFolder.open(dataset)
    listed = listed_in(found.place, collection)
    if listed is None and collection is not None:
        raise output.UsageError(
            f"{collection} lists no dataset in {dataset}",
            "name the collection that it was built from",
        )
    if listed is None:
        output.say(
            "No collection lists this dataset: if a participant asks to be erased, nobody will "
            "name this copy to you. Fix: --collection FOLDER"
        )
    else:
        note_copy(listed, f"{form} copy in {target}")
    with progress("Copying", found.rows) as step:
        done = export_dataset(found, target, _FORMS[form], step, embed=embed)
    payload: output.Payload = {
        "format": str(form),
        "to": str(target),
        "steps": done.steps,
        "tasks": done.tasks,
        "pictures": done.pictures,
        "left_out": dict(done.left_out),
        "listed": listed is not None,
    }
    output.emit("dataset-export", payload, as_json, lambda: _told(target, done, listed))


def _told(target: Path, done: Exported, listed: Path | None) -> str:
    lines = [f"Wrote {count_text(done.steps, 'step')} to {target}"]
    lines += [
        f"  left out: {count_text(n, 'step')}, {why}" for why, n in done.left_out.most_common()
    ]
    if listed is not None:
        lines.append(f"Noted in the list of {listed.name}: an erasure will name this copy to you.")
    return output.printable("\n".join(lines))
