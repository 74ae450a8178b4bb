"""One file of a dataset's steps, in a folder or a store; pictures are read only where asked."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import ValidationError

from recorder.core.errors import ExitCode, RecorderError
from recorder.research.looking.faults import REPLACE
from recorder.research.looking.recorded import RECORDED_KEY, Recorded
from recorder.research.reduction.schema import STEP_ROW_GROUP_ROWS, STEPS
from recorder.sharing.drops import CHUNK_BYTES, Drop

_EPISODE: Final = "episode_id"
_IMAGE: Final = "image"
_ALWAYS: Final = (
    "participant_id", "episode_id", "split", "step_index", "action_type", "duration_ms", "redacted",
)  # fmt: skip
_SIDES: Final = ("image_width", "image_height")


class ShardDamaged(RecorderError):
    """A file of the dataset is no Parquet, or lacks what a dataset has."""

    def __init__(self, name: str, what: str = "cannot be read as Parquet") -> None:
        super().__init__(f"{name} {what}", REPLACE, ExitCode.FORMAT)


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

    Everything raises ShardDamaged when it is no Parquet of steps, DropUnreachable when it cannot
    be reached.
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

    def data(self) -> Iterator[bytes]:
        """Give all its bytes, piece by piece."""
        with self.place.opened(self.name) as source:
            while piece := source.read(CHUNK_BYTES):
                yield piece

    def footer(self) -> Footer:
        """Give what the footer tells."""
        with self._opened() as file:
            found = file.metadata
            groups = tuple(found.row_group(n).num_rows for n in range(found.num_row_groups))
            return Footer(file.schema_arrow, found.metadata or {}, groups)

    def columns(self, names: Sequence[str]) -> pa.Table:
        """Give some columns, and `has_picture`; pictures are not read."""
        with self._opened() as file:
            self._check_columns(file.schema_arrow, [*names, _IMAGE])
            found = file.read(columns=[*names, f"{_IMAGE}.path"], use_threads=False)
            found.validate(full=True)
            has_picture = found[_IMAGE].is_valid()
            return found.drop_columns(_IMAGE).append_column("has_picture", has_picture)

    def steps(self, episode_id: str | None = None) -> Iterator[dict[str, Any]]:
        """Give the steps, a row group in memory at a time.

        Args:
            episode_id: Only of this episode; groups without it are not read.
        """
        with self._opened() as file:
            self._check_columns(file.schema_arrow, STEPS.names)
            groups = [
                n for n in range(file.metadata.num_row_groups)
                if episode_id is None or _may_hold(file.metadata.row_group(n), episode_id)
            ]  # fmt: skip
            for number in groups:
                for batch in file.iter_batches(STEP_ROW_GROUP_ROWS, row_groups=[number]):
                    batch.validate(full=True)
                    self._check_values(batch)
                    for step in batch.to_pylist():
                        if episode_id in {None, step[_EPISODE]}:
                            yield step

    def recorded(self) -> list[Recorded]:
        """Give what the build noted of its episodes; what cannot be read is left out."""
        try:
            told = json.loads(self.footer().metadata.get(RECORDED_KEY, b"[]"))
            return [Recorded.model_validate(one) for one in told]
        except (ValueError, TypeError, RecursionError, ValidationError):
            return []

    def _check_columns(self, found: pa.Schema, wanted: Iterable[str]) -> None:
        """See that columns have the types of steps; more, of a later version, do no harm."""
        for name in wanted:
            at = found.get_all_field_indices(name)
            if [found.field(one).type for one in at] != [STEPS.field(name).type]:
                raise ShardDamaged(self.name, f"has not the column {name} of this version's steps")

    def _check_values(self, batch: pa.RecordBatch) -> None:
        """See that rows have what every step has, and their pictures a size."""
        for name in (*_ALWAYS, *_SIDES):
            values = batch.column(name)
            is_wrong = name in _ALWAYS and values.null_count
            if name in _SIDES and values.null_count < len(values):
                is_wrong = pc.min(values).as_py() < 1
            if is_wrong:
                raise ShardDamaged(self.name, f"has a step without {name}")
        pictured = pc.is_valid(batch.column(_IMAGE))
        for name in _SIDES:
            if not pc.all(pc.or_(pc.invert(pictured), pc.is_valid(batch.column(name)))).as_py():
                raise ShardDamaged(self.name, f"has a picture without {name}")

    @contextmanager
    def _opened(self) -> Iterator[pq.ParquetFile]:
        """Read its footer; what cannot be read in the block is told of this file."""
        with self.place.opened(self.name) as source:
            try:
                with pq.ParquetFile(source, pre_buffer=True) as file:
                    yield file
            except (OSError, UnicodeDecodeError, pa.ArrowException) as cause:
                self.place.look(self.name)  # raises where the place is away
                raise ShardDamaged(self.name) from cause


def _may_hold(group: pq.RowGroupMetaData, episode_id: str) -> bool:
    """Tell by its statistics whether a row group may hold steps of an episode."""
    columns = (group.column(n) for n in range(group.num_columns))
    told = next((one.statistics for one in columns if one.path_in_schema == _EPISODE), None)
    return told is None or not told.has_min_max or bool(told.min <= episode_id <= told.max)
