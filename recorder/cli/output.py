"""The one place where commands speak: results to stdout, the person on stderr.

`--json` gives one object with `schema: recorder.<name>/1`. A failure is one sentence
with its fix, and the exit code of its error. Standard library only.
"""

import errno
import io
import json
import os
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from recorder.core.errors import ExitCode, RecorderError

Payload = dict[str, object]


class UsageError(RecorderError):
    """The command line does not make sense."""

    def __init__(self, message: str, fix: str = "recorder --help") -> None:
        super().__init__(message, fix, ExitCode.USAGE)


class Declined(RecorderError):
    """The person said no; there is nothing to mend."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "none needed", ExitCode.INTERRUPTED)

    def __str__(self) -> str:
        return f"{self.message}."


class ResultUnwritten(RecorderError):
    """What the command did is done, but its answer could not be printed."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(
            f"It is done, but the answer could not be printed: {_reason(cause)}",
            "make room where the output goes",
            ExitCode.UNWRITABLE,
        )


class Unwritable(RecorderError):
    """A file of the recorder could not be written or read."""

    def __init__(self, path: str, cause: OSError) -> None:
        super().__init__(
            f"{path} cannot be written or read: {_reason(cause)}",
            "make room there, or make it yours to write",
            ExitCode.UNWRITABLE,
        )


_FILE_TROUBLES = frozenset({
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR,
    errno.ELOOP, errno.ENAMETOOLONG, errno.EIO,
})  # fmt: skip


def open_streams() -> None:
    """Make the three streams usable: closed ones lead nowhere, odd characters become `?`."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - to the end
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def unwritable(cause: OSError) -> RecorderError:
    """Give the sentence for a file that the system refuses.

    Raises:
        OSError: It is something else, and so a bug.
    """
    if isinstance(cause, BrokenPipeError):
        _leave_pipe()
    if cause.errno not in _FILE_TROUBLES or cause.filename is None:
        raise cause
    return Unwritable(os.fsdecode(cause.filename), cause)


def emit(name: str, payload: Payload, as_json: bool, human: str | Callable[[], str]) -> None:  # noqa: FBT001 - mirrors the flag
    """Print a result: the payload as JSON, or the human text."""
    if as_json:
        text = json.dumps({"schema": f"recorder.{name}/1", **payload}, ensure_ascii=True)
    else:
        text = human() if callable(human) else human
    if not text:
        return
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_pipe()
    except OSError as cause:
        _drop_output()
        raise ResultUnwritten(cause) from cause


def _leave_pipe() -> NoReturn:
    """Leave quietly: whoever read the output has had enough, as `head` has."""
    _drop_output()
    raise SystemExit(int(ExitCode.OK))


def _drop_output() -> None:
    """Let what is still buffered lead nowhere, or Python tries again at its end and fails."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _reason(cause: OSError) -> str:
    return (cause.strerror or "unknown").lower()


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


def confirm(question: str, *, yes: bool, declined: str = "Nothing was deleted") -> None:
    """Ask before something is deleted or leaves; `yes` answers for the person.

    Raises:
        UsageError: There is no terminal to ask on.
        Declined: The answer is not yes.
    """
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("This needs a confirmation and there is no terminal", "add --yes")
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise Declined(declined)


def printable(text: str) -> str:
    """Give the text without control and bidi characters, safe for a terminal."""
    return "".join("\ufffd" if _is_unsafe(c) else c for c in text)


def _is_unsafe(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
