"""Erasure notices of a whole drop: each is done, and one that fails keeps no other."""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.files import read_regular
from recorder.research.collection import Collection
from recorder.research.erasing import AppliedErasure, Office, erase_for, is_done
from recorder.research.quarantine import shown
from recorder.research.sources import read_notice
from recorder.sharing.drops import Drop, Missed
from recorder.sharing.erasure_notice import (
    MOST_BYTES,
    CheckedNotice,
    NoticeRefused,
    check_notice,
)

_NAME: Final = re.compile(r"(?:.*/)?(p[0-9a-f]{32})/([0-7][0-9A-HJKMNP-TV-Z]{25})\.tar")


@dataclass(frozen=True, slots=True)
class RefusedNotice:
    """A notice that was not done. `name`: made printable."""

    name: str
    code: ExitCode
    reason: str


@dataclass(slots=True)
class ErasureTally:
    """What came of the notices. `known`: how many were done before."""

    done: list[AppliedErasure] = field(default_factory=list)
    known: int = 0
    refused: list[RefusedNotice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """A notice where it lies; `drop` None for a single file that somebody brought."""

    name: str
    drop: Drop | None

    def read(self) -> bytes:
        """Give its bytes.

        Raises:
            NoticeRefused: It is too large, or no regular file.
            DropUnreachable: The drop cannot be read.
            OSError: The file cannot be read.
        """
        if self.drop is None:
            return read_regular(Path(self.name), MOST_BYTES, follow=True)
        return read_notice(self.drop, self.name, MOST_BYTES)


def notices_in(drop: Drop, study: str, missed: Missed | None = None) -> Iterator[NoticeFile]:
    """Give what a drop holds for a study, by name; `missed` is told of folders left out.

    Raises:
        DropUnreachable: It cannot be looked into.
    """
    return (NoticeFile(name, drop) for name in sorted(drop.names(f"{study}/erasures", missed)))


def erase_each(
    office: Office, notices: Iterable[NoticeFile], failed: EachAlone, step: Callable[[], None]
) -> ErasureTally:
    """Do every notice that can be relied on; the others are named.

    Args:
        office: Where, and who answers; the collection is held by this program.
        notices: Those of a study.
        failed: Notes a drop or a participant's file that cannot be used; call again then.
        step: Called after each.

    Raises:
        OSError: The collection cannot be written.
    """
    tally = ErasureTally()
    for one in notices:
        with failed.trying(shown(one.name)):
            _erase(office, one, tally)
        step()
    return tally


def look_at_each(
    collection: Collection, to: Sequence[str], notices: Iterable[NoticeFile]
) -> list[CheckedNotice]:
    """Give what notices ask for that were not done yet; what cannot be read is left out.

    Args:
        collection: Nothing in it changes.
        to: Hex public keys of the controller.
        notices: Those of a study.
    """
    failed = EachAlone()
    found: list[CheckedNotice] = []
    for one in notices:
        with failed.trying(shown(one.name)), contextlib.suppress(NoticeRefused):
            if not _is_known(collection, one):
                found.append(check_notice(one.read(), collection.study, to))
    return found


def audiences(keys: Iterable[Sequence[str]], own: str) -> tuple[str, ...]:
    """Give the keys that a notice may be addressed to: the study's, and those of its notices."""
    return tuple(dict.fromkeys([own, *(key for some in keys for key in some)]))


def _erase(office: Office, one: NoticeFile, tally: ErasureTally) -> None:
    if _is_known(office.collection, one):
        tally.known += 1
        return
    try:
        done = erase_for(office, one.read(), one.drop)
    except NoticeRefused as refused:
        tally.refused.append(RefusedNotice(shown(one.name), refused.code, refused.reason))
        return
    tally.done.append(done)


def _is_known(collection: Collection, one: NoticeFile) -> bool:
    """Tell by its name whether a notice was done before, without fetching it."""
    found = _NAME.fullmatch(one.name)
    return found is not None and is_done(collection.folder, found[1], found[2])
