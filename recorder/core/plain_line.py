"""Text that others show for us, as one harmless line. Pure."""

import unicodedata
from typing import Final

_MOST_CHARACTERS: Final = 200


def plain_line(text: str) -> str:
    """Give a text as one line: no control or direction characters, at most 200 characters."""
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return shown if len(shown) <= _MOST_CHARACTERS else shown[: _MOST_CHARACTERS - 1] + "…"
