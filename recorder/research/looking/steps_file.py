"""One file of a dataset's steps, in a folder or a store; pictures are read only where asked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from recorder.core.errors import ExitCode, RecorderError
from recorder.research.looking.recorded import RECORDED_KEY, Recorded
from recorder.research.reduction.schema import STEP_ROW_GROUP_ROWS
from recorder.sharing.drops import Drop
from recorder.sharing.store_drop import StoreDrop

_EPISODE: Final = "episode_id"


class ShardDamaged(RecorderError):
    """A file of the dataset is no Parquet, or lacks what a dataset has."""

    def __init__(self, name: str, what: str = "cannot be read as Parquet") -> None:
        super().__init__(f"{name} {what}", "recorder dataset build makes it anew", ExitCode.FORMAT)


@dataclass(frozen=True, slots=True)
class Footer:
    """What a file tells of itself. `groups`: rows of each row group."""

    schema: pa.Schema
    metadata: Mapping[bytes, bytes]
    groups: tuple[int, ...]

    @property
    def rows(self) -> int:
        """How many steps are in it."""
        return sum(self.groups)


@dataclass(frozen=True, slots=True)
class StepsFile:
    """A file of steps. `name`: in its place, `data/<split>/<file>`.

    Everything raises ShardDamaged when it is no Parquet of steps, DropUnreachable when its
    store is away.
    """

    place: Drop = field(repr=False)
    name: str

    @property
    def split(self) -> str:
        """The folder it lies in."""
        return PurePosixPath(self.name).parent.name

    @property
    def file(self) -> str:
        """Its name without folders."""
        return PurePosixPath(self.name).name

    def opened(self) -> pq.ParquetFile:
        """Read its footer; to be closed, as by `with`."""
        with self._telling():
            if isinstance(self.place, StoreDrop):
                at = f"{self.place.base}/{self.name}"
                return pq.ParquetFile(at, filesystem=self.place.files, pre_buffer=True)
            return pq.ParquetFile(f"{self.place.url}/{self.name}")

    def footer(self) -> Footer:
        """Give what the footer tells."""
        with self.opened() as file:
            found = file.metadata
            groups = tuple(found.row_group(n).num_rows for n in range(found.num_row_groups))
            return Footer(file.schema_arrow, found.metadata or {}, groups)

    def columns(self, names: Sequence[str]) -> pa.Table:
        """Give some columns, and `has_picture`; pictures are not read."""
        with self._telling(), self.opened() as file:
            found = file.read(columns=[*names, "image.path"], use_threads=False)
            has_picture = found["image"].is_valid()
            return found.drop_columns("image").append_column("has_picture", has_picture)

    def steps(self, episode_id: str | None = None) -> Iterator[dict[str, Any]]:
        """Give the steps, a row group in memory at a time.

        Args:
            episode_id: Only of this episode; groups without it are not read.
        """
        with self._telling(), self.opened() as file:
            groups = [
                n for n in range(file.metadata.num_row_groups)
                if episode_id is None or _may_hold(file.metadata.row_group(n), episode_id)
            ]  # fmt: skip
            for number in groups:
                for batch in file.iter_batches(STEP_ROW_GROUP_ROWS, row_groups=[number]):
                    for step in batch.to_pylist():
                        if episode_id in {None, step[_EPISODE]}:
                            yield step

    def recorded(self) -> list[Recorded]:
        """Give what the build noted of its episodes; what cannot be read is left out."""
        try:
            told = json.loads(self.footer().metadata.get(RECORDED_KEY, b"[]"))
            return [Recorded.model_validate(one) for one in told]
        except (ValueError, TypeError, ValidationError):
            return []

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (OSError, pa.ArrowException, KeyError) as cause:
            self.place.look(self.name)  # raises where the store is away
            raise ShardDamaged(self.name) from cause


def _may_hold(group: pq.RowGroupMetaData, episode_id: str) -> bool:
    """Tell by its statistics whether a row group may hold steps of an episode."""
    columns = (group.column(n) for n in range(group.num_columns))
    told = next((one.statistics for one in columns if one.path_in_schema == _EPISODE), None)
    return told is None or not told.has_min_max or bool(told.min <= episode_id <= told.max)
