"""Why a drop, or something in it, cannot be used."""

import os
from pathlib import PurePosixPath

from recorder.core.errors import ExitCode, RecorderError


class DropUnreachable(RecorderError):
    """The place cannot be reached, read or written now."""

    def __init__(self, place: str, why: str, fix: str = "try again; nothing is lost") -> None:
        super().__init__(f"{place} cannot be used: {why}", fix, ExitCode.UNWRITABLE)


class DropAddressWrong(RecorderError):
    """The address is none, or holds what does not belong there."""

    def __init__(self, why: str, fix: str) -> None:
        super().__init__(f"That is no place to share to: {why}", fix, ExitCode.USAGE)


class DropHasAnother(RecorderError):
    """Something else lies there under the same name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{PurePosixPath(name).name} is there already and is another file",
            "ask who looks after the place; nothing was overwritten",
            ExitCode.UNWRITABLE,
        )


class FolderUnreadable(DropUnreachable):
    """A folder in the place cannot be looked into, so what it holds was left out."""

    def __init__(self, cause: OSError) -> None:
        self.folder = os.fsdecode(cause.filename)
        why = (cause.strerror or "unknown").lower()
        fix = "make the folder readable for you; what it holds was left out"
        super().__init__(self.folder, why, fix)
