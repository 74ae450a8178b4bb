"""What of an episode goes into a payload, and by which numbers it is known there.

Frames and windows are numbered anew, so that nothing counts what was left out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa

from recorder.core.context import ContextKind
from recorder.core.losses import Loss
from recorder.episodes.columns import numbers
from recorder.episodes.marking import end_ns
from recorder.episodes.reader import Episode
from recorder.episodes.selection import WINDOW_KINDS, TimeRange, clipped, merged, within
from recorder.sharing.within import WithinCheck

_OWN_KINDS: Final = frozenset({ContextKind.CONSENT, ContextKind.CLOCK, ContextKind.STREAM})
"""Rows about the person's own consent, the computer's clock and what it cannot tell."""


@dataclass(slots=True)
class Kept:
    """What of the episode is approved, so far as references need it.

    Attributes:
        frames: {frame: its number in the payload}.
        context: {row: its number in the payload}.
        heirs: {frame that is not approved: its first duplicate that is}.
        carried: {row that tells window or monitors at the start of a range: that start}.
        left_out: Frames of the approved times that do not go, by reason.
    """

    ranges: tuple[TimeRange, ...]
    frames: dict[int, int] = field(default_factory=dict)
    context: dict[int, int] = field(default_factory=dict)
    heirs: dict[int, int] = field(default_factory=dict)
    carried: dict[int, int] = field(default_factory=dict)
    left_out: Counter[Loss] = field(default_factory=Counter)
    next_seq: int = 0


def kept_of(episode: Episode, ranges: tuple[TimeRange, ...], check: WithinCheck) -> Kept:
    """Give what of an episode's ranges may go, as the study's bounds say."""
    kept = Kept(ranges)
    _find_frames(episode, kept, check)
    _find_context(episode, kept)
    return kept


def approved_ranges(episode: Episode, ranges: Sequence[TimeRange] | None) -> tuple[TimeRange, ...]:
    """Give the times within the episode, merged; all of it for None."""
    last_ns = end_ns(episode)
    whole = [TimeRange(0, last_ns)] if last_ns else []
    return clipped(merged(whole if ranges is None else ranges), last_ns)


def _find_frames(episode: Episode, kept: Kept, check: WithinCheck) -> None:
    columns = ("frame_id", "t_grab_start_ns", "t_grab_end_ns", "dup_of_frame_id", "apps")
    rows = episode.read("frames", columns)
    whole = _wholly(numbers(rows, columns[1]), numbers(rows, columns[2]), kept.ranges)
    ids, parents = (rows.column(name).to_pylist() for name in ("frame_id", "dup_of_frame_id"))
    shut = _not_to_show(rows, check)
    for one, parent, flag in zip(ids, parents, whole, strict=True):
        reason = shut.get(one if parent is None else parent)
        if flag and reason is not None:
            kept.left_out[reason] += 1
        elif flag:
            kept.frames[one] = len(kept.frames)
    for one, parent in zip(ids, parents, strict=True):
        if one in kept.frames and parent is not None and parent not in kept.frames:
            kept.heirs.setdefault(parent, one)


def _not_to_show(rows: pa.Table, check: WithinCheck) -> dict[int, Loss]:
    """Give the pictures that show more than the study may have, and why.

    Frames that look the same are one picture: it goes only where all of them may.
    """
    found: dict[int, Loss] = {}
    names = ("frame_id", "dup_of_frame_id", "apps")
    for one, parent, apps in zip(*(rows.column(n).to_pylist() for n in names), strict=True):
        if not check.may_show(apps):
            reason = Loss.UNKNOWN_CONTEXT if apps is None else Loss.OTHER_WINDOWS
            found.setdefault(one if parent is None else parent, reason)
    return found


def _wholly(first_ns: Any, last_ns: Any, ranges: tuple[TimeRange, ...]) -> Any:  # noqa: ANN401
    """Tell of each span whether all of it is approved."""
    starts = np.array([one.start_ns for one in ranges], np.int64)
    at = np.searchsorted(starts, first_ns, side="right") - 1
    return (
        within(first_ns, ranges)
        & within(last_ns, ranges)
        & (at == np.searchsorted(starts, last_ns, side="right") - 1)
    )


def _find_context(episode: Episode, kept: Kept) -> None:
    rows = episode.read("context", ["seq", "t_ns", "kind"]).to_pylist()
    rows = [row for row in rows if row["kind"] not in _OWN_KINDS]
    flags = within(np.array([row["t_ns"] for row in rows], np.int64), kept.ranges)
    found = {row["seq"] for row, flag in zip(rows, flags, strict=True) if flag}
    for kinds in (WINDOW_KINDS, {ContextKind.GEOMETRY}):
        told = [row for row in rows if row["kind"] in kinds]
        for one in kept.ranges:
            before = [row["seq"] for row in told if row["t_ns"] <= one.start_ns]
            if before and before[-1] not in found:
                kept.carried.setdefault(before[-1], one.start_ns)
    kept.context = {seq: at for at, seq in enumerate(sorted(found | kept.carried.keys()))}
