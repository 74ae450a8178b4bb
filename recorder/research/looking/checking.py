"""Checking a dataset: its files, its rows, its splits, and whether all may be used still."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb

from recorder.core.errors import ExitCode
from recorder.research.building.splits import SplitBy
from recorder.research.datasets import Dataset
from recorder.research.looking.consent_faults import (
    Basis,
    consent_faults,
    list_faults,
    row_consent_faults,
    sources_of,
)
from recorder.research.looking.faults import REPLACE, Fault
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.leak_faults import picture_faults, split_faults
from recorder.research.looking.row_faults import COLUMNS, file_faults, row_faults
from recorder.research.looking.steps_file import ShardDamaged


@dataclass(frozen=True, slots=True)
class Asked:
    """What a dataset is checked against.

    Attributes:
        by: What its splits were drawn by.
        listed: Its list in the collection; None where there is none.
        basis: Collection and study; None where they are not at hand.
        step: Called after each file and each bundle.
    """

    by: SplitBy
    listed: Dataset | None
    basis: Basis | None
    step: Callable[[], None]


def check(dataset: DatasetFolder, asked: Asked) -> Iterator[Fault]:
    """Give what is wrong; rows are looked at only where every file has their columns.

    Raises:
        CollectionDamaged: A file of the collection is damaged.
    """
    unreadable = list(file_faults(dataset))
    yield from unreadable
    if asked.listed is not None:
        yield from list_faults(dataset, asked.listed, asked.step)
    episodes: list[tuple[str, str]] = []
    if not unreadable:
        try:
            rows = dataset.ask(COLUMNS, asked.step)
        except ShardDamaged as damaged:
            yield Fault(damaged.message, REPLACE, ExitCode.FORMAT)
        else:
            with rows:
                yield from row_faults(rows)
                yield from split_faults(rows, asked.by)
                episodes = _episodes(rows)
        yield from picture_faults(dataset)
    if asked.basis is not None:
        sources = sources_of(asked.listed.shards) if asked.listed is not None else {}
        yield from consent_faults(asked.basis, sources, asked.step)
        yield from row_consent_faults(asked.basis, episodes, sources)


def _episodes(rows: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Give pseudonym and episode of all rows."""
    query = "SELECT DISTINCT participant_id, episode_id FROM steps ORDER BY ALL"
    return [(str(person), str(episode)) for person, episode in rows.execute(query).fetchall()]
