"""A key combination as a person writes it: `ctrl+alt+p`."""

import re
from dataclasses import dataclass
from typing import Final

MODIFIERS: Final = ("ctrl", "alt", "shift", "super")
_KEY: Final = re.compile(r"[a-z0-9]|[a-z][a-z0-9_]{1,15}")


@dataclass(frozen=True, slots=True)
class Hotkey:
    """Modifiers and a key.

    Attributes:
        modifiers: Of `MODIFIERS`; at least one that is not shift.
        key: A letter, a digit, or pynput's name of another key: `f9`, `pause`, `insert`.
    """

    modifiers: frozenset[str]
    key: str


def read_hotkey(text: str) -> Hotkey | None:
    """Give the combination; None for "", which means no hotkey.

    Raises:
        ValueError: It is none: no modifier but shift, twice the same, or no key.
    """
    if not text.strip():
        return None
    *modifiers, key = (word.strip() for word in text.lower().split("+"))
    found = frozenset(modifiers)
    is_whole = len(found) == len(modifiers) and found <= set(MODIFIERS) and found - {"shift"}
    if not is_whole or key in MODIFIERS or not _KEY.fullmatch(key):
        raise ValueError("no key combination")
    return Hotkey(found, key)
