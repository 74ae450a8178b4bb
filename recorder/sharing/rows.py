"""Rows that a researcher signed for a participant: receipts and uses, fetched and checked.

Only a row that the study's controller signed, with a key of a notice that was agreed to, is
kept, in `<folder>/shared/<study>/rows/`. A row that is forged or of another participant is named
and left out. Others can fill a drop: how much is looked at and kept has an end.
"""

import os
import random
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import ValidationError

from recorder.consent.keys import PublicKey, SignatureWrong, parse_envelope, verify_envelope
from recorder.core.ids import is_ulid
from recorder.episodes.copies import SHARED
from recorder.files import private_folder, read_regular, write_whole
from recorder.sharing.drop_errors import DropUnreachable
from recorder.sharing.drop_layout import ENDINGS
from recorder.sharing.drops import Drop
from recorder.sharing.statements import RECEIPT_TYPE, USE_TYPE, Receipt, Use

ROWS: Final = "rows"
ROW_BYTES: Final = 1_000_000
"""A use names 30 bytes a bundle: room for thirty thousand of one participant."""
_ENDING: Final = ENDINGS["receipts"]
_NAME: Final = re.compile(r"[0-9A-Za-z._-]{1,80}")

RowKind = Literal["receipts", "uses"]
Row = Receipt | Use


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose rows they must be, and who may have signed them.

    Attributes:
        controllers: Hex public keys of the study's controller, of every notice agreed to.
        earlier: Pseudonyms of before the study was joined anew.
    """

    study: str
    pseudonym: str
    controllers: Collection[str]
    earlier: tuple[str, ...] = ()

    @property
    def pseudonyms(self) -> tuple[str, ...]:
        """All of them, the present one first."""
        return (self.pseudonym, *self.earlier)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows are looked at in one run, and kept of a study in all; and their bytes."""

    looked_at: int = 2_000
    looked_at_bytes: int = 16_000_000
    kept: int = 50_000
    kept_bytes: int = 64_000_000


LIMITS: Final = Limits()


@dataclass(slots=True)
class Fetched:
    """What came back.

    Attributes:
        new: Rows that were not here before.
        left_out: Names of rows that are not what they should be, with the reason.
        more: How many were not looked at, or not kept, because there are too many.
    """

    new: list[Row] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    more: int = 0


class RowWrong(Exception):
    """A row is not what the controller signed for this participant."""


def fetch_rows(folder: Path, drop: Drop, whose: Whose, limits: Limits = LIMITS) -> Fetched:
    """Fetch the rows that are not here yet, check them and keep the good ones.

    Where there are too many, chance decides which are looked at: nobody can put others before
    the good ones in every run.

    Raises:
        RecorderError: The drop cannot be read; what was kept stays.
        OSError: The folder cannot be written.
    """
    place = private_folder(rows_folder(folder, whose.study))
    run = _Run(drop, whose, place, _Room.of(place, limits))
    chosen, run.found.more = _some(_not_here(drop, whose, place), limits.looked_at)
    for kind, path in chosen:
        run.fetch(kind, path)
    return run.found


def kept_rows(folder: Path, whose: Whose) -> Fetched:
    """Give the rows kept here, checked again: `new` holds all of them."""
    found = Fetched()
    place = rows_folder(folder, whose.study)
    for path in sorted(_files(place)):
        try:
            found.new.append(_either(path.name, read_regular(path, ROW_BYTES), whose))
        except (OSError, RowWrong) as wrong:
            found.left_out[path.name] = _why(wrong)
    return found


def checked_row(name: str, data: bytes, kind: RowKind, whose: Whose) -> Row:
    """Give a row whose signature, owner and name fit.

    Raises:
        RowWrong: They do not.
    """
    model, payload_type = (Receipt, RECEIPT_TYPE) if kind == "receipts" else (Use, USE_TYPE)
    for key in whose.controllers:
        try:
            payload = verify_envelope(data, PublicKey(role="controller", public=key), payload_type)
            row = model.model_validate_json(payload)
        except SignatureWrong:
            continue
        except ValidationError as cause:
            raise RowWrong("holds what this version does not know") from cause
        _check_owner(row, name, whose)
        return row
    raise RowWrong("is not signed by the study's controller")


def rows_folder(folder: Path, study: str) -> Path:
    """Give where a study's rows are kept."""
    return folder / SHARED / study / ROWS


