"""Who opened or deleted what of a collection, when and why: one JSON line each."""

import errno
import fcntl
import getpass
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.core.strict import Strict
from recorder.sharing.statements import Time, Ulid

Action = Literal["decrypt", "delete"]
LOG: Final = "access.jsonl"
_LOCK: Final = threading.Lock()


class Access(Strict):
    """One row. `who`: the user of this computer."""

    schema_name: Literal["recorder.access/1"] = Field("recorder.access/1", alias="schema")
    time: Time
    who: str
    action: Action
    bundle_id: Ulid
    purpose: str = Field(max_length=200)


def note_access(folder: Path, action: Action, bundle_id: str, purpose: str) -> None:
    """Add a row, before what it tells of is done.

    Raises:
        OSError: It cannot be written, so nothing may be opened.
    """
    row = Access(
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        who=_user(),
        action=action,
        bundle_id=bundle_id,
        purpose=purpose,
    )
    line = row.model_dump_json(by_alias=True).encode() + b"\n"
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    with _LOCK:
        descriptor = os.open(folder / LOG, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            _append(descriptor, line)
        finally:
            os.close(descriptor)


def _append(descriptor: int, line: bytes) -> None:
    """Add a whole line or none; one that a kill cut short before becomes a line of its own."""
    end = os.fstat(descriptor).st_size
    if end and os.pread(descriptor, 1, end - 1) != b"\n":
        line = b"\n" + line
    if os.write(descriptor, line) != len(line):
        os.ftruncate(descriptor, end)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), LOG)


def accesses(folder: Path) -> Iterator[Access]:
    """Give the rows, oldest first; one that a kill cut short is left out."""
    try:
        with (folder / LOG).open("rb") as file:
            for line in file:
                try:
                    yield Access.model_validate_json(line)
                except ValidationError:
                    continue
    except FileNotFoundError:
        return


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
