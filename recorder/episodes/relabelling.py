"""Changing or dropping what a task is called, in a stored episode."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recorder.core.context import ContextKind, ContextRow
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.proofs import Redacted
from recorder.episodes.changing import changing
from recorder.episodes.columns import with_column
from recorder.episodes.marking import parts_of, read_part
from recorder.episodes.names import PartName
from recorder.episodes.owner import Owner, owner_of
from recorder.episodes.reader import Episode
from recorder.episodes.segments import pick
from recorder.episodes.table_files import DamagedFile

_TEXTS = ("instruction", "outcome")


class TaskUnknown(RecorderError):
    """The episode has no task row of that number."""

    def __init__(self, seq: int) -> None:
        super().__init__(
            f"There is no task with the number {seq} in that episode",
            "recorder relabel ID shows them",
            ExitCode.USAGE,
        )


@dataclass(frozen=True, slots=True)
class Task:
    """A row that labels what is done; `seq` is its number in `context`."""

    seq: int
    t_ns: int
    instruction: str | None = field(repr=False)
    outcome: str | None = field(repr=False)


def tasks(episode: Episode) -> list[Task]:
    """Give the tasks of an episode, by time."""
    rows = episode.read("context", ["seq", "t_ns", "kind", *_TEXTS]).to_pylist()
    return [
        Task(row["seq"], row["t_ns"], row["instruction"], row["outcome"])
        for row in rows
        if row["kind"] == ContextKind.TASK
    ]


def relabel(
    episode: Episode, seq: int, label: Redacted[ContextRow] | None, owner: Owner | None = None
) -> None:
    """Replace instruction and outcome of a task, or drop its row. Approvals of it end.

    Args:
        episode: Reads anew afterwards.
        seq: The task's number.
        label: A row of kind task, as redaction released it; its time does not matter. None
            drops the task.
        owner: Signs the manifest anew; the folder's own unless given.

    Raises:
        TaskUnknown: There is no such task; nothing changed.
        TypeError: The label was not redacted.
        EpisodeBusy: It is being recorded, or changed by another program.
        FolderUnwritable: Nothing changed.
    """
    if label is not None and not isinstance(label, Redacted):
        raise TypeError("only a redacted label is stored")
    who = owner or owner_of(episode.path.parents[2])
    with changing(episode, who) as change:
        part, at = _find(episode, seq)
        old = read_part(episode, part)
        if label is None:
            new = pick(old, np.delete(np.arange(old.num_rows), at))
        else:
            new = old
            for name in _TEXTS:
                values: list[Any] = old.column(name).to_pylist()
                values[at] = getattr(label.value, name)
                new = with_column(new, name, values)
        change.replace(part, old, new)
        change.commit()


def _find(episode: Episode, seq: int) -> tuple[PartName, int]:
    """Give file and place of a task's row."""
    for part in parts_of(episode, "context"):
        try:
            rows = read_part(episode, part, ["seq", "kind"]).to_pylist()
        except DamagedFile:
            continue
        for at, row in enumerate(rows):
            if row["seq"] == seq and row["kind"] == ContextKind.TASK:
                return part, at
    raise TaskUnknown(seq)
