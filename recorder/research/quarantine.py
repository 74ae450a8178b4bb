"""What was refused, and why: reason and code, and the bytes only when asked for."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from recorder.core.ids import is_ulid
from recorder.core.strict import Strict
from recorder.files import private_folder, read_regular, sync_folder, write_whole
from recorder.sharing.statements import Time

_OWNER: Final = re.compile(r"p[0-9a-f]{32}")
_LONGEST_NAME: Final = 300
_LIMIT_BYTES: Final = 20_000


class Quarantined(Strict):
    """A refused bundle.

    Attributes:
        name: As its source calls it, cut and made printable.
        mark: Its size and time of change in its source; "" when they are not known.
        may_change: Whether another run may find otherwise, though its bytes are the same.
    """

    schema_name: Literal["recorder.quarantine/1"] = Field("recorder.quarantine/1", alias="schema")
    name: str
    source: str
    code: int
    reason: str
    size_bytes: int
    refused: Time
    mark: Annotated[str, Field(max_length=60)] = ""
    may_change: bool = True


def quarantine(folder: Path, row: Quarantined, kept: Path | None = None) -> None:
    """Note a refusal; the last one of a name stays.

    `kept`: The bundle's bytes, moved beside it; None where they are not wanted.
    """
    place = private_folder(folder / "quarantine")
    name = _file_name(row.name)
    write_whole(place / f"{name}.json", row.model_dump_json(by_alias=True).encode())
    if kept is not None:
        kept.replace(place / f"{name}.refused")


def release(folder: Path, name: str) -> None:
    """Forget a refusal: what bears the name is held now."""
    for ending in (".json", ".refused"):
        (folder / "quarantine" / (_file_name(name) + ending)).unlink(missing_ok=True)


def release_of(folder: Path, pseudonym: str) -> None:
    """Remove kept bytes that may be a participant's: all whose names tell of nobody else."""
    place = folder / "quarantine"
    for path in place.glob("*.refused"):
        row = _read(path.with_suffix(".json"))
        if row is None or _owner(row.name) in {"", pseudonym}:
            path.unlink()
    if place.is_dir():
        sync_folder(place)


def refusal_of(folder: Path, name: str) -> Quarantined | None:
    """Give what was noted when a bundle of that name was refused last; None when none was."""
    row = _read(folder / "quarantine" / f"{_file_name(name)}.json")
    return row if row is not None and row.name == name else None


def is_kept(folder: Path, name: str) -> bool:
    """Tell whether the bytes of a refused bundle are kept."""
    return (folder / "quarantine" / f"{_file_name(name)}.refused").exists()


def quarantined(folder: Path) -> Iterator[Quarantined]:
    """Give what is refused, by file name; damaged notes are left out."""
    for path in sorted((folder / "quarantine").glob("*.json")):
        row = _read(path)
        if row is not None:
            yield row


def shown(name: str) -> str:
    """Give a foreign name as it may be kept and printed."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name)[:_LONGEST_NAME]


def _read(path: Path) -> Quarantined | None:
    try:
        return Quarantined.model_validate_json(read_regular(path, _LIMIT_BYTES))
    except (OSError, ValidationError):
        return None


def _file_name(name: str) -> str:
    """Give a name that leads nowhere else, of each participant apart: ids can be copied."""
    stem, owner = name.rpartition("/")[2].removesuffix(".tar"), _owner(name)
    if owner and is_ulid(stem):
        return f"{owner}.{stem}"
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _owner(name: str) -> str:
    """Give the pseudonym in whose folder a file lies; "" when it lies in none."""
    above = name.rpartition("/")[0].rpartition("/")[2]
    return above if _OWNER.fullmatch(above) else ""
