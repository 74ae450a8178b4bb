"""A built dataset, in a folder or a store: its shards, and questions to all of them at once."""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, Self, TypeVar

import duckdb
import pyarrow as pa
from pydantic import ValidationError

from recorder.core.errors import ExitCode, RecorderError
from recorder.research.dataset_places import DATA
from recorder.research.datasets import Drawn
from recorder.research.looking.recorded import Recorded
from recorder.research.looking.steps_file import StepsFile
from recorder.research.reading import StepsUnknown
from recorder.research.reduction.schema import STEPS
from recorder.sharing.drops import Drop, open_drop
from recorder.sharing.folder_drop import FolderDrop

_Read = TypeVar("_Read")

LEFT_OUT: Final = "left_out.jsonl"
STATS: Final = "stats.json"
_PAGE_BYTES: Final = 64_000_000
"""Of a file that tells of all of it; no build writes a longer one, and it is not read."""
_PARTS: Final = len(("data", "split", "file"))
_SPLIT: Final = re.compile(r"\w+(\.\w+)*")
_NAME: Final = re.compile(r"[\w.-]+")
"""Of a split and a file: they name files of copies, and stand in a card's patterns of files."""
_LOCKED: Final = (
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)
_FILES: Final = 16
"""Files of which what was read waits in memory."""
_SIDE_BY_SIDE: Final = 4
"""Files that are read at once: a store answers slowly, and Parquet is read without the GIL."""


class ShardForeign(RecorderError):
    """Something in a dataset's place that no build leaves there."""

    def __init__(self, name: str, what: str, fix: str) -> None:
        super().__init__(f"{name} {what}", fix, ExitCode.FORMAT)


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
            ShardForeign: A file in it is a link to elsewhere, or has a name that none has.
            DropUnreachable, DropAddressWrong: The place cannot be used.
        """
        if "://" not in str(address) and not Path(address).expanduser().is_dir():
            raise StepsUnknown(str(address))
        return cls.at(open_drop(address))

    @classmethod
    def at(cls, place: Drop) -> Self:
        """Find a dataset's shards; raises as `open`."""
        _check_unlinked(place)
        found = sorted((PurePosixPath(name).parts, name) for name in place.names(DATA))
        shards = [(parts, name) for parts, name in found if _may_be_shard(parts)]
        if not shards:
            raise StepsUnknown(place.url)
        for (_, split, file), name in shards:
            if name != f"{DATA}/{split}/{file}" or not _is_named_well(split, file):
                raise ShardForeign(
                    name, "has a name that no dataset's file has", "rename or delete it"
                )
        return cls(place, tuple(StepsFile(place, name) for _, name in shards))

    @property
    def name(self) -> str:
        """The last part of its place."""
        return PurePosixPath(self.place.url).name

    @property
    def rows(self) -> int:
        """How many steps there are, by the files' footers."""
        return sum(one.rows for one in self.each(StepsFile.footer))

    def each(self, read: Callable[[StepsFile], _Read]) -> Iterator[_Read]:
        """Give what is read of each file, in their order; a few are read at once."""
        with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="read-steps") as pool:
            for first in range(0, len(self.shards), _FILES):
                yield from pool.map(read, self.shards[first : first + _FILES])

    def ask(self, columns: str, step: Callable[[], None]) -> duckdb.DuckDBPyConnection:
        """Give a connection with the tables `steps` and `files`, in memory.

        Row groups of 64 make reading costly, asking cheap, so each is read once: a million steps
        take 16 s for 16 columns (2 busy cores, 2026-11). Pictures are not read.

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
        named = [one for one in STEPS.names if re.search(rf"\b{one}\b", columns)]
        for number, table in enumerate(self.each(lambda one: one.columns(named))):
            _take(connection, number, table, columns)
            step()
        rows = [(number, one.name, one.split) for number, one in enumerate(self.shards)]
        connection.execute("CREATE TABLE files (file_no INTEGER, name VARCHAR, split VARCHAR)")
        connection.executemany("INSERT INTO files VALUES (?, ?, ?)", rows)
        return connection

    def steps(self, episode_id: str | None = None) -> Iterator[dict[str, Any]]:
        """Give steps one by one, in the order of the files; of one episode where it is named.

        Raises:
            ShardDamaged, DropUnreachable: A file cannot be read to its end.
        """
        for one in self.shards:
            yield from one.steps(episode_id)

    def recorded(self) -> list[Recorded]:
        """Give what the builds noted of each episode; [] where they noted nothing."""
        found = {one.episode_id: one for some in self.each(StepsFile.recorded) for one in some}
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
        """Give a file that tells of all of it; b"" where there is none, or a link elsewhere."""
        size_bytes = self.place.size(name)
        if size_bytes is None or size_bytes > _PAGE_BYTES or _is_link(self.place, name):
            return b""
        return self.place.read(name, _PAGE_BYTES)


def _take(
    connection: duckdb.DuckDBPyConnection, number: int, table: pa.Table, columns: str
) -> None:
    into = "INSERT INTO steps" if number else "CREATE TABLE steps AS"
    query = f"{into} SELECT {columns}, has_picture, {number}::INTEGER AS file_no FROM taken"  # noqa: S608 - constants
    connection.register("taken", table)
    connection.execute(query)
    connection.unregister("taken")


def _may_be_shard(parts: tuple[str, ...]) -> bool:
    return len(parts) == _PARTS and PurePosixPath(parts[-1]).suffix == ".parquet"


def _is_named_well(split: str, file: str) -> bool:
    return bool(_SPLIT.fullmatch(split) and _NAME.fullmatch(file))


def _check_unlinked(place: Drop) -> None:
    """See that the files are the dataset's own: a link would bring others' into its copies.

    Raises:
        ShardForeign: One is a link, or lies behind one.
    """
    if not isinstance(place, FolderDrop):
        return
    root = Path(place.url)
    for path in (root / DATA, *root.glob(f"{DATA}/*"), *root.glob(f"{DATA}/*/*.parquet")):
        if path.is_symlink():
            raise ShardForeign(
                path.relative_to(root).as_posix(),
                "is a link, perhaps to a file that is not of the dataset",
                "copy the dataset with its files: cp -rL",
            )


def _is_link(place: Drop, name: str) -> bool:
    return isinstance(place, FolderDrop) and (Path(place.url) / name).is_symlink()


def _told(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
