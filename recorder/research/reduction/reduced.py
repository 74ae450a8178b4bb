"""What the reduction gives: steps, and what was left out of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

from recorder.research.reduction.columns import Ints


class LeftOut(StrEnum):
    """Why an event that is no move belongs to no step."""

    BOUNDARY = "boundary"
    """A row that tells of a pause, a gap, a secure field or a deletion."""
    ORPHAN_PRESS = "orphan_press"
    """A button that was never released before a boundary or the end."""
    ORPHAN_RELEASE = "orphan_release"
    """A button released whose press is not there."""
    LONE_MODIFIER = "lone_modifier"
    """A modifier pressed for nothing, or for a press that is left out."""
    KEY_RELEASE = "key_release"
    """A key released whose press is not there."""
    ERASED = "erased"
    """Typing of which nothing was left."""
    EMPTY_SCROLL = "empty_scroll"
    """Scrolling by nothing."""
    INCOMPLETE = "incomplete"
    """A pointer event without a position or button, or a key without a class or name."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows came in and what became of them.

    Attributes:
        events: Rows of the table of events.
        moves: Rows of kind move; never actions of their own.
        left_out: Rows by `LeftOut`; with the steps' `n_events` and `moves` they sum to `events`.
        off_monitor: Steps of which a position lies on no monitor in force; its `_norm` is null.
        without_frame: Steps for which no frame is known; 0 before `with_frames`.
        frame_lost: Of these, steps whose event names a frame that was not kept.
        before_another: Of these, steps whose newest frame is older than the step before them,
            so that it is not the screen just before.
        without_picture: Steps whose frame is known and its picture is not.
        clock_back: Rows that are earlier than the row before them; taken as of that row.
    """

    events: int = 0
    moves: int = 0
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)
    off_monitor: int = 0
    without_frame: int = 0
    frame_lost: int = 0
    before_another: int = 0
    without_picture: int = 0
    clock_back: int = 0


@dataclass(frozen=True, slots=True)
class Reduced:
    """Steps of one or more episodes.

    Attributes:
        steps: `schema.STEPS`; image columns and `frame_lag_ms` are null before `with_frames`.
        monitors: A number per step: the monitor it happened on, -1 where that is not known.
        since_ns: A time per step: what was grabbed before it is not the screen any more.
        counts: What was left out.
    """

    steps: pa.Table
    monitors: Ints
    since_ns: Ints
    counts: Counts
