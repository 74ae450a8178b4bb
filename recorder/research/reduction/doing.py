"""Which rows do something, and what: the rows that steps are made of."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from recorder.core.events import SHORTCUT_MODS, KeyClass, Kind, Mods
from recorder.research.reduction.columns import Flags, Floats, Ints, among
from recorder.research.reduction.held import (
    NONE,
    Holds,
    held_mods,
    key_presses,
    modifier_holds,
    released_by,
)
from recorder.research.reduction.profiles import Rules
from recorder.research.reduction.reduced import LeftOut
from recorder.research.reduction.rows import BOUNDARIES, CLASS, KIND, Rows

REASONS: Final = tuple(LeftOut)
_REASON: Final = {reason: number for number, reason in enumerate(REASONS)}
_MOST_SCROLL_STEPS: Final = 1_000_000
"""In one row; what is more, or no number, is no turn of a wheel."""
_PRINTING: Final = (CLASS[KeyClass.CHAR], CLASS[KeyClass.SPACE])


class Doing(IntEnum):
    """What a row does."""

    NOTHING = 0
    LOST_PRESS = 1
    """A press without its release: no step, but what was done before it ends."""
    PRESS = 2
    SCROLL = 3
    CHAR = 4
    BACKSPACE = 5
    KEY = 6


@dataclass(frozen=True, slots=True)
class Deeds:
    """What each row does and whose it is; arrays of one length with the rows.

    Attributes:
        doing: `Doing`.
        mods: Modifiers held.
        other: Of buttons the other half, -1 for none.
        owner: The row that a release or a modifier goes with, itself where it does something,
            -1 where the row is left out.
        reason: Number in `REASONS` of rows that are left out, else -1.
        is_modifier: Rows of modifiers that go with other rows.
    """

    doing: Ints
    mods: Ints
    other: Ints
    owner: Ints
    reason: Ints
    is_modifier: Flags


def deeds_of(rows: Rows, rules: Rules) -> Deeds:
    """Tell what each row does."""
    holds = modifier_holds(rows)
    mods = held_mods(rows, holds)
    reason = _unusable(rows)
    usable = reason == NONE
    is_button = usable & _is(rows, Kind.BUTTON_DOWN, Kind.BUTTON_UP)
    other = released_by(rows, is_button)
    doing = _doing(rows, mods, usable, other)
    is_modifier = usable & (holds.member != NONE)
    alone = _acting_alone(holds, mods, doing, rules)
    doing[holds.press[alone]] = Doing.KEY
    is_modifier &= ~np.append(alone, False)[holds.member]
    owner = np.where(doing > Doing.LOST_PRESS, np.arange(len(doing)), NONE)
    released = is_button & (rows.kind == KIND[Kind.BUTTON_UP]) & (other != NONE)
    owner[released] = other[released]
    _own_keys(rows, usable & (rows.key_class != CLASS[KeyClass.MODIFIER]), owner)
    _own_modifiers(holds, doing, alone, owner)
    reason = np.where(usable & (owner == NONE), _lost(rows), reason)
    return Deeds(doing, mods, other, owner, reason, is_modifier)


def _is(rows: Rows, *kinds: Kind) -> Flags:
    return among(rows.kind, [KIND[kind] for kind in kinds])


def _unusable(rows: Rows) -> Ints:
    """Give why a row can be no part of a step; -1 where it can."""
    reason = np.full(len(rows.seq), NONE)
    is_button = _is(rows, Kind.BUTTON_DOWN, Kind.BUTTON_UP)
    is_scroll, is_key = _is(rows, Kind.SCROLL), _is(rows, Kind.KEY_DOWN, Kind.KEY_UP)
    is_named = among(rows.key_class, _PRINTING) | (rows.key >= 0)
    bad = (is_button & (rows.button < 0)) | ((is_button | is_scroll) & ~rows.has_place)
    bad |= is_scroll & ~(_is_countable(rows.dx) & _is_countable(rows.dy))
    reason[bad | (is_key & ((rows.key_class < 0) | ~is_named))] = _REASON[LeftOut.INCOMPLETE]
    still = is_scroll & (rows.dx == 0) & (rows.dy == 0) & (reason == NONE)
    reason[still] = _REASON[LeftOut.EMPTY_SCROLL]
    reason[among(rows.kind, BOUNDARIES)] = _REASON[LeftOut.BOUNDARY]
    return reason


def _is_countable(steps: Floats) -> Flags:
    """Tell where steps of a wheel are a number that sums and pixels can be made of."""
    return np.abs(steps) <= _MOST_SCROLL_STEPS


def _doing(rows: Rows, mods: Ints, usable: Flags, other: Ints) -> Ints:
    doing = np.full(len(rows.seq), int(Doing.NOTHING))
    doing[usable & _is(rows, Kind.SCROLL)] = Doing.SCROLL
    press = usable & _is(rows, Kind.BUTTON_DOWN)
    doing[press] = np.where(other[press] == NONE, Doing.LOST_PRESS, Doing.PRESS)
    key = usable & _is(rows, Kind.KEY_DOWN) & (rows.key_class != CLASS[KeyClass.MODIFIER])
    is_command = ((mods & int(SHORTCUT_MODS)) != 0) & ((mods & int(Mods.ALTGR)) == 0)
    doing[key] = Doing.KEY
    is_class_only = among(rows.key_class, _PRINTING) & (rows.key < 0)
    prints = key & among(rows.key_class, _PRINTING) & (~is_command | is_class_only)
    doing[prints] = Doing.CHAR
    doing[key & (rows.key_class == CLASS[KeyClass.BACKSPACE]) & ~is_command] = Doing.BACKSPACE
    return doing


def _acting_alone(holds: Holds, mods: Ints, doing: Ints, rules: Rules) -> Flags:
    """Tell of each hold whether it was pressed and released for its own sake."""
    deeds = np.flatnonzero(doing)
    enclosed = np.searchsorted(deeds, holds.release) - np.searchsorted(deeds, holds.press)
    others = np.searchsorted(holds.press, holds.release) - np.arange(len(holds.press)) - 1
    acts = (holds.bit & int(rules.acting_alone)) != 0
    member = np.append(holds.member, NONE)
    is_released = member[holds.release] == np.arange(len(holds.press))
    is_free = mods[holds.press] == 0
    alone: Flags = acts & (enclosed == 0) & (others == 0) & is_released & is_free
    return alone


def _own_keys(rows: Rows, is_key: Flags, owner: Ints) -> None:
    """Let releases of keys go with their presses. Changes `owner`."""
    press = key_presses(rows, is_key & _is(rows, Kind.KEY_DOWN, Kind.KEY_UP))
    released = press != NONE
    owner[released] = press[released]


def _own_modifiers(holds: Holds, doing: Ints, alone: Flags, owner: Ints) -> None:
    """Let modifiers go with the first row that does something while they are held."""
    deeds = np.append(np.flatnonzero(doing), len(doing))
    first = deeds[np.searchsorted(deeds, holds.press)]
    target = np.where(first < holds.release, first, NONE)
    target = np.where(alone, holds.press, target)
    at = np.flatnonzero(holds.member != NONE)
    whose = target[holds.member[at]]
    known = whose != NONE
    owner[at[known]] = np.where(doing[whose[known]] == Doing.LOST_PRESS, NONE, owner[whose[known]])


def _lost(rows: Rows) -> Ints:
    """Give why a row without an owner is left out."""
    lost = np.full(len(rows.seq), _REASON[LeftOut.KEY_RELEASE])
    lost[rows.key_class == CLASS[KeyClass.MODIFIER]] = _REASON[LeftOut.LONE_MODIFIER]
    lost[rows.kind == KIND[Kind.BUTTON_DOWN]] = _REASON[LeftOut.ORPHAN_PRESS]
    lost[rows.kind == KIND[Kind.BUTTON_UP]] = _REASON[LeftOut.ORPHAN_RELEASE]
    return lost
