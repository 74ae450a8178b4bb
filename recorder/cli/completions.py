"""What a shell completes beside commands, options and episodes: apps, lengths, browsers."""

import inspect
import os
from collections.abc import Callable, Iterable

import typer

from recorder.cli import fast, wiring
from recorder.cli.scope_file import read_scope
from recorder.core.errors import RecorderError
from recorder.places import places

_LENGTHS = ("10m", "30m", "1h", "2h")


def allowed_entries(begun: str) -> list[str]:
    """Give the entries of the person's list, with their sites."""
    try:
        return _begun(begun, read_scope(places()))
    except RecorderError:
        return []


def allowed_apps(begun: str) -> list[str]:
    """Give the apps of the person's list."""
    return list(dict.fromkeys(entry.partition(":")[0] for entry in allowed_entries(begun)))


def open_apps(begun: str) -> list[str]:
    """Give the apps that show a window."""
    try:
        found = wiring.open_windows(os.environ.get("DISPLAY", ""))
    except RecorderError:
        return []
    return _begun(begun, sorted({app for app, _ in found if app}))


def lengths(begun: str) -> list[str]:
    """Give some lengths of time; of one whose number is begun, that number in each unit."""
    if begun.isdigit():
        return [f"{begun}{unit}" for unit in "smh"]
    return _begun(begun, _LENGTHS)


def browsers(begun: str) -> list[str]:
    """Give the browsers that `recorder open` starts."""
    from recorder.cli.open_browser import BROWSERS as STARTED  # noqa: PLC0415 - it asks here

    return _begun(begun, STARTED)


def shape(name: str) -> Callable[..., None]:
    """Give a function with the options of a fast command, which a shell is to complete."""

    def stand_in(**_options: object) -> None:
        """Run never: the fast path takes these commands."""

    parameters = []
    for one in fast.OPTIONS[name]:
        is_flag = one.metavar is None
        completes = lengths if one.dest == "length" else None
        option = typer.Option(
            False if is_flag else None, one.flag, help=one.told, autocompletion=completes
        )
        parameters.append(
            inspect.Parameter(
                one.dest or one.flag.strip("-"), inspect.Parameter.KEYWORD_ONLY, default=option,
                annotation=bool if is_flag else str,
            )
        )  # fmt: skip
    stand_in.__annotations__ = {one.name: one.annotation for one in parameters}
    stand_in.__dict__["__signature__"] = inspect.Signature(parameters)
    return stand_in


def _begun(begun: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(begun)]
