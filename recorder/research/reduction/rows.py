"""The events of an episode that are no moves, as arrays; and the moves beside them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.events import KeyClass, Kind, Redaction
from recorder.episodes.schemas import EVENTS
from recorder.research.reduction.columns import (
    Flags,
    Floats,
    Ints,
    WrongTable,
    among,
    checked,
    coded,
    decimals,
    flags,
    indices,
    one_episode,
    present,
    whole,
)

KIND: Final = {kind.value: number for number, kind in enumerate(Kind)}
CLASS: Final = {sort.value: number for number, sort in enumerate(KeyClass)}
BOUNDARIES: Final = tuple(
    KIND[kind]
    for kind in (
        Kind.SECURE_BEGIN, Kind.SECURE_END, Kind.EXCLUDED_BEGIN, Kind.EXCLUDED_END,
        Kind.PAUSE, Kind.RESUME, Kind.GAP, Kind.REMOVED,
    )
)  # fmt: skip
"""Rows that end every open gesture: what was done meanwhile is not there."""
UNSEEN: Final = (KIND[Kind.PAUSE], KIND[Kind.RESUME], KIND[Kind.REMOVED])
"""Boundaries after which an earlier picture no longer tells what the screen shows."""
_MAY_LACK: Final = frozenset({
    "monitor_id", "is_repeat", "entity", "reason", "count", "frame_id", "window_seq", "target_role",
    "target_name", "target_x", "target_y", "target_w", "target_h",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moves:
    """Where the pointer went: times that never decrease, pixels of the virtual desktop."""

    t_ns: Ints
    x: Ints
    y: Ints
    seq: Ints


@dataclass(frozen=True, slots=True)
class Rows:
    """Events that are no moves, in order; arrays of one length.

    Attributes:
        table: The rows themselves.
        t_ns: Times that never decrease.
        part: Counts boundaries: rows of two parts never belong to one step.
        since_ns: Before this time the screen is not known any more.
        key: Numbers of `keys`, -1 for null.
        button: Numbers of `buttons`, -1 for null.
        mods: `core.events.Mods`, -1 for null.
    """

    table: pa.Table
    seq: Ints
    t_ns: Ints
    kind: Ints
    part: Ints
    since_ns: Ints
    x: Ints
    y: Ints
    has_place: Flags
    button: Ints
    buttons: list[str]
    dx: Floats
    dy: Floats
    key: Ints
    keys: list[str]
    key_class: Ints
    mods: Ints
    is_repeat: Flags
    is_masked: Flags
    is_redacted: Flags


@dataclass(frozen=True, slots=True)
class Input:
    """All events of one episode. `episode_id`: None where there are none."""

    episode_id: str | None
    rows: Rows
    moves: Moves
    events: int
    clock_back: int


def rows_of(events: pa.Table) -> Input:
    """Give the events of one episode, checked and in the order of `seq`.

    Raises:
        WrongTable: They are no events of one episode.
    """
    table = _in_order(checked(events, EVENTS, "events", _MAY_LACK))
    episode_id = one_episode(table, "events")
    told_ns = whole(table, "t_ns")
    t_ns = np.maximum.accumulate(told_ns) if len(told_ns) else told_ns
    is_move = pc.equal(table.column("kind"), Kind.MOVE.value)
    others = indices(pc.invert(is_move))
    rows = _rows(_picked(table, others), t_ns[others])
    moves = _moves(table, flags(is_move), t_ns)
    return Input(episode_id, rows, moves, table.num_rows, int((told_ns < t_ns).sum()))


def _in_order(table: pa.Table) -> pa.Table:
    seq = whole(table, "seq")
    steps = np.diff(seq)
    if (steps > 0).all():
        return table
    order = np.argsort(seq, kind="stable")
    if not np.diff(seq[order]).all():
        raise WrongTable("events", "has the same number twice in its column seq")
    return _picked(table, order)


def _picked(table: pa.Table, at: Ints) -> pa.Table:
    where = pa.Array.from_buffers(pa.int64(), len(at), [None, pa.py_buffer(at.tobytes())])
    return table.take(where).combine_chunks()


def _moves(table: pa.Table, is_move: Flags, t_ns: Ints) -> Moves:
    x, y = whole(table, "x"), whole(table, "y")
    if table.column("x").null_count or table.column("y").null_count:
        is_move &= present(table, "x") & present(table, "y")
    return Moves(t_ns[is_move], x[is_move], y[is_move], whole(table, "seq")[is_move])


def _rows(table: pa.Table, t_ns: Ints) -> Rows:
    kinds, words = coded(table, "kind")
    unknown = [word for word in words if word not in KIND]
    if unknown:
        raise WrongTable("events", f"has an unknown word in its column kind: {unknown[0]!r}")
    kind = np.array([KIND[word] for word in words], np.int64)[kinds]
    key, keys = coded(table, "key")
    button, buttons = coded(table, "button")
    redactions, levels = coded(table, "redaction")
    return Rows(
        table=table,
        seq=whole(table, "seq"),
        t_ns=t_ns,
        kind=kind,
        part=np.cumsum(among(kind, BOUNDARIES)),
        since_ns=np.maximum.accumulate(np.where(among(kind, UNSEEN), t_ns, _EVER)),
        x=whole(table, "x"),
        y=whole(table, "y"),
        has_place=present(table, "x") & present(table, "y"),
        button=button,
        buttons=buttons,
        dx=decimals(table, "dx"),
        dy=decimals(table, "dy"),
        key=key,
        keys=keys,
        key_class=_classes(table),
        mods=whole(table, "mods"),
        is_repeat=whole(table, "is_repeat") == 1,
        is_masked=np.array([word == Redaction.MASKED for word in levels], np.bool_)[redactions],
        is_redacted=np.array([word != Redaction.NONE for word in levels], np.bool_)[redactions],
    )


_EVER: Final = np.iinfo(np.int64).min


def _classes(table: pa.Table) -> Ints:
    codes, words = coded(table, "key_class")
    unknown = [word for word in words if word not in CLASS]
    if unknown:
        raise WrongTable("events", f"has an unknown word in its column key_class: {unknown[0]!r}")
    return np.array([*(CLASS[word] for word in words), -1], np.int64)[codes]
