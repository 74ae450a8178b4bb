"""Where bundles come from: drops, and single files that somebody brought."""

import errno
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode, RecorderError
from recorder.files import regular_file, whole_file
from recorder.research.room import FULL
from recorder.sharing.bundle_gate import Refused
from recorder.sharing.drop_copying import copy
from recorder.sharing.drop_errors import DropUnreachable
from recorder.sharing.drops import Drop, Missed, Seen, open_drop
from recorder.sharing.erasure_notice import NoticeRefused

_NAME: Final = re.compile(r"(?:.*/)?(p[0-9a-f]{32})/([0-7][0-9A-HJKMNP-TV-Z]{25})\.tar")
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


class BundleGone(RecorderError):
    """A bundle went from its drop since the drop was listed."""

    def __init__(self, drop: str) -> None:
        super().__init__(f"A bundle went from {drop} just now", "none needed", ExitCode.UNWRITABLE)


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

    def look(self) -> Seen:
        """Give its size and time.

        Raises:
            RecorderError: It is gone, or its source cannot be read.
        """
        if self.drop is not None:
            found = self.drop.look(self.name)
            if found is None:
                raise BundleGone(self.drop.url)
            return found
        try:
            told = Path(self.name).stat()
        except OSError as cause:
            raise SourceUnreadable(Path(self.name), cause) from cause
        return Seen(told.st_size, told.st_mtime_ns)

    def check_name(self) -> None:
        """See that a drop has it under a name that a bundle may have.

        Raises:
            Refused: It has not.
        """
        if self.drop is not None and not self.bundle_id:
            raise Refused(ExitCode.FORMAT, "its name is none of a bundle")

    def fetch(self, path: Path, most_bytes: int) -> None:
        """Copy it; what is checked is the copy.

        Raises:
            Refused: It is no regular file.
            RecorderError: It cannot be read, or has grown.
            OSError: The copy cannot be written.
        """
        if self.drop is None:
            _copy_file(Path(self.name), path, most_bytes)
            return
        try:
            self.drop.get_to(self.name, path, most_bytes)
        except RecorderError as error:
            cause = error.__cause__
            if isinstance(cause, OSError) and cause.errno in FULL:
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


def candidates(drop: Drop, study: str, missed: Missed) -> Iterator[Candidate]:
    """Give what a drop holds for a study, by name; `missed` is told of folders left out.

    Raises:
        RecorderError: The drop cannot be reached.
    """
    return (Candidate(name, drop) for name in sorted(drop.names(f"{study}/bundles", missed)))


def read_notice(drop: Drop, name: str, most_bytes: int) -> bytes:
    """Give the bytes of a notice that a participant put into a drop.

    Raises:
        NoticeRefused: It is too large, or a link, pipe or device.
        DropUnreachable: The drop cannot be read.
    """
    seen = drop.look(name)
    if seen is not None and seen.size_bytes > most_bytes:
        raise NoticeRefused(ExitCode.FORMAT, "it is larger than a notice can be")
    try:
        return drop.read(name, most_bytes)
    except DropUnreachable as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno in _NO_FILE:
            raise NoticeRefused(ExitCode.FORMAT, "it is no regular file") from error
        raise


def noting(failed: EachAlone) -> Missed:
    """Give what notes the folders of a drop that cannot be looked into."""
    return lambda missed: failed.note(missed.folder, missed)


def _copy_file(source: Path, path: Path, most_bytes: int) -> None:
    try:
        with regular_file(source, follow=True) as file, whole_file(path) as into:
            copy(file, into, most_bytes)
    except OSError as cause:
        if cause.errno in FULL:
            raise
        raise SourceUnreadable(source, cause) from cause
