"""Opening a dataset of steps in Python; rows and pictures are read when they are asked for."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.dataset as ds

from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.query import connect
from recorder.research.dataset_places import DATA
from recorder.research.reduction.schema import STEPS
from recorder.sharing.drops import open_drop
from recorder.sharing.store_drop import StoreDrop

if TYPE_CHECKING:
    import duckdb


class StepsUnknown(RecorderError):
    """There is no dataset."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} holds no steps", "name the folder or address of recorder dataset build --out",
            ExitCode.NO_FOLDER,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Steps:
    """A dataset of steps.

    Attributes:
        dataset: Of pyarrow: columns as `recorder.research.STEPS`, files shard by shard.
    """

    dataset: Any = field(repr=False)

    def relation(self) -> "duckdb.DuckDBPyRelation":
        """Give the rows as a DuckDB relation, on a connection that reaches nothing else."""
        return connect({"steps": self.dataset}).table("steps")


def steps(path: str | Path) -> Steps:
    """Open a dataset: a folder, or `s3://bucket/folder`. Nothing is read but the list of files.

    Raises:
        StepsUnknown: There is none.
        DropUnreachable: The place cannot be used.
    """
    place = open_drop(path)
    files = [name for name in place.names(DATA) if name.endswith(".parquet")]
    if not files:
        raise StepsUnknown(str(path))
    if isinstance(place, StoreDrop):
        found = [f"{place.base}/{name}" for name in files]
        return Steps(ds.dataset(found, schema=STEPS, format="parquet", filesystem=place.files))
    found = [f"{place.url}/{name}" for name in files]
    return Steps(ds.dataset(found, schema=STEPS, format="parquet"))
