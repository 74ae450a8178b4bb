"""`recorder`: finds the command and runs it; each command's module is imported when asked."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from recorder import __version__
from recorder.cli import output
from recorder.core.errors import ExitCode, RecorderError

if TYPE_CHECKING:
    from typer import Typer

_FAST = frozenset({"pause", "resume", "status"})


@dataclass(frozen=True, slots=True)
class Command:
    """One command: where it lives, and its line in `recorder --help`."""

    name: str
    module: str
    member: str
    summary: str


COMMANDS = (
    Command("start", "start", "start", "Start recording; leads a new account through its choices."),
    Command("pause", "fast", "pause", "Stop capturing until you resume; ends the capture processes."),
    Command("resume", "fast", "resume", "Go on after a pause."),
    Command("stop", "stop", "stop", "Stop recording and close the episode."),
    Command("status", "fast", "status", "Show what is being recorded, stored and lost."),
    Command("apps", "apps", "app", "Choose the apps and sites that may be recorded."),
    Command("consent", "consent", "app", "Give, show, verify or withdraw consent."),
    Command("init", "init", "init", "Make the folder and its keys."),
    Command("task", "task", "app", "Label what you are doing."),
    Command("forget", "forget", "forget", "Delete the last minutes."),
    Command("list", "list", "list_episodes", "List episodes."),
    Command("show", "show", "show", "Show one episode."),
    Command("sql", "sql", "sql", "Query own episodes with SQL."),
    Command("delete", "delete", "delete", "Delete episodes or parts of them."),
    Command("export", "export", "export", "Write a plain copy of episodes."),
    Command("try-redaction", "try_redaction", "app", "Show what redaction would remove."),
    Command("demo", "demo", "demo", "Record real programs on a virtual display."),
)  # fmt: skip


def main() -> None:
    """Run the command line; leaves with the exit code of what happened."""
    words = sys.argv[1:]
    try:
        if words and words[0] in _FAST:
            from recorder.cli import fast  # noqa: PLC0415 - the fast path imports nothing else

            raise SystemExit(fast.run(words))
        build(_named(words))(prog_name="recorder")
    except RecorderError as error:
        output.fail(error)
    except KeyboardInterrupt:
        raise SystemExit(int(ExitCode.INTERRUPTED)) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(int(ExitCode.OK)) from None


def build(wanted: frozenset[str]) -> "Typer":
    """Give the application with the wanted commands loaded and the others as one line."""
    import typer  # noqa: PLC0415 - not for the fast path

    app = typer.Typer(
        name="recorder",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        help="Record your own desktop work: opted in, redacted before storage, yours.",
    )
    app.callback(invoke_without_command=True)(_options())
    for command in COMMANDS:
        _register(app, command, loaded=command.name in wanted)
    return app


def _options() -> Callable[..., None]:
    import typer  # noqa: PLC0415 - not for the fast path

    def options(
        version: bool = typer.Option(False, "--version", help="Print the version."),  # noqa: FBT001, FBT003 - typer's way
    ) -> None:
        if version:
            output.emit("version", {"version": __version__}, as_json=False, human=__version__)
            raise typer.Exit

    return options


def _register(app: "Typer", command: Command, *, loaded: bool) -> None:
    """Add a command: the real one, or a line in the help whose module is not imported."""
    if not loaded or command.name in _FAST:
        app.command(command.name, help=command.summary)(_unloaded)
        return
    found = getattr(import_module(f"recorder.cli.{command.module}"), command.member)
    if command.member == "app":
        app.add_typer(found, name=command.name, help=command.summary)
    else:
        app.command(command.name, help=command.summary)(found)


def _unloaded() -> None:
    """Stand for a command in the list of commands."""


def _named(words: list[str]) -> frozenset[str]:
    """Give the words that may name a command, also those of a line being completed."""
    completing = os.environ.get("_TYPER_COMPLETE_ARGS", os.environ.get("COMP_WORDS", ""))
    return frozenset(words[:3]) | frozenset(completing.split())


if __name__ == "__main__":
    main()
