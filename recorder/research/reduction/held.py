"""Which release belongs to which press, and which modifiers were held when."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from recorder.core.events import KeyClass, Kind, Mods
from recorder.research.reduction.columns import Flags, Ints, alike
from recorder.research.reduction.rows import CLASS, KIND, Rows

NONE: Final = -1
_MODIFIER: Final = CLASS[KeyClass.MODIFIER]
_DOWN, _UP = KIND[Kind.KEY_DOWN], KIND[Kind.KEY_UP]
_PREFIXES: Final = {
    "shift": Mods.SHIFT, "ctrl": Mods.CTRL, "alt_gr": Mods.ALTGR, "alt": Mods.ALT,
    "cmd": Mods.SUPER, "super": Mods.SUPER, "win": Mods.SUPER, "meta": Mods.SUPER,
}  # fmt: skip
"""pynput's names begin with these; the longer ones come first."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Modifiers pressed, in the order of their presses; arrays of one length.

    Attributes:
        press: Row of the press.
        release: Row of the release, or the number of rows where there is none in its part.
        bit: What it is, 0 for caps lock and other locks.
        member: Of each row the hold that it belongs to, -1 for none.
    """

    press: Ints
    release: Ints
    bit: Ints
    member: Ints


def released_by(rows: Rows, is_button: Flags) -> Ints:
    """Give for each row of a button the row of its other half; -1 where there is none.

    A press belongs to the next row of the same button, if that is a release.
    """
    at = np.flatnonzero(is_button)
    order = at[np.lexsort((rows.button[at], rows.part[at]))]
    is_down = rows.kind[order] == KIND[Kind.BUTTON_DOWN]
    matched = alike(rows.part[order], rows.button[order]) & is_down[:-1] & ~is_down[1:]
    other = np.full(len(rows.seq), NONE)
    press, release = order[:-1][matched], order[1:][matched]
    other[press], other[release] = release, press
    return other


def key_presses(rows: Rows, is_key: Flags) -> Ints:
    """Give for each release of a key the row of its press; -1 where there is none.

    Keys of which only the class is stored are told apart by nothing: their release belongs
    to the last press of that class.
    """
    at = np.flatnonzero(is_key)
    name = _names(rows)[at]
    by_name = np.lexsort((name, rows.part[at]))
    order, name = at[by_name], name[by_name]
    is_down = rows.kind[order] == _DOWN
    fresh = np.concatenate([[True], ~alike(rows.part[order], name)])[: len(order)]
    last = np.maximum.accumulate(np.where(is_down, np.arange(len(order)), NONE))
    begin = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    before_down = np.concatenate([[False], is_down[:-1]])[: len(order)]
    paired = ~is_down & (last >= begin) & (before_down | (name < 0))
    press = np.full(len(rows.seq), NONE)
    press[order[paired]] = order[last[paired]]
    return press


def _names(rows: Rows) -> Ints:
    """Give keys as numbers, upper and lower case alike; below 0 where only the class is known."""
    folded = {word.lower(): number for number, word in enumerate(rows.keys)}
    numbers = np.array([*(folded[word.lower()] for word in rows.keys), NONE], np.int64)
    return np.where(rows.key >= 0, numbers[rows.key], -2 - rows.key_class)


def modifier_holds(rows: Rows) -> Holds:
    """Give each time that a modifier was held, repeats included."""
    is_modifier = (rows.key_class == _MODIFIER) & ((rows.kind == _DOWN) | (rows.kind == _UP))
    at = np.flatnonzero(is_modifier)
    order = at[np.lexsort((rows.key[at], rows.part[at]))]
    is_down = rows.kind[order] == _DOWN
    goes_on = alike(rows.part[order], rows.key[order]) & is_down[:-1]
    begins = is_down & ~np.concatenate([[False], goes_on])[: len(order)]
    member = np.full(len(rows.seq), NONE)
    belongs = begins | np.concatenate([[False], goes_on])[: len(order)]
    number = np.cumsum(begins) - 1
    press = order[begins]
    release = _part_ends(rows)[press]
    ends = belongs & ~is_down
    release[number[ends]] = order[ends]
    sequence = np.argsort(press, kind="stable")
    place = np.empty_like(sequence)
    place[sequence] = np.arange(len(sequence))
    member[order[belongs]] = place[number[belongs]]
    press = press[sequence]
    return Holds(press, release[sequence], _bits(rows)[rows.key[press]], member)


def _part_ends(rows: Rows) -> Ints:
    """Give of each row the first row of the next part."""
    return np.searchsorted(rows.part, rows.part, side="right")


def _bits(rows: Rows) -> Ints:
    return np.array([*(int(_bit(word)) for word in rows.keys), 0], np.int64)


def _bit(key: str) -> Mods:
    return next((bit for name, bit in _PREFIXES.items() if key.startswith(name)), Mods.NONE)


def held_mods(rows: Rows, holds: Holds) -> Ints:
    """Give the modifiers held at each row: as stored, else as the rows before it tell."""
    if (rows.mods >= 0).all():
        return rows.mods
    told = np.zeros(len(rows.seq), np.int64)
    for bit in (Mods.SHIFT, Mods.CTRL, Mods.ALT, Mods.SUPER, Mods.ALTGR):
        one = holds.bit == bit
        change = np.zeros(len(rows.seq) + 1, np.int64)
        np.add.at(change, holds.press[one] + 1, 1)
        np.add.at(change, np.maximum(holds.release[one], holds.press[one] + 1), -1)
        told |= np.where(np.cumsum(change[:-1]) > 0, int(bit), 0)
    return np.where(rows.mods >= 0, rows.mods, told)
