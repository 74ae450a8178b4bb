"""`recorder task begin` and `end`: labels what is being done, redacted like typed text."""

import sys
from typing import Annotated

import typer

from recorder.agent.client import ask
from recorder.cli import output
from recorder.cli.opening import FolderOption, JsonOption
from recorder.places import places

_LIMIT = 2000

app = typer.Typer(no_args_is_help=True)


@app.command(epilog='Example: recorder task begin "write the report"')
def begin(
    instruction: Annotated[str, typer.Argument(help="What you set out to do; - reads stdin.")],
    *,
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what you set out to do."""
    del folder  # one agent serves one folder
    _tell({"action": "begin", "instruction": _text(instruction)})
    output.emit("task", {"action": "begin"}, as_json, "The task begins.")


@app.command(epilog='Example: recorder task end --outcome "sent"')
def end(
    *,
    outcome: Annotated[str | None, typer.Option(help="How it went; - reads stdin.")] = None,
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that it is done, and how it went."""
    del folder  # one agent serves one folder
    _tell({"action": "end", "outcome": None if outcome is None else _text(outcome)})
    output.emit("task", {"action": "end"}, as_json, "The task ends.")


def _tell(request: dict[str, object]) -> None:
    ask(places().socket, {"verb": "task", **request})


def _text(given: str) -> str:
    text = (sys.stdin.readline() if given == "-" else given).strip()
    if not text or len(text) > _LIMIT:
        raise output.UsageError(f"Say it in 1 to {_LIMIT} characters", "recorder task --help")
    return text
