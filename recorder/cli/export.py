"""`recorder export`: a plain copy of episodes, with a warning."""

import errno
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.opening import (
    FolderOption,
    JsonOption,
    PassphraseOption,
    names_to_complete,
    open_own,
    own_folder,
)
from recorder.cli.progress import progress
from recorder.episodes.exporting import CopyExists, CopyUnwritable, Form, export_episode
from recorder.files import private_folder


class _Form(StrEnum):
    PARQUET = "parquet"
    JSONL = "jsonl"
    HTML = "html"


def export(  # noqa: PLR0913 - one parameter an option
    episode_id: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids of recorder list, or last; else all.", autocompletion=names_to_complete
        ),
    ] = None,
    *,
    to: Annotated[Path, typer.Option("--to", help="Folder for the copy.")],
    form: Annotated[_Form, typer.Option("--format", help="Kind of files.")] = _Form.PARQUET,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a plain copy of episodes: redacted, but readable by anyone who gets it.

    A copy that exists stays as it is; the others are written all the same.
    """
    episodes = open_own(own_folder(folder), episode_id or (), passphrase_file)
    forms: dict[_Form, Form] = {
        _Form.PARQUET: "parquet", _Form.JSONL: "jsonl", _Form.HTML: "html",
    }  # fmt: skip
    output.say("Warning: the copy is not encrypted. Whoever gets it can read it.")
    target = _target(to)
    written: list[Path] = []
    there: list[CopyExists] = []
    with progress("Copying", len(episodes)) as step:
        for episode in episodes:
            try:
                written.append(export_episode(episode, target, forms[form]))
            except CopyExists as error:
                there.append(error)
            step()
    for episode in episodes:
        for problem in episode.problems:
            output.say(f"{episode.episode_id}: {problem.file} is {problem.why}, left out")
    if there and not written:
        raise there[0]
    for one in there:
        output.say(str(one))
    payload: output.Payload = {"written": [str(path) for path in written]}
    output.emit("export", payload, as_json, "\n".join(map(str, written)) or "Nothing to export.")


def _target(to: Path) -> Path:
    """Make the folder for the copies.

    Raises:
        CopyUnwritable: It cannot be made.
    """
    target = to.expanduser().absolute()
    try:
        private_folder(target)
    except OSError as cause:
        raise CopyUnwritable(target, cause) from cause
    if not target.is_dir():
        raise CopyUnwritable(target, NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)))
    return target
