"""`recorder`: finds the command and runs it; each command's module is imported when asked."""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, cast

from recorder import __version__
from recorder.cli import output
from recorder.core.errors import ExitCode, RecorderError

if TYPE_CHECKING:
    from typer import Typer

_FAST = frozenset({"pause", "resume", "status"})
_OF_A_SHELL = frozenset({"--install-completion", "--show-completion"})


_USUAL = "Recording"
_SCOPE = "What may be recorded"
_OWN = "Your recordings"
_TRY = "Try it without recording"
_RESEARCH = "For researchers"


@dataclass(frozen=True, slots=True)
class Command:
    """One command: where it lives, and how `recorder --help` shows it."""

    name: str
    module: str
    member: str
    group: str
    summary: str
    example: str


COMMANDS = (
    Command("start", "start", "start", _USUAL, "Start recording; leads a new account through its choices.", 'recorder start "file my expenses"'),
    Command("pause", "fast", "pause", _USUAL, "Stop capturing until you resume.", "recorder pause --for 10m"),
    Command("resume", "fast", "resume", _USUAL, "Go on after a pause.", "recorder resume"),
    Command("stop", "stop", "stop", _USUAL, "Stop recording and close the episode.", "recorder stop"),
    Command("status", "fast", "status", _USUAL, "Show what is being recorded, stored and lost.", "recorder status --watch"),
    Command("task", "task", "app", _USUAL, "Label what you are doing.", 'recorder task begin "write the report"'),
    Command("autostart", "autostart", "app", _USUAL, "Start with your desktop, paused.", "recorder autostart on"),
    Command("doctor", "doctor", "doctor", _USUAL, "Check all that a recording needs, and say how to mend it.", "recorder doctor"),
    Command("forget", "forget", "forget", _USUAL, "Delete the last minutes.", "recorder forget 10m"),
    Command("apps", "apps", "app", _SCOPE, "Choose the apps and sites that may be recorded.", "recorder apps allow chromium:jira.example.com"),
    Command("open", "open_browser", "open_browser", _SCOPE, "Start a browser that tells its sites and fields.", "recorder open chromium https://jira.example.com"),
    Command("never", "never", "app", _SCOPE, "Keep words of your own out of everything.", "recorder never add"),
    Command("consent", "consent", "app", _SCOPE, "Give, show, check or take back your consent.", "recorder consent show"),
    Command("init", "init", "init", _SCOPE, "Make the folder and its keys; start does it for you.", "recorder init --folder ~/Recordings"),
    Command("list", "list", "list_episodes", _OWN, "List what is stored, one episode a line.", "recorder list"),
    Command("show", "show", "show", _OWN, "Show what one episode holds.", "recorder show last"),
    Command("review", "review", "review", _OWN, "Look at what was recorded, on a page of your own.", "recorder review last"),
    Command("sql", "sql", "sql", _OWN, "Ask questions of your episodes in SQL.", 'recorder sql "select kind, count(*) from events group by kind"'),
    Command("search", "search", "search_episodes", _OWN, "Find words in what was typed and shown.", "recorder search invoice --app chromium"),
    Command("delete", "delete", "delete", _OWN, "Delete an episode, all of them, or parts.", "recorder delete last --range 10:00..12:30"),
    Command("redact", "redact", "redact", _OWN, "Paint a box out of stored frames.", "recorder redact last --box 40,60,200,24 --frame 12 --window"),
    Command("relabel", "relabel", "relabel_task", _OWN, "Show, change or drop the labels of tasks.", 'recorder relabel last 7 --outcome "sent"'),
    Command("approve", "approve", "approve_episode", _OWN, "Approve an episode for a study; sends nothing.", "recorder approve last --study typing-1"),
    Command("approvals", "approve", "list_approvals", _OWN, "List what you approved, whether it holds, and what is in it.", "recorder approvals last --show"),
    Command("share", "share", "app", _OWN, "Share what you approved with a study you joined.", "recorder share --study typing-1 --dry-run"),
    Command("unshare", "erase_shared", "unshare", _OWN, "Have what you shared erased, all or in part.", "recorder unshare last"),
    Command("trace", "trace", "trace", _OWN, "Show what became of what you shared.", "recorder trace"),
    Command("export", "export", "export", _OWN, "Write a copy that is not encrypted.", "recorder export last --to ~/copy"),
    Command("disk", "disk", "disk", _OWN, "Show what takes space and what goes when.", "recorder disk"),
    Command("verify", "verify", "verify_episodes", _OWN, "Check that episodes, bundles, collections are as signed.", "recorder verify --all --read-data"),
    Command("passphrase", "passphrase", "passphrase", _OWN, "Change your passphrase, or all keys.", "recorder passphrase"),
    Command("try-redaction", "try_redaction", "app", _TRY, "Show what would be taken out of a text or picture.", "recorder try-redaction text letter.txt"),
    Command("study", "study", "app", _RESEARCH, "Set up a study: keys, notice, what participants get.", "recorder study init"),
    Command("collect", "collect", "collect", _RESEARCH, "Fetch what participants shared, and keep what they agreed to.", "recorder collect s3://lab/typing --into data --study typing-1"),
    Command("collection", "collection", "app", _RESEARCH, "Show what a collection holds, and who opened it.", "recorder collection list data"),
    Command("dataset", "dataset", "app", _RESEARCH, "Build steps that train agents.", "recorder dataset build data --study typing-1 --out steps"),
    Command("erase", "erase", "erase", _RESEARCH, "Erase what participants asked for; sends receipts.", "recorder erase data --study typing-1"),
    Command("report", "report", "app", _RESEARCH, "Write a study's privacy report.", "recorder report privacy --study typing-1 --collection data --to report"),
    Command("demo", "demo", "demo", _TRY, "Record real programs on a virtual display, not yours.", "recorder demo"),
)  # fmt: skip


