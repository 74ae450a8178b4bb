"""The window and the task in force at each row, as `context` tells them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.context import ContextKind
from recorder.episodes.schemas import CONTEXT
from recorder.research.reduction.columns import Ints, checked, flags, one_episode, taken, whole
from recorder.research.reduction.places import Screens, screens_of

_MAY_LACK: Final = frozenset(
    {"app_name", "title_redaction", "url_host", "wall_ns", "consent_id", "x", "y", "w", "h"}
)
_BEGUN: Final = "begin"
"""The outcome of a task that goes on."""


@dataclass(frozen=True, slots=True)
class Scenery:
    """What `context` tells of an episode, in the order of `seq`.

    Attributes:
        table: Its rows.
        t_ns: Times that never decrease.
        windows: Rows of kind focus or title.
        focuses: Rows of kind focus.
        tasks: Rows of kind task.
    """

    table: pa.Table
    seq: Ints
    t_ns: Ints
    windows: Ints
    focuses: Ints
    tasks: Ints
    screens: Screens


def scenery_of(context: pa.Table, episode_id: str | None) -> Scenery:
    """Give the context of an episode, checked.

    Raises:
        WrongTable: It is no context, or that of another episode.
    """
    table = checked(context, CONTEXT, "context", _MAY_LACK).sort_by("seq")
    one_episode(table, "context", episode_id)
    t_ns = whole(table, "t_ns")
    t_ns = np.maximum.accumulate(t_ns) if len(t_ns) else t_ns
    kind = table.column("kind")
    is_focus = flags(pc.equal(kind, ContextKind.FOCUS.value))
    is_title = flags(pc.equal(kind, ContextKind.TITLE.value))
    return Scenery(
        table=table,
        seq=whole(table, "seq"),
        t_ns=t_ns,
        windows=np.flatnonzero(is_focus | is_title),
        focuses=np.flatnonzero(is_focus),
        tasks=np.flatnonzero(flags(pc.equal(kind, ContextKind.TASK.value))),
        screens=screens_of(table, t_ns, flags(pc.equal(kind, ContextKind.GEOMETRY.value))),
    )


def windows_at(scenery: Scenery, window_seq: Ints, t_ns: Ints) -> Ints:
    """Give the row that tells the window: the one named, else the newest; -1 for none."""
    return _in_force(scenery, scenery.windows, window_seq, t_ns)


def focus_at(scenery: Scenery, window_seq: Ints, t_ns: Ints) -> Ints:
    """Give the row that tells since when the window has the focus; -1 for none."""
    return _in_force(scenery, scenery.focuses, window_seq, t_ns)


def _in_force(scenery: Scenery, rows: Ints, window_seq: Ints, t_ns: Ints) -> Ints:
    known = np.append(rows, -1)
    by_seq = known[np.searchsorted(scenery.seq[rows], window_seq, side="right") - 1]
    by_time = known[np.searchsorted(scenery.t_ns[rows], t_ns, side="right") - 1]
    return np.where(window_seq >= 0, by_seq, by_time)


def instructions_at(scenery: Scenery, t_ns: Ints) -> pa.ChunkedArray:
    """Give what the person set out to do; null where no task is under way."""
    outcome = scenery.table.column("outcome")
    goes_on = pc.fill_null(pc.equal(outcome, _BEGUN), fill_value=True)
    told = pc.if_else(goes_on, scenery.table.column("instruction"), pa.scalar(None, pa.string()))
    known = np.append(scenery.tasks, -1)
    at = known[np.searchsorted(scenery.t_ns[scenery.tasks], t_ns, side="right") - 1]
    return taken(told, at)
