"""Rows that a researcher signed for a participant: receipts and uses, fetched and checked.

Only a row that a pinned key of the study's controller signed is kept, in
`<folder>/shared/<study>/rows/`. A row that is forged or of another participant is named and left out.
"""

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pydantic import ValidationError

from recorder.consent.keys import PublicKey, SignatureWrong, parse_envelope, verify_envelope
from recorder.core.ids import is_ulid
from recorder.episodes.copies import SHARED
from recorder.files import private_folder, read_regular, write_whole
from recorder.sharing.drop_layout import ENDINGS
from recorder.sharing.drops import Drop, DropUnreachable
from recorder.sharing.statements import RECEIPT_TYPE, USE_TYPE, Receipt, Use

ROWS: Final = "rows"
ROW_BYTES: Final = 4_000_000
_ENDING: Final = ENDINGS["receipts"]
_NAME: Final = re.compile(r"[0-9A-Za-z._-]{1,80}")

RowKind = Literal["receipts", "uses"]
Row = Receipt | Use


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose rows they must be, and who may have signed them.

    Attributes:
        controllers: Hex public keys of the study's controller that were agreed to.
    """

    study: str
    pseudonym: str
    controllers: Collection[str]


@dataclass(slots=True)
class Fetched:
    """What came back: new rows, and names of those that were left out, with the reason."""

    new: list[Row] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


class RowWrong(Exception):
    """A row is not what the controller signed for this participant."""


def fetch_rows(folder: Path, drop: Drop, whose: Whose) -> Fetched:
    """Fetch the rows that are not here yet, check them and keep the good ones.

    Raises:
        RecorderError: The drop cannot be read; what was kept stays.
        OSError: The folder cannot be written.
    """
    place = private_folder(rows_folder(folder, whose.study))
    found = Fetched()
    kinds: tuple[RowKind, ...] = ("receipts", "uses")
    for kind in kinds:
        for path in drop.names(f"{whose.study}/{kind}/{whose.pseudonym}/"):
            name = path.rsplit("/", 1)[-1]
            if (place / name).exists() and is_ulid(name.removesuffix(_ENDING)):
                continue
            _fetch(drop, path, kind, (place, whose, found))
    return found


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


def _fetch(drop: Drop, path: str, kind: RowKind, to: tuple[Path, Whose, Fetched]) -> None:
    place, whose, found = to
    name = path.rsplit("/", 1)[-1]
    shown = name if _NAME.fullmatch(name) else "a row with an odd name"
    if not name.endswith(_ENDING) or not is_ulid(name.removesuffix(_ENDING)):
        found.left_out[shown] = "is no row of this study"
        return
    try:
        data = _small(drop, path)
        row = checked_row(name, data, kind, whose)
    except RowWrong as wrong:
        found.left_out[shown] = str(wrong)
        return
    write_whole(place / name, data)
    found.new.append(row)


def _small(drop: Drop, path: str) -> bytes:
    """Give the bytes of a row; one that cannot be had keeps no other, a drop that went does.

    Raises:
        RowWrong: It is too large, a link, or went just now.
        DropUnreachable: The drop cannot be used.
    """
    size_bytes = drop.size(path)
    if size_bytes is not None and size_bytes > ROW_BYTES:
        raise RowWrong("is larger than a row may be")
    try:
        return drop.read(path, ROW_BYTES)
    except DropUnreachable as cause:
        raise RowWrong("cannot be read") from cause


def _either(name: str, data: bytes, whose: Whose) -> Row:
    try:
        is_use = parse_envelope(data).payload_type == USE_TYPE
    except SignatureWrong as cause:
        raise RowWrong("is no signed row") from cause
    return checked_row(name, data, "uses" if is_use else "receipts", whose)


def _check_owner(row: Row, name: str, whose: Whose) -> None:
    row_id = row.receipt_id if isinstance(row, Receipt) else row.use_id
    if (row.study, row.pseudonym) != (whose.study, whose.pseudonym):
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
