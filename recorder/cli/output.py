"""The one place where commands speak: results to stdout, the person on stderr.

`--json` gives one object with `schema: recorder.<name>/1`. A failure is one sentence
with its fix, and the exit code of its error. Standard library only.
"""

import json
import sys
import unicodedata
from collections.abc import Callable
from typing import NoReturn

from recorder.core.errors import ExitCode, RecorderError

Payload = dict[str, object]


class UsageError(RecorderError):
    """The command line does not make sense."""

    def __init__(self, message: str, fix: str = "recorder --help") -> None:
        super().__init__(message, fix, ExitCode.USAGE)


def emit(name: str, payload: Payload, as_json: bool, human: str | Callable[[], str]) -> None:  # noqa: FBT001 - mirrors the flag
    """Print a result: the payload as JSON, or the human text."""
    if as_json:
        text = json.dumps({"schema": f"recorder.{name}/1", **payload}, ensure_ascii=True)
    else:
        text = human() if callable(human) else human
    if text:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def say(text: str) -> None:
    """Tell the person something that is no result."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def fail(error: RecorderError, as_json: bool | None = None) -> NoReturn:  # noqa: FBT001 - mirrors the flag
    """Print the error's sentence and leave with its code.

    `as_json`: None looks for `--json` on the command line.
    """
    if "--json" in sys.argv if as_json is None else as_json:
        payload: Payload = {"error": error.message, "fix": error.fix, "exit_code": int(error.code)}
        emit("error", payload, as_json=True, human="")
    say(printable(str(error)))
    raise SystemExit(int(error.code))


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something is destroyed; `yes` answers for the person.

    Raises:
        UsageError: There is no terminal to ask on, or the answer is no.
    """
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("This needs a confirmation and there is no terminal", "add --yes")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise UsageError("Nothing was changed", "answer y, or add --yes")


def printable(text: str) -> str:
    """Give the text without control and bidi characters, safe for a terminal."""
    return "".join("\ufffd" if _is_unsafe(c) else c for c in text)


def _is_unsafe(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
