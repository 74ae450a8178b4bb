"""Words and lines that cases are put together from; two parts that share nothing."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent


class Part(StrEnum):
    """Which half of the words and lines: one to look at, one kept apart."""

    DEVELOPMENT = "development"
    HELD_OUT = "held_out"


def words(part: Part, section: str) -> Sequence[str]:
    """Give one part's words of a section such as `first en`; English where there is none."""
    sections = _sections("words.txt")
    body = sections.get(section) or sections[f"{section.partition(' ')[0]} en"]
    separator = r"\s*\|\s*" if "|" in body else r"\s+"
    found = re.split(separator, body.strip())
    return found[::2] if part is Part.DEVELOPMENT else found[1::2]


def lines(part: Part) -> dict[str, Sequence[str]]:
    r"""Give one part's lines by section, places unfilled, `\\n` and `\\t` as characters."""
    return {
        name: [line.replace("\\n", "\n").replace("\\t", "\t") for line in body.splitlines() if line]
        for name, body in _sections(f"{part}.txt").items()
    }


@cache
def _sections(name: str) -> dict[str, str]:
    text = (_FOLDER / name).read_text("utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("# "))
    parts = re.split(r"^\[([a-z]+(?: [a-z]{2})?)\]$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
