"""Table files of one episode's folder: written whole, read with their own key."""

import errno
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from recorder.core import newer
from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.names import PartName, parts_in_force
from recorder.episodes.schemas import ROW_GROUP_ROWS, file_schema, writer_options
from recorder.episodes.sealing import EpisodeKey
from recorder.files import regular_file, sync_folder, whole_file

_DAMAGE: Final = (pa.ArrowException, OSError, ValueError, MemoryError, KeyError)
"""What Arrow raises on foreign, truncated or changed bytes, or under the wrong key."""


class FolderUnwritable(RecorderError):
    """The recording folder took no data: full, read-only, not ours, or gone."""

    def __init__(self, folder: Path, cause: OSError) -> None:
        sentences = {
            errno.ENOSPC: ("The disk of {} is full", "free some space, then recorder resume"),
            errno.EDQUOT: ("The disk quota of {} is used up", "free some space, then resume"),
            errno.ENOENT: ("{} was removed", "bring it back or choose another with --folder"),
            errno.EROFS: ("{} is read-only", "mount it writable or choose another with --folder"),
        }
        otherwise = ("{} cannot be written", "make it yours (chown, chmod 700) or use --folder")
        sentence, fix = sentences.get(cause.errno or 0, otherwise)
        super().__init__(sentence.format(folder), fix, ExitCode.UNWRITABLE)


class DamagedFile(RecorderError):
    """A file cannot be read: changed, cut short, foreign, or sealed with another key."""

    def __init__(self, name: str, why: str, fix: str = "") -> None:
        fix = fix or "restore it from a backup, or recorder delete the episode"
        super().__init__(f"{name} is {why}", fix, ExitCode.FORMAT)
        self.name = name
        self.why = why


class NewerFile(DamagedFile):
    """A file of a later version of the recorder; whole, and no reason to delete anything."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "of a newer version of the recorder", newer.FIX)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a `FolderUnwritable`."""
    try:
        yield
    except OSError as cause:
        raise FolderUnwritable(folder, cause) from cause


class TableFiles:
    """The table files in one folder. `key` None: plain files."""

    def __init__(self, home: Path, episode_id: str, key: EpisodeKey | None) -> None:
        self.home = home
        self._episode_id = episode_id
        self._key = key

    def names(self) -> list[PartName]:
        """Give the files that hold the rows."""
        return parts_in_force(path.name for path in self.home.iterdir())

    def write(self, part: PartName, tables: Iterable[pa.Table], ready: str | None = None) -> None:
        """Write rows, in the order given, as one file that appears whole.

        `ready`: stands there under this name until it is renamed to its own.

        Raises:
            OSError: It was not written; nothing else changed.
        """
        schema = file_schema(part.table, self._episode_id, part.segment)
        sealed = None if self._key is None else self._key.encryption(str(part))
        options = writer_options(part.table, is_batch=part.batch is not None)
        with (
            whole_file(self.home / (ready or str(part))) as file,
            pq.ParquetWriter(file, schema, encryption_properties=sealed, **options) as writer,
        ):
            if part.batch is not None:  # without a copy of the schema, nothing else tells it
                writer.add_key_value_metadata(schema.metadata)
            for table in _grouped(tables, ROW_GROUP_ROWS[part.table]):
                writer.write_table(table.replace_schema_metadata(schema.metadata))

    def read(self, part: PartName, columns: Sequence[str] | None = None) -> pa.Table:
        """Read one file's rows, with the columns that it has.

        Of some columns, those without any value are left out: the footer tells which,
        where it is sealed as the rows are.

        Raises:
            DamagedFile: It cannot be read, or is no regular file.
        """
        sealed = None if self._key is None else self._key.decryption(str(part))
        try:
            with (
                regular_file(self.home / str(part)) as file,
                pq.ParquetFile(
                    file,
                    decryption_properties=sealed,
                    page_checksum_verification=True,
                    pre_buffer=False,
                ) as opened,
            ):
                wanted = columns
                if sealed is not None and columns is not None:
                    wanted = _with_values(opened.metadata, columns)
                return opened.read(columns=wanted, use_threads=False)
        except FileNotFoundError as cause:
            raise DamagedFile(str(part), "missing") from cause
        except _DAMAGE as cause:
            raise DamagedFile(str(part), "damaged or sealed with another key") from cause

    def close(self) -> None:
        """Wipe the key; what is sealed can no longer be read or written."""
        if self._key is not None:
            self._key.wipe()

    def wrapped_key(self, recipients: Sequence[str]) -> bytes | None:
        """Give the episode's key sealed to age recipients; None of plain files."""
        return None if self._key is None else self._key.wrap(recipients)

    def remove(self, parts: Sequence[PartName | str]) -> None:
        """Remove files for good; missing ones are fine."""
        for part in parts:
            (self.home / str(part)).unlink(missing_ok=True)
        if parts:
            sync_folder(self.home)


def _with_values(footer: pq.FileMetaData, columns: Sequence[str]) -> list[str]:
    """Give the columns of which some row holds a value; lists and structs count as such.

    A column that is not read saves 60 µs a file, asking 3 (measured): most of those of
    `events` are empty in most files.
    """
    leaves = footer.schema.names
    groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
    return [
        name
        for name in columns
        if name not in leaves or not _is_empty(groups, name, leaves.index(name))
    ]


def _is_empty(groups: Sequence[pq.RowGroupMetaData], name: str, leaf: int) -> bool:
    for group in groups:
        chunk = group.column(leaf)
        told = chunk.statistics
        if chunk.path_in_schema != name or told is None or told.null_count != group.num_rows:
            return False
    return True


def _grouped(tables: Iterable[pa.Table], rows: int) -> Iterator[pa.Table]:
    """Join small tables into row groups of at least `rows`, the last one aside."""
    held: list[pa.Table] = []
    for table in tables:
        held.append(table)
        if sum(t.num_rows for t in held) >= rows:
            yield pa.concat_tables(held)
            held = []
    if held:
        yield pa.concat_tables(held)


def read_regular(path: Path, limit_bytes: int) -> bytes:
    """Read a small regular file without following a link.

    Raises:
        DamagedFile: It is missing, no regular file, or larger than the limit.
    """
    try:
        with regular_file(path) as file:
            data: bytes = file.read(limit_bytes + 1)
    except OSError as cause:
        raise DamagedFile(path.name, "missing or no regular file") from cause
    if len(data) > limit_bytes:
        raise DamagedFile(path.name, "too large")
    return data


def sha256_of(path: Path) -> str:
    """Give the hex digest of a regular file's bytes."""
    with regular_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
