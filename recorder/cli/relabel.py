"""`recorder relabel`: changes or drops what a task of a stored episode is called."""

import secrets
import sys
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.never_file import OwnWords
from recorder.cli.opening import (
    EpisodeArgument,
    FolderOption,
    JsonOption,
    PassphraseOption,
    YesOption,
    open_own,
    own_folder,
    refuse_live,
)
from recorder.cli.own_rules_file import rules_for
from recorder.cli.spans import clock_text
from recorder.core.context import ContextKind, ContextRow
from recorder.core.proofs import Redacted
from recorder.episodes.relabelling import Task, relabel, tasks
from recorder.places import places

_LIMIT = 2000


def relabel_task(  # noqa: PLR0913 - one parameter an option
    episode_id: EpisodeArgument = "last",
    number: Annotated[
        int | None, typer.Argument(help="The task's; without it all are shown.")
    ] = None,
    *,
    instruction: Annotated[
        str | None, typer.Option(help="What you set out to do; - reads stdin.")
    ] = None,
    outcome: Annotated[str | None, typer.Option(help="How it went; - reads stdin.")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Remove the label.")] = False,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the tasks of an episode; with a number change or drop one, redacted as typed text."""
    if number is None and (drop or instruction is not None or outcome is not None):
        raise output.UsageError("Name the task by its number", "recorder relabel ID shows them")
    if number is not None and drop is (instruction is not None or outcome is not None):
        raise output.UsageError(
            "Give --instruction, --outcome, or --drop", 'recorder relabel ID 7 --outcome "sent"'
        )
    where = own_folder(folder)
    episode = open_own(where, [episode_id], passphrase_file)[0]
    if number is not None:
        refuse_live(where, [episode.path])
        output.confirm("Replace the label for good?", yes=yes)
        old = next((task for task in tasks(episode) if task.seq == number), None)
        label = (
            None
            if drop
            else redacted_label(
                _text(instruction, old.instruction if old else None),
                _text(outcome, old.outcome if old else None),
            )
        )
        relabel(episode, number, label)
    found = tasks(episode)
    payload: output.Payload = {
        "episode_id": episode.episode_id,
        "tasks": [
            {"number": t.seq, "t_ns": t.t_ns, "instruction": t.instruction, "outcome": t.outcome}
            for t in found
        ],
    }
    output.emit("relabel", payload, as_json, lambda: _told(found))


def redacted_label(instruction: str | None, outcome: str | None) -> Redacted[ContextRow]:
    """Give a label as it may be stored: redacted by the rules in force and own words."""
    from recorder.redaction.context import redact_task  # noqa: PLC0415 - loads the rules
    from recorder.redaction.entities import EntityBook  # noqa: PLC0415 - as above
    from recorder.redaction.text import TextRedactor  # noqa: PLC0415 - as above

    own = OwnWords(places())
    own.current()  # a list that cannot be read is said before anything is judged
    row = ContextRow(0, ContextKind.TASK, instruction=instruction, outcome=outcome)
    book = EntityBook(secrets.token_bytes(32))
    return redact_task(row, TextRedactor(rules_for(places(), own)), book)


def _text(given: str | None, old: str | None) -> str | None:
    """Give what is to stand there: the new words, else the old ones."""
    if given is None:
        return old
    text = (sys.stdin.readline() if given == "-" else given).strip()
    if len(text) > _LIMIT:
        raise output.UsageError(f"Say it in {_LIMIT} characters at most", "recorder relabel --help")
    return text or None


def _told(found: list[Task]) -> str:
    lines = [
        f"{task.seq:>6}  {clock_text(task.t_ns)}  {task.instruction or ''}"
        + (f"  [{task.outcome}]" if task.outcome else "")
        for task in found
    ]
    return output.printable("\n".join(lines) or "No task was labelled.")
