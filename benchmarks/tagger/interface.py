"""Lines and words of interfaces in many languages; where they come from: `interface.md`."""

import re
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("interface.txt")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


@cache
def interface_lines() -> tuple[str, ...]:
    """Give names of buttons and fields and short sentences, in the order of the file."""
    return tuple(text for language, text in _rows() if language[-1] not in "+@")


@cache
def interface_places() -> tuple[str, ...]:
    """Give towns and countries by their names in those languages."""
    return tuple(text for language, text in _rows() if language.endswith("@"))


@cache
def interface_words() -> tuple[str, ...]:
    """Give the words of the lines and further ones, lower case, sorted."""
    rows = (text for language, text in _rows() if not language.endswith("@"))
    return tuple(sorted({word for text in rows for word in _WORD.findall(text.lower())}))


def _rows() -> list[tuple[str, str]]:
    rows = (line.partition("\t") for line in _FILE.read_text("utf-8").splitlines())
    return [(language, text) for language, _, text in rows]
