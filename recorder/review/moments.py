"""What can be stepped through: actions, changes of window and task, pictures of no action."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any, Final

import numpy as np
import pyarrow.compute as pc

from recorder.core.context import ContextKind
from recorder.core.events import Redaction
from recorder.review.grouping import Family, Numbers, indices, whole, word
from recorder.review.reel import Reel

_TOLD: Final = frozenset({
    ContextKind.FOCUS.value, ContextKind.TITLE.value, ContextKind.TASK.value,
    ContextKind.SUSPEND.value, ContextKind.RESUME.value, ContextKind.STREAM.value,
})  # fmt: skip
_NOTHING_FOUND: Final = frozenset({"scope", "layout"})
"""Reasons of boxes that say nothing was found in them."""


class Sort(IntEnum):
    """What a moment is; `ref` counts in the table named."""

    ACTION = 0
    """`reel.groups`"""
    CONTEXT = 1
    """`reel.context`"""
    PICTURE = 2
    """`reel.frames`"""


class View(StrEnum):
    """Which moments are listed."""

    ALL = "all"
    ACTIONS = "actions"
    TYPED = "typed"
    REDACTED = "redacted"
    PICTURES = "pictures"


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment.

    Attributes:
        index: Its number in the episode.
        t_ns: When, since the episode began.
        sort: What it is.
        ref: Number of the action, or row of the table.
        frame_row: Row of `reel.frames` that shows it; None without pictures.
    """

    index: int
    t_ns: int
    sort: Sort
    ref: int
    frame_row: int | None


class Moments:
    """The moments of a reel, by time."""

    def __init__(self, reel: Reel) -> None:
        self.reel = reel
        groups = reel.groups
        told, pictures = _told_rows(reel), self._other_pictures()
        t_ns = np.concatenate([
            reel.act_times[groups.first], reel.context_times[told], reel.frame_times[pictures]
        ])  # fmt: skip
        refs = np.concatenate([np.arange(len(groups)), told, pictures])
        sorts = np.repeat(np.array(list(Sort), np.int64), [len(groups), len(told), len(pictures)])
        order = np.lexsort((sorts, t_ns))
        self.t_ns, self._sorts, self._refs = t_ns[order], sorts[order], refs[order]

    def __len__(self) -> int:
        return len(self.t_ns)

    def at(self, index: int) -> Moment:
        """Give a moment by its number, which must be one."""
        t_ns, sort, ref = int(self.t_ns[index]), Sort(self._sorts[index]), int(self._refs[index])
        return Moment(index, t_ns, sort, ref, self._frame_row(t_ns, sort, ref))

    def near(self, t_ns: int) -> int:
        """Give the number of the last moment that began by then; 0 before the first."""
        return max(0, int(np.searchsorted(self.t_ns, t_ns, side="right")) - 1)

    def view(self, view: View) -> Numbers:
        """Give the numbers of the moments that a view lists."""
        return self._views[view]

    @cached_property
    def _views(self) -> dict[View, Numbers]:
        is_action = self._sorts == Sort.ACTION
        family = np.zeros(len(self), np.int64)
        family[is_action] = self.reel.groups.family[self._refs[is_action]]
        chosen = {
            View.ALL: np.ones(len(self), bool),
            View.ACTIONS: is_action,
            View.TYPED: (family == Family.TYPING) | (family == Family.PRESS),
            View.REDACTED: self._redacted(is_action),
            View.PICTURES: self._new_pictures(),
        }
        return {view: np.flatnonzero(which) for view, which in chosen.items()}

    def _redacted(self, is_action: "np.ndarray[Any, np.dtype[np.bool_]]") -> Any:  # noqa: ANN401 - a mask
        reel, groups = self.reel, self.reel.groups
        masked = pc.not_equal(reel.acts.column("redaction"), word(Redaction.NONE))
        counts = np.concatenate([[0], np.cumsum(whole(masked.cast("int8")))])
        found = np.zeros(len(self), bool)
        refs = self._refs[is_action]
        found[is_action] = counts[groups.end[refs]] > counts[groups.first[refs]]
        boxes = self._frames_with_finds()
        is_picture = self._sorts == Sort.PICTURE
        found[is_picture] = boxes[self._refs[is_picture]]
        return found

    def _frames_with_finds(self) -> Any:  # noqa: ANN401 - a mask
        rows = self.reel.frames.column("redacted_boxes").to_pylist()
        return np.array(
            [any(box["reason"] not in _NOTHING_FOUND for box in boxes) for boxes in rows], bool
        )

    def _new_pictures(self) -> Any:  # noqa: ANN401 - a mask
        """Tell which moments show another picture than the one before."""
        shown = [self.at(index).frame_row for index in range(len(self))]
        return np.array(
            [row is not None and (at == 0 or row != shown[at - 1]) for at, row in enumerate(shown)],
            bool,
        )

    @cached_property
    def _bound(self) -> list[int | None]:
        """The frame row of each action; None where its event names none."""
        reel = self.reel
        ids = reel.acts.column("frame_id").take(indices(reel.groups.first)).to_pylist()
        return [None if name is None else reel.frame_rows.get(name) for name in ids]

    def _frame_row(self, t_ns: int, sort: Sort, ref: int) -> int | None:
        if sort is Sort.PICTURE:
            return ref
        bound = self._bound[ref] if sort is Sort.ACTION else None
        return self.reel.frame_at(t_ns) if bound is None else bound

    def _other_pictures(self) -> Numbers:
        """Give the rows of the frames that no action shows."""
        shown = {row for row in self._bound if row is not None}
        rows = range(self.reel.frames.num_rows)
        return np.array([row for row in rows if row not in shown], np.int64)


def _told_rows(reel: Reel) -> Numbers:
    kinds = reel.context.column("kind").to_pylist()
    return np.array([row for row, kind in enumerate(kinds) if kind in _TOLD], np.int64)
