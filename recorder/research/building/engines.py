"""Where tasks are done: on this computer, or on a Ray cluster; the same function in both."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from recorder.core.errors import ExitCode, RecorderError
from recorder.research.building.work import Answer, Done, Task, Work

Prepare = Callable[[Task], Work]
"""Lets a task's bundles in and gets their keys; called from several threads."""
KILLED = "the worker that read it was killed, twice"


class Engine(Protocol):
    """Does tasks, several side by side."""

    def run(self, tasks: Sequence[Task], prepare: Prepare) -> Iterator[tuple[Task, Done]]:
        """Give what became of each, in the order in which they end.

        A task whose worker is killed is done once more; killed again, its bundles are left out.

        Raises:
            BuildFailed: The place takes nothing; what is complete stays.
        """
        ...


class BuildFailed(RecorderError):
    """A worker cannot write."""

    def __init__(self, why: str, fix: str, code: ExitCode = ExitCode.UNWRITABLE) -> None:
        super().__init__(why, f"{fix}; then run the same command, which goes on", code)


def done_of(answer: Answer) -> Done:
    """Give what became of a task.

    Raises:
        BuildFailed: The worker could not write.
    """
    if answer.done is None:
        message, fix, code = answer.failed or ("A worker broke", "try again", ExitCode.BUG)
        raise BuildFailed(message, fix, ExitCode(code))
    return answer.done


def lost(work: Work) -> Done:
    """Give what a task comes to whose worker was killed each time."""
    left = (work.refused(one, int(ExitCode.LIMITS), KILLED) for one in work.bundles)
    return Done(left_out=(*work.left_out, *left))
