"""Names of an episode's table files, and which of them are in force."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

Table = Literal["events", "frames", "context"]
TABLES: Final[tuple[Table, ...]] = get_args(Table)

KEY_FILE: Final = "key.age"
MANIFEST_FILE: Final = "manifest.json"
SUMMARY_FILE: Final = "summary.json"
SEALED_SUMMARY_FILE: Final = "summary.json.age"
CHANGE_FILE: Final = "change.json"
"""There while a change that is decided is being carried out."""

_PART: Final = re.compile(
    r"(events|frames|context)-([0-9]{6})-([0-9]{7})-([0-9]{7})(?:\.m([0-9]{2,4}))?\.parquet"
)
_MOST_NAMES: Final = 8_192
"""Known by heart, 2 MB; a day of eight hours has 1,300, and they are listed table by table."""
_TEMPORARY: Final = re.compile(r"\.[0-9a-f]{16}\.tmp")


@dataclass(frozen=True, slots=True)
class PartName:
    """One table file's name.

    Attributes:
        table: Whose rows it holds.
        segment: Number of the segment, from 0.
        start_s: First whole second of the episode that it touches.
        end_s: Whole second of the episode before which its last row lies.
        batch: Number of the micro-batch; None for a sealed segment.
    """

    table: Table
    segment: int
    start_s: int
    end_s: int
    batch: int | None = None

    def __str__(self) -> str:
        batch = "" if self.batch is None else f".m{self.batch:02d}"
        times = f"{self.start_s:07d}-{self.end_s:07d}"
        return f"{self.table}-{self.segment:06d}-{times}{batch}.parquet"


@lru_cache(_MOST_NAMES)
def parse_part(name: str) -> PartName | None:
    """Give the parts of a file name, None when it is no table file."""
    found = _PART.fullmatch(name)
    if found is None:
        return None
    table = next(t for t in TABLES if t == found[1])
    batch = None if found[5] is None else int(found[5])
    return PartName(table, int(found[2]), int(found[3]), int(found[4]), batch)


def parts_in_force(names: Iterable[str]) -> list[PartName]:
    """Give the files that hold the rows, each row once, by table, segment and batch.

    A sealed segment outranks its micro-batches, and of two files for the same rows the
    one that spans less: it was rewritten by a deletion that a crash cut short.
    """
    found = [part for part in map(parse_part, names) if part is not None]
    sealed = {(p.table, p.segment) for p in found if p.batch is None}
    chosen: dict[tuple[Table, int, int], PartName] = {}
    for part in found:
        if part.batch is not None and (part.table, part.segment) in sealed:
            continue
        place = (part.table, part.segment, -1 if part.batch is None else part.batch)
        other = chosen.get(place)
        if other is None or (part.end_s, -part.start_s) < (other.end_s, -other.start_s):
            chosen[place] = part
    return [chosen[place] for place in sorted(chosen)]


def temporary_name() -> str:
    """Give a random name for a file that is being written."""
    return f".{secrets.token_hex(8)}.tmp"


def is_temporary(name: str) -> bool:
    """Tell whether a file was being written when its writer was killed."""
    return _TEMPORARY.fullmatch(name) is not None
