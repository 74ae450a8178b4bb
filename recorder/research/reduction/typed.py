"""What typing leaves: characters that no backspace of the same run deleted."""

import numpy as np

from recorder.research.reduction.columns import Flags, Ints, Objects
from recorder.research.reduction.doing import Doing


def survivors(
    doing: Ints, joins: Flags, is_masked: Flags, is_repeat: Flags
) -> tuple[Flags, Ints, Flags]:
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
    kinds, masked = doing.tolist(), is_masked.tolist()
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        left: list[int] = []
        for one in range(begin, end):
            if kinds[one] == Doing.CHAR:
                left.append(one)
            elif left and not masked[left[-1]]:
                survives[left.pop()] = False
            else:
                left = []
                joins[one] = is_repeat[one] and one > begin and doing[one - 1] == Doing.KEY
                joins[one + 1 : min(one + 2, end)] = False
                doing[one] = Doing.KEY
    return survives, doing, joins


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
