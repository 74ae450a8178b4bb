"""A built dataset's folder: its shards, and questions to all of them at once."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import ValidationError

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import regular_file
from recorder.research.dataset_places import DATA
from recorder.research.looking.recorded import RECORDED_KEY, Recorded
from recorder.research.reading import StepsUnknown
from recorder.research.reduction.schema import STEP_ROW_GROUP_ROWS, STEPS

LEFT_OUT: Final = "left_out.jsonl"
_LOCKED: Final = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)
_SPLIT: Final = re.compile(r"\w+(\.\w+)*")
_NAME: Final = re.compile(r"[\w.-]+")
"""Of a file: DuckDB takes * ? [ ] in a name for a pattern."""
_ALWAYS: Final = (
    "participant_id", "episode_id", "split", "step_index", "action_type", "duration_ms", "redacted",
)  # fmt: skip
_SIDES: Final = ("image_width", "image_height")
_ROWS: Final = 100_000
_FILES: Final = 16
"""Files that are read together."""


class DatasetAway(RecorderError):
    """The dataset lies in a store."""

    def __init__(self) -> None:
        super().__init__(
            "A dataset is looked at on this computer",
            "copy it here first; recorder.research.steps opens it where it is",
            ExitCode.USAGE,
        )


class ShardDamaged(RecorderError):
    """A file of the dataset is no Parquet, or lacks what a dataset has."""

    def __init__(self, path: Path, what: str = "cannot be read as Parquet") -> None:
        super().__init__(
            f"{path.parent.name}/{path.name} {what}",
            "recorder dataset build makes it anew",
            ExitCode.FORMAT,
        )


class ShardForeign(RecorderError):
    """Something in a dataset's folder that no build leaves there."""

    def __init__(self, path: Path, what: str, fix: str) -> None:
        super().__init__(f"{path.parent.name}/{path.name} {what}", fix, ExitCode.FORMAT)


@dataclass(frozen=True, slots=True)
class StepsFile:
    """A file of steps. `name`: below the dataset's folder, with `/`."""

    path: Path
    split: str

    @property
    def name(self) -> str:
        """Where it lies below the dataset's folder."""
        return f"{DATA}/{self.split}/{self.path.name}"


