"""Rows of input as actions: clicks, scrolls, typing runs, shortcuts, marks. Pure.

The same pauses as at capture decide where an action begins (`capture/actions.py`); a
second click near the first belongs to it.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.events import SHORTCUT_MODS, KeyClass, Kind
from recorder.episodes.columns import column

Numbers = np.ndarray[Any, np.dtype[np.int64]]

SCROLL_PAUSE_NS: Final = 500_000_000
TYPING_PAUSE_NS: Final = 2_000_000_000
DOUBLE_CLICK_NS: Final = 400_000_000
DOUBLE_CLICK_PX: Final = 5


class Family(IntEnum):
    """What an action is."""

    NONE = 0
    CLICK = 1
    SCROLL = 2
    TYPING = 3
    PRESS = 4
    """A shortcut, enter, or a function key."""
    MARK = 5
    """A password field, an excluded window, a pause, a gap, a removal."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Actions as ranges of rows: action i has the rows first[i] to end[i] - 1."""

    first: Numbers
    end: Numbers
    family: Numbers

    def __len__(self) -> int:
        return len(self.first)


_POINTER: Final = {Kind.BUTTON_DOWN.value: Family.CLICK, Kind.SCROLL.value: Family.SCROLL}
_SILENT: Final = frozenset({Kind.MOVE.value, Kind.BUTTON_UP.value, Kind.KEY_UP.value})
_ALONE: Final = (KeyClass.ENTER.value, KeyClass.FUNCTION.value)


def group(rows: pa.Table) -> Groups:
    """Give the actions of rows without moves, sorted by time.

    `rows`: kind, key_class, mods, is_repeat, t_ns, x, y, window_seq of `events`.
    """
    family = _families(rows)
    heads = np.flatnonzero(family)
    if not len(heads):
        none = np.empty(0, np.int64)
        return Groups(none, none, none)
    begins = _begins(rows, heads, family[heads])
    first = heads[begins]
    return Groups(first, np.append(first[1:], rows.num_rows), family[first])


def _families(rows: pa.Table) -> Numbers:
    """Give each row's family; releases and modifiers, which begin nothing, have none."""
    kinds = rows.column("kind").combine_chunks().dictionary_encode()
    names = kinds.dictionary.to_pylist()
    table = [Family.NONE if name in _SILENT else _POINTER.get(name, Family.MARK) for name in names]
    keys = [name == Kind.KEY_DOWN.value for name in names]
    codes = whole(kinds.indices)
    family = np.array(table, np.int64)[codes] if names else codes
    is_key = np.array(keys, bool)[codes] if names else codes.astype(bool)
    family[is_key] = _key_families(rows)[is_key]
    return family


def _key_families(rows: pa.Table) -> Numbers:
    classes = rows.column("key_class")
    mods = whole(rows.column("mods"))
    is_modifier = _truth(pc.equal(classes, word(KeyClass.MODIFIER)))
    is_alone = _truth(pc.is_in(classes, column(_ALONE, pa.string()))) | (
        (mods & int(SHORTCUT_MODS)) != 0
    )
    repeats = _truth(rows.column("is_repeat"))
    found = np.full(rows.num_rows, int(Family.TYPING), np.int64)
    found[is_alone] = Family.PRESS
    found[is_modifier | (is_alone & repeats)] = Family.NONE
    return found


def _begins(
    rows: pa.Table, heads: Numbers, family: Numbers
) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Tell for each row with a family whether an action begins with it."""
    t_ns = whole(rows.column("t_ns"))[heads]
    x, y = (whole(rows.column(name))[heads] for name in "xy")
    window = whole(rows.column("window_seq"))[heads]
    gap = np.diff(t_ns)
    near = (np.abs(np.diff(x)) <= DOUBLE_CLICK_PX) & (np.abs(np.diff(y)) <= DOUBLE_CLICK_PX)
    later = family[1:]
    goes_on = (later == family[:-1]) & (
        ((later == Family.SCROLL) & (gap <= SCROLL_PAUSE_NS))
        | ((later == Family.TYPING) & (gap <= TYPING_PAUSE_NS) & (np.diff(window) == 0))
        | ((later == Family.CLICK) & (gap <= DOUBLE_CLICK_NS) & near)
    )
    return np.concatenate([[True], ~goes_on])


def whole(values: pa.Array | pa.ChunkedArray) -> Numbers:
    """Give a column of whole numbers, 0 where one is missing; `to_numpy` imports pandas."""
    filled = values
    if values.null_count:
        filled = pc.fill_null(values, column([0], values.type)[0])
    chunks = filled.chunks if isinstance(filled, pa.ChunkedArray) else [filled]
    parts = [np.from_dlpack(chunk) for chunk in chunks if len(chunk)]
    return np.concatenate([np.empty(0, np.int64), *parts], dtype=np.int64)


def word(text: str) -> pa.Scalar:
    """Give a text as Arrow compares it; handing over Python's own imports pandas."""
    return column([str(text)], pa.string())[0]


def indices(order: Numbers) -> pa.Array:
    """Give row numbers as an Arrow array; `pyarrow.array` imports pandas."""
    data = pa.py_buffer(np.ascontiguousarray(order, np.int64).tobytes())
    return pa.Array.from_buffers(pa.int64(), len(order), [None, data])


def _truth(values: pa.ChunkedArray) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    return whole(values.cast(pa.int8())).astype(bool)
