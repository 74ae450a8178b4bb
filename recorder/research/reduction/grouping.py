"""Which rows that do something make one step."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from recorder.research.reduction.columns import Flags, Floats, Ints, Objects, alike, among
from recorder.research.reduction.doing import Deeds, Doing
from recorder.research.reduction.profiles import Rules
from recorder.research.reduction.rows import Rows
from recorder.research.reduction.typed import Typed, survivors

_TYPING: Final = (Doing.CHAR, Doing.BACKSPACE)
_MOST_CLICKS: Final = 3


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows that do something, grouped into steps.

    Attributes:
        at: Their rows, in order.
        doing: `Doing` of each; a backspace that deletes nothing of the step is a key.
        begins: Whether a step begins with it.
        number: Which step it belongs to, from 0.
        is_drag: Of presses: whether the release is far enough away.
        shown: Of characters, what they add to the text; None where only the class is known.
        survives: Of characters, whether no backspace deleted them.
    """

    at: Ints
    doing: Ints
    begins: Flags
    number: Ints
    is_drag: Flags
    shown: Objects
    survives: Flags


def grouped(rows: Rows, deeds: Deeds, focus: Ints, rules: Rules) -> Groups:
    """Group what was done into steps.

    `focus`: of each row that does something, which window had the focus, by any number.
    """
    at = np.flatnonzero(deeds.doing)
    doing = deeds.doing[at]
    shown = _shown(rows, at, doing)
    is_drag = _drags(rows, deeds, at, rules)
    done = _Done(at, doing, shown, is_drag, deeds.mods[at], focus)
    survives, doing, joins = survivors(doing, _joins(rows, done, rules), _typed(rows, done))
    begins = ~joins
    return Groups(at, doing, begins, np.cumsum(begins) - 1, is_drag, shown, survives)


@dataclass(frozen=True, slots=True)
class _Done:
    """What was done: arrays of one length."""

    at: Ints
    doing: Ints
    shown: Objects
    is_drag: Flags
    mods: Ints
    focus: Ints


def _joins(rows: Rows, done: _Done, rules: Rules) -> Flags:
    """Tell of each row whether it goes on with what the row before it did."""
    joins = np.zeros(len(done.at), np.bool_)
    if len(joins):
        joins[1:] = _keys_join(rows, done) | _scrolls_join(rows, done, rules)
        joins[1:] |= _typing_joins(rows, done, rules)
        joins[_clicks_joining(rows, done, rules)] = True
    return joins


def _both(rows: Rows, done: _Done, *kinds: Doing) -> Flags:
    """Tell of which neighbours both are of these kinds, in one part."""
    found = among(done.doing, kinds)
    return alike(rows.part[done.at]) & found[1:] & found[:-1]


def _both_alike(rows: Rows, done: _Done, kind: Doing) -> Flags:
    """Tell of which neighbours both are of this kind, done with the same modifiers."""
    return _both(rows, done, kind) & alike(done.mods)


def _within(rows: Rows, done: _Done, pause_ns: int) -> Flags:
    """Tell which neighbours are no farther apart in time."""
    t_ns = rows.t_ns[done.at]
    return t_ns[1:] - t_ns[:-1] <= pause_ns


def _shown(rows: Rows, at: Ints, doing: Ints) -> Objects:
    """Give what characters add to a text."""
    words = np.array([*(" " if word == "space" else word for word in rows.keys), None], object)
    shown: Objects = words[rows.key[at]]
    shown[doing != Doing.CHAR] = None
    masked = np.flatnonzero(rows.is_masked[at] & (doing == Doing.CHAR))
    entities = rows.table.column("entity")
    for one in masked:
        entity = entities[int(at[one])].as_py()
        shown[one] = None if entity is None else f"<{entity}>"
    return shown


def _drags(rows: Rows, deeds: Deeds, at: Ints, rules: Rules) -> Flags:
    end = np.where(deeds.doing[at] == Doing.PRESS, deeds.other[at], at)
    far = _distance(rows.x[end] - rows.x[at], rows.y[end] - rows.y[at], rules)
    return far > rules.drag_px


def _distance(dx: Ints, dy: Ints, rules: Rules) -> Floats:
    if rules.is_round:
        return np.hypot(dx, dy)
    return np.maximum(np.abs(dx), np.abs(dy)) * 1.0


def _keys_join(rows: Rows, done: _Done) -> Flags:
    """Let repeats of a held key go on."""
    same_key = alike(rows.key[done.at])
    return _both_alike(rows, done, Doing.KEY) & same_key & rows.is_repeat[done.at][1:]


def _scrolls_join(rows: Rows, done: _Done, rules: Rules) -> Flags:
    joins = _both_alike(rows, done, Doing.SCROLL)
    if rules.scroll_pause_ns is None:
        return joins
    for steps in (rows.dx, rows.dy):
        joins &= alike(np.sign(steps[done.at]))
    return joins & _within(rows, done, rules.scroll_pause_ns)


def _typing_joins(rows: Rows, done: _Done, rules: Rules) -> Flags:
    joins = _both(rows, done, *_TYPING)
    if rules.typing_pause_ns is not None:
        joins &= _within(rows, done, rules.typing_pause_ns) & alike(done.focus)
    return joins


def _typed(rows: Rows, done: _Done) -> Typed:
    is_char = done.doing == Doing.CHAR
    same_mods = np.concatenate([[False], alike(done.mods)])[: len(done.at)]
    return Typed(
        tells=is_char & np.not_equal(done.shown, " "),
        is_class_only=np.array([shown is None for shown in done.shown.tolist()], np.bool_),
        is_masked=rows.is_masked[done.at],
        is_repeat=rows.is_repeat[done.at] & same_mods,
    )


def _clicks_joining(rows: Rows, done: _Done, rules: Rules) -> list[int]:
    """Give the clicks that make one before them a double or triple click."""
    click = ~done.is_drag
    pair = _both_alike(rows, done, Doing.PRESS) & click[1:] & click[:-1]
    pair &= alike(rows.button[done.at])
    joining = []
    first, clicks = -1, 0
    for one in (np.flatnonzero(pair) + 1).tolist():
        if one != first + clicks:
            first, clicks = one - 1, 1
        against = first if rules.from_first else one - 1
        if clicks < _MOST_CLICKS and _is_near(rows, done.at[against], done.at[one], rules):
            joining.append(one)
            clicks += 1
        else:
            first, clicks = one, 1
    return joining


def _is_near(rows: Rows, one: int, other: int, rules: Rules) -> bool:
    """Tell whether two presses are close enough in time and on the screen."""
    if rows.t_ns[other] - rows.t_ns[one] >= rules.multi_click_ns:
        return False
    far = _distance(rows.x[other] - rows.x[one], rows.y[other] - rows.y[one], rules)
    return bool(far < rules.multi_click_px)
