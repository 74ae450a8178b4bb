"""What the shared tables hold, column by column, in the words of `docs/tables.md`.

That page is compared with the schemas by a test and travels with the package.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recorder.episodes.schemas import SCHEMAS

_ROW: Final = re.compile(r"^\| `(\w+)` \| `([^`]+)` \| (yes|no) \| (.+) \|$", re.MULTILINE)
_HERE: Final = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, and what it holds."""

    name: str
    kind: str
    meaning: str


def packaged(name: str) -> Path:
    """Give a page or file of `docs/`: beside this module when installed, else in the checkout."""
    beside = _HERE / name
    return beside if beside.is_file() else _HERE.parents[1] / "docs" / name


def data_map() -> dict[str, tuple[Column, ...]]:
    """Give the columns of each table, in the order of its schema.

    Raises:
        KeyError: The page lacks a column, which a test would have found.
    """
    page = packaged("tables.md").read_text(encoding="utf-8")
    found: dict[str, tuple[Column, ...]] = {}
    for table, schema in SCHEMAS.items():
        part = page.partition(f"\n## {table}\n")[2].partition("\n## ")[0]
        meanings = {name: meaning for name, _, _, meaning in _ROW.findall(part)}
        found[table] = tuple(
            Column(field.name, str(field.type), meanings[field.name]) for field in schema
        )
    return found
