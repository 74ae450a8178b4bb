"""The man page, made from the commands' own help: `python -m recorder.cli.man > docs/recorder.1`."""

import sys
from collections.abc import Iterator
from typing import Any, Final

import typer
from typer.main import get_command

from recorder.cli import fast
from recorder.cli.main import COMMANDS, Command, build
from recorder.core.errors import ExitCode

_HEAD: Final = r""".\" Made by recorder/cli/man.py from the commands' own help.
.TH RECORDER 1 "" "recorder" "User Commands"
.SH NAME
recorder \- record your own desktop work: opted in, redacted before storage, yours
.SH SYNOPSIS
.B recorder
.I COMMAND
[\fIOPTION\fR]...
.SH DESCRIPTION
The recorder captures mouse, keyboard and screen of the apps that you allow, removes personal
data and secrets before anything is stored, and writes episodes that only you can open. Begin
with
.BR "recorder start" ,
which asks before anything is recorded. Nothing leaves the computer unless you share it.
.PP
Every command has
.B \-\-help
and
.BR \-\-json .
.SH COMMANDS
"""
_TAIL: Final = r""".SH ENVIRONMENT
.TP
.BI RECORDER_ KEY
A setting in capitals; goes before the settings file.
.SH FILES
.TP
.I \(ti/.config/recorder/recorder.toml
Your settings.
.TP
.I \(ti/.config/recorder/redaction.toml
Patterns of your own that are always taken out.
.TP
.I \(ti/.local/state/recorder/agent.log
What the recorder did: counts, ids and durations, never content.
.TP
.I \(ti/.config/systemd/user/recorder.service
Written by
.BR "recorder autostart on" .
"""


def man_page() -> str:
    """Give the page in roff, the macros of man(7)."""
    root: Any = get_command(build(frozenset(command.name for command in COMMANDS)))
    context = typer.Context(root, info_name="recorder")
    parts = [part for command in COMMANDS for part in _of(command, root, context)]
    return _HEAD + "\n".join([*parts, *_exit_codes()]) + "\n" + _TAIL


def _of(command: Command, root: Any, context: typer.Context) -> Iterator[str]:  # noqa: ANN401 - Typer's own Click is not typed here
    if command.name in fast.OPTIONS:
        yield from _of_fast(command)
        return
    found = root.commands[command.name]
    inner = typer.Context(found, info_name=command.name, parent=context)
    if not hasattr(found, "commands"):
        yield from _of_one(found, inner)
        return
    for name, one in found.commands.items():
        if not one.hidden:
            yield from _of_one(one, typer.Context(one, info_name=name, parent=inner))


def _of_one(found: Any, context: typer.Context) -> Iterator[str]:  # noqa: ANN401 - as above
    """Give usage, help, arguments and options of one command, and its example."""
    shown = [param for param in found.params if not param.hidden]
    arguments = [param for param in shown if param.param_type_name == "argument"]
    pieces = " ".join(["[OPTIONS]", *map(_place, arguments)])
    yield f'.SS "{roff(context.command_path)} {roff(pieces)}"'
    yield from _paragraphs(found.help)
    for param in shown:
        told = roff(param.help or "")
        if param in arguments:
            yield f".TP\n.I {roff(_value(param))}\n{told}"
        else:
            yield f".TP\n{_option(param)}\n{told}"
    if found.epilog:
        yield from _paragraphs(found.epilog)


def _option(param: Any) -> str:  # noqa: ANN401 - as above
    names = ", ".join(rf"\fB{roff(name)}\fR" for name in (*param.opts, *param.secondary_opts))
    return names if param.is_flag else rf"{names} \fI{roff(_value(param))}\fR"


def _value(param: Any) -> str:  # noqa: ANN401 - as above
    """Give what stands for a value."""
    return str(param.metavar or param.opts[0].lstrip("-").upper())


def _place(argument: Any) -> str:  # noqa: ANN401 - as above
    value = _value(argument) + ("..." if argument.nargs == -1 else "")
    return value if argument.required else f"[{value}]"


def _of_fast(command: Command) -> Iterator[str]:
    told, example = fast.TOLD[command.name]
    yield f'.SS "recorder {command.name} [OPTIONS]"'
    yield from _paragraphs(told)
    for one in fast.OPTIONS[command.name]:
        value = rf" \fI{roff(one.metavar)}\fR" if one.metavar else ""
        yield f".TP\n\\fB{roff(one.flag)}\\fR{value}\n{roff(one.told[0].upper() + one.told[1:])}."
    yield from _paragraphs(f"Example: {example}")


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield f".PP\n{roff(' '.join(paragraph.split()))}"


def _exit_codes() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    for code in ExitCode:
        yield f".TP\n.B {int(code)}\n{roff(code.name.replace('_', ' ').capitalize())}."


def roff(text: str) -> str:
    """Give text so that roff prints it as it is."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace("~", r"\(ti")
    escaped = escaped.replace("^", r"\(ha").replace("`", r"\(ga").replace('"', r"\(dq")
    escaped = "".join(c if c.isascii() else rf"\[u{ord(c):04X}]" for c in escaped)
    return rf"\&{escaped}" if escaped[:1] in {".", "'"} else escaped


if __name__ == "__main__":
    sys.stdout.write(man_page())
