"""A built dataset, in a folder or a store: its shards, and questions to all of them at once."""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, Self

import duckdb
import pyarrow as pa
from pydantic import ValidationError

from recorder.research.dataset_places import DATA
from recorder.research.datasets import Drawn
from recorder.research.looking.recorded import Recorded
from recorder.research.looking.steps_file import ShardDamaged, StepsFile
from recorder.research.reading import StepsUnknown
from recorder.research.reduction.schema import STEPS
from recorder.sharing.drops import Drop, open_drop

LEFT_OUT: Final = "left_out.jsonl"
STATS: Final = "stats.json"
_PAGE_BYTES: Final = 256_000_000
"""Of a file of figures or reasons; what is beyond is not read."""
_LOCKED: Final = (
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)
_FILES: Final = 16
"""Files whose columns wait in memory."""
_SIDE_BY_SIDE: Final = 4
"""Files that are read at once: a store answers slowly, and Parquet is read without the GIL."""


@dataclass(frozen=True, slots=True)
class DatasetFolder:
    """A dataset. `shards`: by split and name, so rows come by participant and episode."""

    place: Drop
    shards: tuple[StepsFile, ...]

    @classmethod
    def open(cls, address: str | Path) -> Self:
        """Find a dataset's shards in a folder, or at `s3://bucket/folder`; reads none.

        Raises:
            StepsUnknown: There is none.
            DropUnreachable, DropAddressWrong: The place cannot be used.
        """
        if "://" not in str(address) and not Path(address).expanduser().is_dir():
            raise StepsUnknown(str(address))
        return cls.at(open_drop(address))

    @classmethod
    def at(cls, place: Drop) -> Self:
        """Find a dataset's shards; raises as `open`."""
        found = [PurePosixPath(name) for name in sorted(place.names(DATA))]
        shards = tuple(
            StepsFile(place, str(path))
            for path in found
            if path.suffix == ".parquet" and len(path.parts) == len(("data", "split", "file"))
        )
        if not shards:
            raise StepsUnknown(place.url)
        return cls(place, shards)

    @property
    def name(self) -> str:
        """The last part of its place."""
        return PurePosixPath(self.place.url).name

    @property
    def rows(self) -> int:
        """How many steps there are, by the files' footers."""
        return sum(one.footer().rows for one in self.shards)

    def ask(self, columns: str, step: Callable[[], None]) -> duckdb.DuckDBPyConnection:
        """Give a connection with the tables `steps` and `files`, in memory.

        Row groups of 64 make reading costly, asking cheap, so each is read once: 200,000 steps
        take 1.3 s for 16 columns (2 cores, 2026-11). Pictures are not read.

        Args:
            columns: Of `steps`, as SQL; `has_picture` and `file_no` come besides.
            step: Called after each file.

        Raises:
            ShardDamaged: A file cannot be read, or lacks a column.
            DropUnreachable: The store is away.
        """
        connection = duckdb.connect(
            ":memory:", config={"python_enable_replacements": "false", "temp_directory": ""}
        )
        for statement in _LOCKED:
            connection.execute(statement)
        for number, table in enumerate(self._tables(columns)):
            self._take(connection, number, table, columns)
            step()
        rows = [(number, one.name, one.split) for number, one in enumerate(self.shards)]
        connection.execute("CREATE TABLE files (file_no INTEGER, name VARCHAR, split VARCHAR)")
        connection.executemany("INSERT INTO files VALUES (?, ?, ?)", rows)
        return connection

    def _tables(self, columns: str) -> Iterator[pa.Table]:
        """Give of each file what the SQL names, in their order."""
        named = [one for one in STEPS.names if re.search(rf"\b{one}\b", columns)]
        with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="read-steps") as pool:
            for first in range(0, len(self.shards), _FILES):
                some = self.shards[first : first + _FILES]
                yield from pool.map(lambda one: one.columns(named), some)

    def _take(
        self, connection: duckdb.DuckDBPyConnection, number: int, table: pa.Table, columns: str
    ) -> None:
        into = "INSERT INTO steps" if number else "CREATE TABLE steps AS"
        query = f"{into} SELECT {columns}, has_picture, {number}::INTEGER AS file_no FROM taken"  # noqa: S608 - constants
        try:
            connection.register("taken", table)
            connection.execute(query)
        except duckdb.Error as cause:
            name = self.shards[number].name
            raise ShardDamaged(name, "cannot be read as steps") from cause
        finally:
            connection.unregister("taken")

    def steps(self, episode_id: str | None = None) -> Iterator[dict[str, Any]]:
        """Give steps one by one, in the order of the files; of one episode where it is named.

        Raises:
            ShardDamaged, DropUnreachable: A file cannot be read to its end.
        """
        for one in self.shards:
            yield from one.steps(episode_id)

    def recorded(self) -> list[Recorded]:
        """Give what the builds noted of each episode; [] where they noted nothing."""
        found = {episode.episode_id: episode for one in self.shards for episode in one.recorded()}
        return [found[name] for name in sorted(found)]

    def left_out(self) -> dict[str, int]:
        """Give how much the build left out, by reason."""
        found: dict[str, int] = {}
        for line in self.page(LEFT_OUT).splitlines():
            row = _told(line)
            if row:
                reason = str(row.get("reason", "unknown"))
                count = row.get("count", 1)
                found[reason] = found.get(reason, 0) + (count if isinstance(count, int) else 1)
        return found

    def drawn(self) -> Drawn | None:
        """Give how its splits were drawn, as its figures tell; None where they do not."""
        try:
            return Drawn.model_validate(_told(self.page(STATS)).get("drawn"))
        except ValidationError:
            return None

    def page(self, name: str) -> bytes:
        """Give a file that tells of all of it; b"" where there is none."""
        if self.place.size(name) is None:
            return b""
        with self.place.opened(name) as file:
            return file.read(_PAGE_BYTES)


def _told(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
