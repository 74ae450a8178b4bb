"""Where bundles come from: drops, and single files that somebody brought."""

import errno
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import regular_file, whole_file
from recorder.sharing.bundle_gate import Refused
from recorder.sharing.drops import Drop, copy, open_drop

_NAME: Final = re.compile(r"(?:.*/)?(p[0-9a-f]{32})/([0-7][0-9A-HJKMNP-TV-Z]{25})\.tar")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_FILE: Final = frozenset({errno.ELOOP, errno.EINVAL, errno.ENXIO, errno.EISDIR})
"""A link, pipe or device in its place."""


class SourceUnreadable(RecorderError):
    """A bundle file cannot be read."""

    def __init__(self, path: Path, cause: OSError) -> None:
        why = (cause.strerror or "unknown").lower()
        super().__init__(
            f"{path} cannot be read: {why}", "see that it is there and yours to read",
            ExitCode.UNWRITABLE,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a bundle.

    Attributes:
        name: As its source calls it.
        drop: None for a single file.
    """

    name: str
    drop: Drop | None

    @property
    def source(self) -> str:
        """Where it is, without credentials."""
        return self.drop.url if self.drop else str(Path(self.name).parent)

    @property
    def bundle_id(self) -> str:
        """The bundle's id as its name has it; "" when its name is none of a bundle."""
        found = _NAME.fullmatch(self.name)
        return found[2] if found else ""

    @property
    def key(self) -> tuple[str, str]:
        """Whose bundle it is and its id, as its name has them."""
        found = _NAME.fullmatch(self.name)
        return (found[1], found[2]) if found else ("", "")

    def size_bytes(self) -> int | None:
        """Give its size; None when it is gone."""
        if self.drop is not None:
            return self.drop.size(self.name)
        try:
            return Path(self.name).lstat().st_size
        except FileNotFoundError:
            return None

    def fetch(self, path: Path, most_bytes: int) -> None:
        """Copy it; what is checked is the copy.

        Raises:
            Refused: It is in a drop under a name that no bundle has, or too large.
            RecorderError: It cannot be read.
            OSError: The copy cannot be written.
        """
        if self.drop is not None and not self.bundle_id:
            raise Refused(ExitCode.FORMAT, "its name is none of a bundle")
        if (self.size_bytes() or 0) > most_bytes:
            raise Refused(ExitCode.FORMAT, "it is larger than is taken")
        if self.drop is None:
            _copy_file(Path(self.name), path, most_bytes)
            return
        try:
            self.drop.get_to(self.name, path, most_bytes)
        except RecorderError as error:
            cause = error.__cause__
            if isinstance(cause, OSError) and cause.errno in _FULL:
                raise cause from error
            if isinstance(cause, OSError) and cause.errno in _NO_FILE:
                raise Refused(ExitCode.FORMAT, "it is no regular file") from error
            raise


def open_sources(sources: Sequence[str]) -> tuple[list[Drop], list[Candidate]]:
    """Give the drops and the single files that were named.

    Raises:
        RecorderError: One of them is no source.
    """
    drops, files = [], []
    for source in sources:
        if "://" not in source and Path(source).is_file():
            files.append(Candidate(str(Path(source).absolute()), None))
        else:
            drops.append(open_drop(source))
    return drops, files


def candidates(drop: Drop, study: str) -> Iterator[Candidate]:
    """Give what a drop holds for a study, by name.

    Raises:
        RecorderError: The drop cannot be reached.
    """
    return (Candidate(name, drop) for name in sorted(drop.names(f"{study}/bundles")))


def _copy_file(source: Path, path: Path, most_bytes: int) -> None:
    try:
        with regular_file(source, follow=True) as file, whole_file(path) as into:
            copy(file, into, most_bytes)
    except OSError as cause:
        if cause.errno in _FULL:
            raise
        raise SourceUnreadable(source, cause) from cause
