"""Whether a value can be read in stored rows of typing, or in a text; a search of its own."""

from collections.abc import Iterable, Mapping
from typing import Final

_LEAST_CHARS: Final = 5
_EDITS: Final = frozenset({"backspace", "left", "right", "home", "end", "delete"})


def can_be_read(value: str, kind: str, texts: Iterable[str]) -> bool:
    """Tell whether half of a value's letters and digits, and five at least, stand in a row.

    Case, spaces and punctuation do not count, on either side, nor does the month in words
    of a date.
    """
    wanted = bare(value)
    if kind == "BIRTH_DATE":
        wanted = "".join(filter(str.isdigit, wanted))
    size = min(len(wanted), max(_LEAST_CHARS, (len(wanted) + 1) // 2))
    pieces = {wanted[at : at + size] for at in range(len(wanted) - size + 1)}
    return any(piece in text for text in map(bare, texts) for piece in pieces)


def bare(text: str) -> str:
    """Give letters and digits alone, in small letters."""
    return "".join(char for char in text.lower() if char.isalnum())


def readings(rows: Iterable[Mapping[str, object]]) -> tuple[str, str, str]:
    """Give what a reader makes of rows of events: keys in a row, edited, and backwards."""
    keys = [str(row["key"]) for row in rows if row["kind"] == "key_down" and row["key"]]
    plain = "".join(_char(key) for key in keys)
    return plain, _edited(keys), plain[::-1]


def _char(key: str) -> str:
    return " " if key == "space" else key if len(key) == 1 else ""


def _edited(keys: Iterable[str]) -> str:
    """Replay the keys as an editor would; a named key that is no edit ends the line."""
    whole: list[str] = []
    line: list[str] = []
    caret = 0
    for key in keys:
        if char := _char(key):
            line.insert(caret, char)
            caret += 1
        elif key in _EDITS:
            caret = _edit(line, caret, key)
        elif not key.startswith(("shift", "caps", "alt_gr")):
            whole += [*line, "\n"]
            line, caret = [], 0
    return "".join([*whole, *line])


def _edit(line: list[str], caret: int, key: str) -> int:
    if key == "backspace" and caret:
        del line[caret - 1]
        return caret - 1
    if key == "delete":
        del line[caret : caret + 1]
        return caret
    places = {
        "left": max(0, caret - 1),
        "right": min(len(line), caret + 1),
        "home": 0,
        "end": len(line),
    }
    return places.get(key, caret)