def _not_here(drop: Drop, whose: Whose, place: Path) -> Iterator[tuple[RowKind, str]]:
    """Give the paths of rows that are not kept yet."""
    kinds: tuple[RowKind, ...] = ("receipts", "uses")
    for kind, pseudonym in product(kinds, whose.pseudonyms):
        for path in drop.names(f"{whose.study}/{kind}/{pseudonym}/"):
            name = path.rsplit("/", 1)[-1]
            if not is_ulid(name.removesuffix(_ENDING)) or not (place / name).exists():
                yield kind, path


def _some(rows: Iterable[tuple[RowKind, str]], most: int) -> tuple[list[tuple[RowKind, str]], int]:
    """Give as many as may be, each with the same chance, and how many were left."""
    chance, chosen, seen = random.SystemRandom(), list[tuple[RowKind, str]](), 0
    for seen, row in enumerate(rows, 1):
        if len(chosen) < most:
            chosen.append(row)
        elif (at := chance.randrange(seen)) < most:
            chosen[at] = row
    return chosen, seen - len(chosen)


@dataclass(slots=True)
class _Room:
    """What may still be looked at in this run, and kept in all."""

    looked_at_bytes: int
    kept: int
    kept_bytes: int

    @classmethod
    def of(cls, place: Path, limits: Limits) -> Self:
        sizes = [path.lstat().st_size for path in _files(place)]
        return cls(limits.looked_at_bytes, limits.kept - len(sizes), limits.kept_bytes - sum(sizes))


@dataclass(slots=True)
class _Run:
    """Fetching from one drop."""

    drop: Drop
    whose: Whose
    place: Path
    room: _Room
    found: Fetched = field(default_factory=Fetched)

    def fetch(self, kind: RowKind, path: str) -> None:
        """Take one row, or note why not."""
        name = path.rsplit("/", 1)[-1]
        shown = name if _NAME.fullmatch(name) else "a row with an odd name"
        if not name.endswith(_ENDING) or not is_ulid(name.removesuffix(_ENDING)):
            self.found.left_out[shown] = "is no row of this study"
            return
        try:
            data = self._small(path)
            row = None if data is None else checked_row(name, data, kind, self.whose)
        except RowWrong as wrong:
            self.found.left_out[shown] = str(wrong)
            return
        if data is None or row is None or not self._has_room(len(data)):
            self.found.more += 1
            return
        write_whole(self.place / name, data)
        self.found.new.append(row)

    def _small(self, path: str) -> bytes | None:
        """Give the bytes of a row; one that cannot be had keeps no other, a drop that went does.

        None when enough was read in this run.

        Raises:
            RowWrong: It is too large, a link, or went just now.
            DropUnreachable: The drop cannot be used.
        """
        size_bytes = self.drop.size(path) or 0
        if size_bytes > ROW_BYTES:
            raise RowWrong("is larger than a row may be")
        if size_bytes > self.room.looked_at_bytes:
            return None
        self.room.looked_at_bytes -= size_bytes
        try:
            return self.drop.read(path, ROW_BYTES)
        except DropUnreachable as cause:
            raise RowWrong("cannot be read") from cause

    def _has_room(self, size_bytes: int) -> bool:
        """Take the room for one more kept row; False when there is none."""
        if self.room.kept < 1 or self.room.kept_bytes < size_bytes:
            return False
        self.room.kept -= 1
        self.room.kept_bytes -= size_bytes
        return True


def _either(name: str, data: bytes, whose: Whose) -> Row:
    try:
        is_use = parse_envelope(data).payload_type == USE_TYPE
    except SignatureWrong as cause:
        raise RowWrong("is no signed row") from cause
    return checked_row(name, data, "uses" if is_use else "receipts", whose)


def _check_owner(row: Row, name: str, whose: Whose) -> None:
    row_id = row.receipt_id if isinstance(row, Receipt) else row.use_id
    if row.study != whose.study or row.pseudonym not in whose.pseudonyms:
        raise RowWrong("is about another participant")
    if name != row_id + _ENDING:
        raise RowWrong("is another row under this name")


def _why(wrong: Exception) -> str:
    return str(wrong) if isinstance(wrong, RowWrong) else "cannot be read"


def _files(place: Path) -> Iterator[Path]:
    try:
        entries = list(os.scandir(place))
    except (FileNotFoundError, NotADirectoryError):
        return
    yield from (Path(entry.path) for entry in entries if entry.name.endswith(_ENDING))
