"""What typing leaves: characters that no backspace of the same run deleted."""

from dataclasses import dataclass

import numpy as np

from recorder.research.reduction.columns import Flags, Ints, Objects
from recorder.research.reduction.doing import Doing


@dataclass(frozen=True, slots=True)
class Typed:
    """What is known of rows that may be typing; arrays of one length.

    Attributes:
        tells: Characters that tell whether typing is known by text or by class: no spaces,
            which are named at both levels.
        is_class_only: Those known by class.
        is_repeat: Keys held down since the row before, with the same modifiers.
    """

    tells: Flags
    is_class_only: Flags
    is_masked: Flags
    is_repeat: Flags


def survivors(doing: Ints, joins: Flags, typed: Typed) -> tuple[Flags, Ints, Flags]:
    """Give which characters stay, and the rows' `doing` and joins after that.

    A backspace deletes the last character of its run. One that finds none, or a masked value,
    of which nothing tells what is left, is a key of its own and ends the run; its repeats
    go on with it.
    """
    survives, doing, joins = doing == Doing.CHAR, doing.copy(), joins.copy()
    deletes = np.flatnonzero(doing == Doing.BACKSPACE)
    run = np.cumsum(~joins)
    begins = np.searchsorted(run, np.unique(run[deletes]))
    ends = np.searchsorted(run, run[begins], side="right")
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        line = _Line([], None)
        for one in range(begin, end):
            if doing[one] == Doing.CHAR:
                joins[one] &= line.add(one, typed)
            elif line.left and not typed.is_masked[line.left[-1]]:
                survives[line.left.pop()] = False
            else:
                line = _Line([], None)
                is_held = one > begin and doing[one - 1] == Doing.KEY
                joins[one] = is_held and typed.is_repeat[one]
                joins[one + 1 : min(one + 2, end)] = False
                doing[one] = Doing.KEY
    joins[level_changes(joins, typed)] = False
    return survives, doing, joins


@dataclass(slots=True)
class _Line:
    """Characters that are left of typing so far, and whether only their class is known."""

    left: list[int]
    is_class_only: bool | None

    def add(self, one: int, typed: Typed) -> bool:
        """Take a character; False when it begins anew, since its level is another."""
        goes_on = True
        if typed.tells[one]:
            level = bool(typed.is_class_only[one])
            goes_on = self.is_class_only in {None, level}
            self.is_class_only = level
        if not goes_on:
            self.left.clear()
        self.left.append(one)
        return goes_on


def level_changes(joins: Flags, typed: Typed) -> Flags:
    """Tell where typing known by its text turns into typing known by class, or back."""
    run = np.cumsum(~joins)
    last = np.maximum.accumulate(np.where(typed.tells, np.arange(len(joins)), -1))
    before = np.concatenate([[-1], last[:-1]])[: len(joins)]
    found: Flags = typed.tells & (before >= 0) & (run[before] == run)
    found &= typed.is_class_only[before] != typed.is_class_only
    return found


def texts(shown: Objects, survives: Flags, number: Ints, steps: Ints) -> list[str | None]:
    """Give the text of some steps; None where only classes of keys are known.

    `number`: the step of each character.
    """
    at = np.flatnonzero(survives)
    whose, pieces = number[at], shown[at].tolist()
    begins = np.searchsorted(whose, steps).tolist()
    ends = np.searchsorted(whose, steps, side="right").tolist()
    found: list[str | None] = []
    for begin, end in zip(begins, ends, strict=True):
        run = pieces[begin:end]
        found.append(None if None in run else "".join(run))
    return found
