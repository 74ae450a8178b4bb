"""`recorder apps`: which apps and sites may be recorded. None, until the person says so."""

import difflib
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from recorder.agent import client
from recorder.capture.scope_lists import (
    ALIASES,
    BROWSERS,
    CONVERSATIONS,
    LOCK_SCREENS,
    PASSWORD_MANAGERS,
    PROMPTS,
    TERMINALS,
)
from recorder.cli import output, wiring
from recorder.cli.completions import allowed_entries, open_apps
from recorder.cli.guide import OpenApp
from recorder.cli.scope_file import checked_entry, read_scope, write_scope
from recorder.cli.terminal import open_terminal
from recorder.core.ports import SourceUnavailable
from recorder.places import Places, places

app = typer.Typer(no_args_is_help=True, help="Choose the apps and sites that may be recorded.")

_NEVER = PASSWORD_MANAGERS | PROMPTS | LOCK_SCREENS
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Folder = Annotated[str | None, typer.Option("--folder", help="Accepted everywhere.")]
_NAMES_HELP = "Apps, or a browser with a site: chromium:example.com"
Names = Annotated[list[str] | None, typer.Argument(help=_NAMES_HELP, autocompletion=open_apps)]
NamesOnTheList = Annotated[
    list[str] | None, typer.Argument(help=_NAMES_HELP, autocompletion=allowed_entries)
]


class NeverRecorded(output.UsageError):
    """Password managers, prompts and lock screens are never recorded."""

    def __init__(self, entry: str) -> None:
        super().__init__(f"{entry} is never recorded", "leave it out")


class NotOnTheList(output.UsageError):
    """What was to be taken from the list is not on it."""

    def __init__(self, entries: Sequence[str], allowed: Sequence[str]) -> None:
        near = [found for entry in entries for found in nearest(entry, allowed)]
        super().__init__(
            f"{', '.join(entries)} is not on the list, so nothing of it changed",
            f"perhaps you meant {near[0]}" if near else "recorder apps list shows the list",
        )


class ScopeList:
    """The person's list, and the open windows to pick from; used by the guide too."""

    def __init__(self, where: Places, display: str) -> None:
        self._where = where
        self._display = display

    def allowed(self) -> Sequence[str]:
        """Give the entries of the list."""
        return read_scope(self._where)

    def open_now(self) -> Sequence[OpenApp]:
        """Give the apps with open windows, without those that are never recorded."""
        try:
            found = wiring.open_windows(self._display)
        except SourceUnavailable:
            return ()
        return [OpenApp(app_id, name) for app_id, name in found if app_id not in _NEVER]

    def check_display(self) -> None:
        """See that the display answers, before a person is asked anything.

        Raises:
            SourceUnavailable: It does not.
        """
        wiring.open_windows(self._display)

    def allow(self, entries: Sequence[str]) -> None:
        """Add to the list and tell a running agent.

        Raises:
            NotAnApp: An entry is neither an app nor an app with a host.
            NeverRecorded: One is a password manager, a prompt or a lock screen.
        """
        new = [checked_entry(entry) for entry in entries]
        for entry in new:
            if entry.partition(":")[0] in _NEVER:
                raise NeverRecorded(entry)
        self._write({*self.allowed(), *new})

    def deny(self, entries: Sequence[str]) -> None:
        """Take entries, and the hosts of an app that is named alone, from the list.

        Raises:
            NotOnTheList: One was not there; the others are gone from the list.
        """
        gone = {checked_entry(entry) for entry in entries}
        allowed = self.allowed()
        names = {*allowed, *(entry.partition(":")[0] for entry in allowed)}
        kept = {e for e in allowed if e not in gone and e.partition(":")[0] not in gone}
        self._write(kept)
        if gone - names:
            raise NotOnTheList(sorted(gone - names), allowed)

    def _write(self, entries: set[str]) -> None:
        write_scope(self._where, entries)
        try:
            client.ask(self._where.socket, {"verb": "scope"})
        except client.NotRunning:
            return


@app.command("allow", epilog="Example: recorder apps allow chromium:jira.example.com")
def allow(names: Names = None, as_json: Json = False, folder: Folder = None) -> None:  # noqa: FBT002 - a flag
    """Allow apps; without a name, pick from the open windows."""
    _ = folder
    scope = _scope_list()
    chosen = names or _pick(scope)
    scope.allow(chosen)
    for note in notes(chosen, [found.app_id for found in scope.open_now()]):
        output.say(note)
    _show(scope, as_json=as_json)


@app.command("deny", epilog="Example: recorder apps deny xterm")
def deny(names: NamesOnTheList = None, as_json: Json = False, folder: Folder = None) -> None:  # noqa: FBT002 - a flag
    """Take apps from the list; a recording that runs paints them out from now on."""
    _ = folder
    if not names:
        raise output.UsageError(
            "No app is named", "recorder apps deny NAME; recorder apps list shows them"
        )
    scope = _scope_list()
    scope.deny(names)
    _show(scope, as_json=as_json)


@app.command("list", epilog="Example: recorder apps list")
def list_apps(as_json: Json = False, folder: Folder = None) -> None:  # noqa: FBT002 - a flag
    """Show what may be recorded, and what is open now."""
    _ = folder
    _show(_scope_list(), as_json=as_json)


def notes(entries: Sequence[str], open_ids: Sequence[str]) -> list[str]:
    """Give what the person may want to know of entries: a likely typo, a whole browser."""
    found = []
    known = {*BROWSERS, *TERMINALS, *CONVERSATIONS, *ALIASES, *open_ids}
    for entry in map(checked_entry, entries):
        name, _, host = entry.partition(":")
        near = [] if name in known else nearest(name, known)
        if near:
            found.append(f"No open window is of {name}. Perhaps you meant {near[0]}.")
        is_browser = ALIASES.get(name, name) in BROWSERS
        if host and not is_browser and not near:
            found.append(
                f"{name} is no browser, so it has no sites. Fix: recorder apps allow {name}"
            )
        if not host and is_browser:
            found.append(f"That is every site. For one site: recorder apps allow {name}:SITE")
    return found


def nearest(entry: str, among: Iterable[str]) -> list[str]:
    """Give the entry that was probably meant, or nothing."""
    return difflib.get_close_matches(entry.lower(), sorted(among), n=1, cutoff=0.7)


def _pick(scope: ScopeList) -> list[str]:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise output.UsageError("No app is named", "recorder apps allow NAME")
    found = scope.open_now()
    if not found:
        raise output.UsageError("No window is open", "open the app first, or name it")
    terminal = open_terminal()
    picked = terminal.pick(
        "Which? Numbers, like 1 3. [none]", [f"{a.name} ({a.app_id})" for a in found]
    )
    return [found[position].app_id for position in picked]


def _show(scope: ScopeList, *, as_json: bool) -> None:
    allowed = list(scope.allowed())
    others = [a for a in scope.open_now() if a.app_id not in allowed]
    payload: output.Payload = {"allowed": allowed, "open": [a.app_id for a in others]}

    def human() -> str:
        lines = ["Allowed: " + (", ".join(allowed) or "nothing yet. Fix: recorder apps allow NAME")]
        lines += [
            f"Open now, not recorded: {output.printable(a.name)} ({a.app_id})" for a in others
        ]
        return "\n".join(lines)

    output.emit("apps", payload, as_json, human)


def _scope_list() -> ScopeList:
    return ScopeList(places(), os.environ.get("DISPLAY", ""))