@dataclass(frozen=True, slots=True)
class DatasetFolder:
    """A dataset. `shards`: by split and name, so rows come by participant and episode."""

    folder: Path
    shards: tuple[StepsFile, ...]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Find a dataset's shards; reads none.

        Raises:
            StepsUnknown: There is none.
            DatasetAway: It lies in a store.
            ShardForeign: A file in it is a link to elsewhere, or has a name that none has.
        """
        if str(folder).startswith("s3:"):
            raise DatasetAway
        paths = sorted((folder / DATA).glob("*/*.parquet"), key=lambda one: one.parts)
        shards = tuple(StepsFile(path, path.parent.name) for path in paths if path.is_file())
        if not shards:
            raise StepsUnknown(str(folder))
        for path in (folder, folder / DATA, *paths):
            _check_own(folder, path)
        return cls(folder, shards)

    @property
    def rows(self) -> int:
        """How many steps there are, by the files' footers."""
        return sum(int(opened(one.path).metadata.num_rows) for one in self.shards)

    def ask(self, columns: str, step: Callable[[], None]) -> duckdb.DuckDBPyConnection:
        """Give a connection with the table `steps`, in memory, and the view `files`.

        Row groups of 64 make reading costly, asking cheap: one million steps take 13 s for 16
        columns (2 cores, 2026-11), so each is read once. Pictures are not read.

        Args:
            columns: Of `steps`, as SQL; `has_picture` comes besides.
            step: Called after each file.

        Raises:
            ShardDamaged: A file cannot be read, or lacks a column.
        """
        connection = duckdb.connect(
            ":memory:", config={"python_enable_replacements": "false", "temp_directory": ""}
        )
        for statement in _LOCKED:
            connection.execute(statement)
        for first in range(0, len(self.shards), _FILES):
            some = self.shards[first : first + _FILES]
            self._take(connection, some, columns)
            for _ in some:
                step()
        _view(connection, self.shards)
        return connection

    def _take(
        self, connection: duckdb.DuckDBPyConnection, some: Sequence[StepsFile], columns: str
    ) -> None:
        is_told = all(_tells_pictures(one.path) for one in some)
        pictured = f"{'image_width' if is_told else 'image'} IS NOT NULL AS has_picture"
        is_first = some[0] is self.shards[0]
        into = "CREATE TABLE steps AS" if is_first else "INSERT INTO steps"
        try:
            _view(connection, some)
            query = f"{into} SELECT {columns}, {pictured} FROM files"  # noqa: S608 - constants
            connection.execute(query)
        except duckdb.Error as cause:
            raise ShardDamaged(some[0].path, "or one after it cannot be read as steps") from cause

    def steps(self, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
        """Give steps one by one, in the order of the files.

        Raises:
            ShardDamaged: A file cannot be read to its end.
        """
        for one in self.shards:
            yield from shard_steps(one.path, columns)

    def recorded(self) -> list[Recorded]:
        """Give what the builds noted of each episode; [] where they noted nothing."""
        found = {}
        for one in self.shards:
            for episode in recorded_in(opened(one.path).metadata.metadata):
                found[episode.episode_id] = episode
        return [found[name] for name in sorted(found)]

    def left_out(self) -> dict[str, int]:
        """Give how much the build left out, by reason."""
        found: dict[str, int] = {}
        for row in _json_lines(self.folder / LEFT_OUT):
            reason = str(row.get("reason", "unknown"))
            count = row.get("count", 1)
            found[reason] = found.get(reason, 0) + (count if isinstance(count, int) else 1)
        return found


def _check_own(folder: Path, path: Path) -> None:
    """See that a file is the dataset's own: a link would bring others' files into its copies.

    Raises:
        ShardForeign: It is not.
    """
    if path == folder:
        return
    if path.is_symlink() or path.parent.is_symlink():
        raise ShardForeign(
            path, "is a link, perhaps to a file that is not of the dataset",
            "copy the dataset with its files: cp -rL",
        )  # fmt: skip
    if path.suffix and not (_NAME.fullmatch(path.name) and _SPLIT.fullmatch(path.parent.name)):
        raise ShardForeign(path, "has a name that no dataset's file has", "rename or delete it")


def opened(path: Path) -> pq.ParquetFile:
    """Open a shard.

    Raises:
        ShardDamaged: It is no Parquet.
    """
    try:
        return pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as cause:
        raise ShardDamaged(path) from cause


def _view(connection: duckdb.DuckDBPyConnection, some: Sequence[StepsFile]) -> None:
    paths = [str(one.path) for one in some]
    found = connection.read_parquet(paths, filename=True, hive_partitioning=False)
    found.create_view("files", replace=True)


def _tells_pictures(path: Path) -> bool:
    """Tell whether a step has a picture exactly where it has a width; reads no picture."""
    try:
        found = opened(path).read(columns=["image.path", "image_width"])
        return bool(found["image"].is_null().equals(found["image_width"].is_null()))
    except (OSError, pa.ArrowException, KeyError) as cause:
        raise ShardDamaged(path) from cause


def shard_steps(path: Path, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """Give a shard's steps, a row group of them in memory at a time.

    Raises:
        ShardDamaged: It cannot be read to its end.
    """
    few = STEP_ROW_GROUP_ROWS if columns is None or "image" in columns else _ROWS
    file = opened(path)
    _check_columns(path, file.schema_arrow, columns or STEPS.names)
    try:
        for batch in file.iter_batches(few, columns=columns):
            batch.validate(full=True)
            _check_values(path, batch)
            yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as cause:
        raise ShardDamaged(path) from cause


def _check_columns(path: Path, found: pa.Schema, wanted: Iterable[str]) -> None:
    """See that columns have the types of steps; more of them, of a later version, do no harm.

    Raises:
        ShardDamaged: One is missing, or of another type.
    """
    types = {field.name: field.type for field in found}
    for name in wanted:
        if types.get(name) != STEPS.field(name).type:
            raise ShardDamaged(path, f"has not the column {name} of this version's steps")


def _check_values(path: Path, batch: pa.RecordBatch) -> None:
    """See that rows have what every step has, and their pictures a size.

    Raises:
        ShardDamaged: They have not.
    """
    for name in batch.schema.names:
        values = batch.column(name)
        is_wrong = name in _ALWAYS and values.null_count
        if name in _SIDES and values.null_count < len(values):
            is_wrong = pc.min(values).as_py() < 1
        if is_wrong:
            raise ShardDamaged(path, f"has a step without {name}")
    if {"image", *_SIDES} <= set(batch.schema.names):
        pictured = pc.is_valid(batch.column("image"))
        for name in _SIDES:
            if not pc.all(pc.or_(pc.invert(pictured), pc.is_valid(batch.column(name)))).as_py():
                raise ShardDamaged(path, f"has a picture without {name}")


def recorded_in(metadata: dict[bytes, bytes] | None) -> list[Recorded]:
    """Give what a shard's metadata tells of its episodes; what cannot be read is left out."""
    try:
        told = json.loads((metadata or {}).get(RECORDED_KEY, b"[]"))
        return [Recorded.model_validate(one) for one in told]
    except (ValueError, TypeError, RecursionError, ValidationError):
        return []


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with regular_file(path) as file:
            for line in file:
                try:
                    row = json.loads(line)
                except ValueError:
                    continue
                if isinstance(row, dict):
                    yield row
    except FileNotFoundError:
        return
