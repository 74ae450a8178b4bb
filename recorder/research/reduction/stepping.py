"""Steps as places in the rows, before anything is told of them."""

from dataclasses import dataclass

import numpy as np

from recorder.research.reduction.columns import Flags, Ints, among
from recorder.research.reduction.doing import Deeds, Doing
from recorder.research.reduction.grouping import Groups
from recorder.research.reduction.profiles import Rules
from recorder.research.reduction.rows import Input
from recorder.research.reduction.windows import Scenery


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps as places in the rows; arrays of one length.

    Attributes:
        group: Number of the group.
        first: Place among the rows that do something.
        row: Row of the first of them.
        doing: `Doing` of the first of them.
        deeds: How many of them.
        of_row: Of each row its step, -1 for none.
        erased: Of each row whether it is typing of which nothing is left.
    """

    group: Ints
    first: Ints
    row: Ints
    doing: Ints
    deeds: Ints
    of_row: Ints
    erased: Flags


def steps_of(found: Input, deeds: Deeds, groups: Groups) -> Steps:
    """Give the steps of groups: not of lost presses, nor of typing that was all erased."""
    first = np.flatnonzero(groups.begins)
    doing = groups.doing[first]
    left = np.bincount(groups.number, weights=groups.survives, minlength=len(first))
    is_erased = (doing == Doing.CHAR) & (left == 0)
    is_step = (doing != Doing.LOST_PRESS) & ~is_erased
    group_of = np.full(len(found.rows.seq) + 1, -1)
    group_of[groups.at] = groups.number
    owned = group_of[deeds.owner]
    step_of = np.append(np.where(is_step, np.cumsum(is_step) - 1, -1), -1)
    counts = np.bincount(groups.number, minlength=len(first))
    return Steps(
        group=np.flatnonzero(is_step),
        first=first[is_step],
        row=groups.at[first][is_step],
        doing=doing[is_step],
        deeds=counts[is_step],
        of_row=step_of[owned],
        erased=np.append(is_erased, False)[owned],
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """All that is known when steps are told."""

    found: Input
    scenery: Scenery
    deeds: Deeds
    groups: Groups
    steps: Steps
    rules: Rules

    @property
    def has_place(self) -> Flags:
        """Tell of each step whether it is done with the pointer."""
        return among(self.steps.doing, (Doing.PRESS, Doing.SCROLL))

    @property
    def is_drag(self) -> Flags:
        """Tell of each step whether it is a drag."""
        return self.groups.is_drag[self.steps.first]