def main() -> None:
    """Run the command line; leaves with the exit code of what happened."""
    output.open_streams()
    words = sys.argv[1:]
    try:
        raise SystemExit(_run(words))
    except RecorderError as error:
        output.fail(error)
    except KeyboardInterrupt:
        _interrupted()
    except OSError as cause:
        output.fail(output.unwritable(cause))


def _run(words: list[str]) -> int:
    """Run the command that the words name; gives the exit code."""
    if words and words[0] in _FAST:
        from recorder.cli import fast  # noqa: PLC0415 - the fast path imports nothing else

        return fast.run(words)
    if len(words) > 1 and words[0] in _OF_A_SHELL:
        told = f"{words[0]} is for the shell in which it is typed"
        raise output.UsageError(told, f"recorder {words[0]} in that shell, without its name")
    import typer  # noqa: PLC0415 - not for the fast path

    usage_error = cast("type[Exception]", typer.BadParameter.__mro__[1])
    try:
        code = build(_named(words))(
            words or ["--help"], prog_name="recorder", standalone_mode=False
        )
    except usage_error as cause:
        raise _usage(cause) from cause
    except typer.Abort:
        code = ExitCode.INTERRUPTED
    if code == ExitCode.INTERRUPTED:
        _interrupted()
    return code if isinstance(code, int) else ExitCode.OK


def _interrupted() -> NoReturn:
    """Say what Ctrl-C did; whatever was half made was taken away on the way here."""
    output.say("\nYou ended the command. recorder status tells whether something is recorded.")
    raise SystemExit(int(ExitCode.INTERRUPTED))


def _usage(cause: Exception) -> output.UsageError:
    """Give Typer's complaint as one sentence, with what was meant or where help is."""
    told = str(getattr(cause, "format_message", cause.__str__)()) or "Name one of its commands"
    found = re.search(r"\s*\(?(Did you mean|Possible options:)\s*(.+?)[?)]*$", told)
    message = _plain(told[: found.start()] if found else told)
    context = getattr(cause, "ctx", None)
    path = context.command_path if context is not None else "recorder"
    fix = f"{path} --help"
    if found:
        fix = f"perhaps you meant {found[2]}; {fix} shows all"
    return output.UsageError(message.strip().rstrip("."), fix)


def _plain(told: str) -> str:
    """Give a complaint about a value without the words of the library that checks it."""
    told = told.replace("Value error, ", "").replace("Input should be", "it must be")
    return re.sub(r", unable to parse .*$", "", told)


def build(wanted: frozenset[str]) -> "Typer":
    """Give the application with the wanted commands loaded and the others as one line."""
    import typer  # noqa: PLC0415 - not for the fast path

    app = typer.Typer(
        name="recorder",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Record your own desktop work: opted in, redacted before storage, yours.",
        epilog="Begin with: recorder start. It asks before anything is recorded.",
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
    epilog = f"Example: {command.example}"
    add = partial(
        app.command, command.name, short_help=command.summary, epilog=epilog,
        rich_help_panel=command.group,
    )  # fmt: skip
    if loaded and command.name in _FAST and _completing():
        from recorder.cli.completions import shape  # noqa: PLC0415 - for a shell that asks

        add(help=command.summary)(shape(command.name))
        return
    if not loaded or command.name in _FAST:
        add(help=command.summary)(_unloaded)
        return
    found = getattr(import_module(f"recorder.cli.{command.module}"), command.member)
    if command.member == "app":
        app.add_typer(
            found, name=command.name, short_help=command.summary, epilog=epilog,
            rich_help_panel=command.group,
        )  # fmt: skip
    else:
        add()(found)  # its docstring is its help


def _unloaded() -> None:
    """Stand for a command in the list of commands."""


def _named(words: list[str]) -> frozenset[str]:
    """Give the words that may name a command, also those of a line being completed."""
    return frozenset(words[:3]) | frozenset(_completing().split())


def _completing() -> str:
    """Give the line that a shell completes, "" where none asks."""
    return os.environ.get("_TYPER_COMPLETE_ARGS", os.environ.get("COMP_WORDS", ""))


if __name__ == "__main__":
    main()
