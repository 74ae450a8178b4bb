"""The person's list of allowed apps: `apps.toml` beside the settings."""

import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import private_folder, read_regular, write_whole
from recorder.places import Places

_ENTRY: Final = re.compile(
    r"[a-z0-9][a-z0-9._-]{0,63}(:(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?"
)
_LARGEST_BYTES: Final = 1 << 20
_MOST: Final = 1000
FILE_NAME: Final = "apps.toml"


class NotAnApp(RecorderError):
    """What was given is no app and no app with a host."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:80]!r} is no app",
            "write an app as apps list shows it, or a browser with a site: chromium:jira.example.com",
            ExitCode.USAGE,
        )


class ScopeFileUnusable(RecorderError):
    """The list of apps cannot be read; nothing is recorded on a guess."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(
            f"The list of allowed apps {what}",
            f"mend {file}, or remove it and allow the apps again",
            ExitCode.USAGE,
        )


def checked_entry(text: str) -> str:
    """Give the entry in the form that is stored: `app` or `app:host` in lower case.

    Raises:
        NotAnApp: It is neither.
    """
    entry = text.strip().lower()
    if not _ENTRY.fullmatch(entry):
        raise NotAnApp(text)
    return entry


def read_scope(where: Places) -> tuple[str, ...]:
    """Give the allowed entries, sorted; () when nothing was allowed yet.

    Raises:
        ScopeFileUnusable: The file is damaged or cannot be read.
    """
    file = where.config / FILE_NAME
    try:
        data = read_regular(file, _LARGEST_BYTES, follow=True)
    except FileNotFoundError:
        return ()
    except OSError as cause:
        raise ScopeFileUnusable(
            file, f"cannot be read: {(cause.strerror or 'unknown').lower()}"
        ) from cause
    try:
        entries = tomllib.loads(data.decode())["allowed"]
        return tuple(sorted({checked_entry(entry) for entry in entries}))[:_MOST]
    except (ValueError, RecursionError, KeyError, TypeError) as cause:
        raise ScopeFileUnusable(file, "is damaged") from cause
    except (NotAnApp, AttributeError) as cause:
        raise ScopeFileUnusable(file, "holds what is no app") from cause


def write_scope(where: Places, entries: Iterable[str]) -> None:
    """Replace the list."""
    lines = "".join(f"  {json.dumps(entry)},\n" for entry in sorted(set(entries)))
    text = (
        f"# Apps and sites that may be recorded; recorder apps changes it.\nallowed = [\n{lines}]\n"
    )
    private_folder(where.config)
    write_whole(where.config / FILE_NAME, text.encode())
