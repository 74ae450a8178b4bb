"""Captured text as a page may show it: one line, bounded, nothing invisible or reordering."""

import unicodedata
from typing import Final

LIMIT: Final = 300
"""Characters of a title or a typed line that are shown."""
_MOST_MARKS: Final = 3
"""Combining marks on one character; more cover the lines around it."""
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_COMBINING: Final = frozenset({"Mn", "Me"})
_BLANKS: Final = frozenset("\t\n\r")


def visible(text: str, limit: int = LIMIT) -> str:
    """Give the text with control, bidi and other unseen characters as `[U+202E]`.

    Total: any text gives one line; beyond `limit` characters it says how many more.
    """
    shown = []
    marks = 0
    for character in text[:limit]:
        category = unicodedata.category(character)
        marks = marks + 1 if category in _COMBINING else 0
        if character in _BLANKS:
            shown.append(" ")
        elif category in _HIDDEN or marks > _MOST_MARKS:
            shown.append(f"[U+{ord(character):04X}]")
        else:
            shown.append(character)
    more = f"… ({len(text) - limit} more characters)" if len(text) > limit else ""
    return "".join(shown) + more
