"""Looking at a foreign Parquet file: what it says of itself first, then its rows in small pieces.

A file of 563 bytes can ask for gigabytes: counts, sizes and types are read from its footer and
compared with ours before a page is decoded. What still asks for too much when it is decoded
meets the memory limit of the process that looks.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from recorder.core.errors import ExitCode
from recorder.episodes.names import Table
from recorder.episodes.schemas import SCHEMA_VERSION, SCHEMAS, file_schema, writer_options
from recorder.research.content_verdict import ContentRefused

MOST_ROWS: Final[dict[Table, int]] = {"events": 4_000_000, "frames": 20_000, "context": 1_000_000}
"""In one file, which covers a minute: a 1 kHz mouse brings 60,000 events."""
_BATCH_ROWS: Final[dict[Table, int]] = {"events": 16_384, "frames": 16, "context": 4_096}
_MOST_GROUPS: Final = 1_000
_MOST_VALUES: Final[dict[Table, int]] = {
    "events": 4_000_000,
    "frames": 1_000_000,
    "context": 1_000_000,
}
"""In one column, lists taken apart: a frame has fifty painted boxes."""
_MOST_PLAIN_BYTES: Final = 300_000_000
_MOST_RATIO: Final = 200
_FREE_PLAIN_BYTES: Final = 16_000_000
"""Rows of a still mouse shrink a hundredfold and more; so little may shrink as it likes."""
_MOST_FOOTER_BYTES: Final = 4_000_000
_MAGIC: Final = b"PAR1"
_TAIL: Final = 8
_CODECS: Final = frozenset({"ZSTD", "UNCOMPRESSED"})
BROKEN: Final = (pa.ArrowException, OSError, ValueError, KeyError)
"""What Arrow raises on bytes that are no Parquet."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file as its name says. `data`: all of its bytes."""

    table: Table
    episode_id: str
    data: bytes


def batches(
    file: TableFile, columns: Sequence[str] | None = None, most_rows: int | None = None
) -> Iterator[pa.RecordBatch]:
    """Give the rows of a file in pieces.

    Args:
        file: Which one.
        columns: Those that are wanted; None for all.
        most_rows: In a piece; None for as few as are held at once with pictures.

    Raises:
        ContentRefused: It is no table of ours, or asks for more than one may.
    """
    _check_footer(file.data)
    try:
        with pq.ParquetFile(
            pa.BufferReader(file.data),
            thrift_string_size_limit=_MOST_FOOTER_BYTES,
            thrift_container_size_limit=_MOST_FOOTER_BYTES // 4,
            page_checksum_verification=True,
            pre_buffer=False,
        ) as opened:
            _check_told(file, opened)
            rows = most_rows or _BATCH_ROWS[file.table]
            for batch in opened.iter_batches(rows, columns=columns, use_threads=False):
                batch.validate(full=True)  # no reader of a dataset opens text that is no UTF-8
                yield batch
    except (MemoryError, pa.ArrowMemoryError) as cause:
        raise ContentRefused(ExitCode.LIMITS, "a file in it asks for too much memory") from cause
    except BROKEN as cause:
        raise ContentRefused(ExitCode.FORMAT, "a file in it is no Parquet that opens") from cause


def _check_footer(data: bytes) -> None:
    if len(data) < len(_MAGIC) + _TAIL or not data.startswith(_MAGIC) or data[-4:] != _MAGIC:
        raise ContentRefused(ExitCode.FORMAT, "a file in it is no Parquet")
    footer_bytes = int.from_bytes(data[-_TAIL:-4], "little")
    if footer_bytes > min(_MOST_FOOTER_BYTES, len(data) - len(_MAGIC) - _TAIL):
        raise ContentRefused(ExitCode.LIMITS, "a file in it has too large a footer")


def _check_told(file: TableFile, opened: pq.ParquetFile) -> None:
    told = opened.metadata
    if told.num_columns != _leaves(file.table) or told.num_row_groups > _MOST_GROUPS:
        raise ContentRefused(ExitCode.LIMITS, "a file in it has too many or too few columns")
    if not 0 <= told.num_rows <= MOST_ROWS[file.table]:
        raise ContentRefused(ExitCode.LIMITS, "a file in it has too many rows")
    shown = opened.schema_arrow
    if not _same_schema(file.table, shown, told.schema):
        raise ContentRefused(ExitCode.FORMAT, "a file in it has other columns than ours")
    metadata = shown.metadata or {}
    for name, wanted in (("schema_version", SCHEMA_VERSION), ("episode_id", file.episode_id)):
        if metadata.get(f"recorder.{name}".encode()) != wanted.encode():
            raise ContentRefused(ExitCode.FORMAT, f"a file in it has another {name}")
    _check_sizes(told, file)


def _check_sizes(told: Any, file: TableFile) -> None:  # noqa: ANN401 - pyarrow has no types
    values = [0] * told.num_columns
    plain_bytes = 0
    for number in range(told.num_row_groups):
        group = told.row_group(number)
        for column in range(told.num_columns):
            chunk = group.column(column)
            if chunk.compression not in _CODECS or chunk.num_values < 0:
                raise ContentRefused(ExitCode.FORMAT, "a file in it is packed in another way")
            values[column] += chunk.num_values
            plain_bytes += max(0, chunk.total_uncompressed_size)
    is_bomb = plain_bytes > _FREE_PLAIN_BYTES and plain_bytes > _MOST_RATIO * len(file.data)
    if max(values) > _MOST_VALUES[file.table] or plain_bytes > _MOST_PLAIN_BYTES or is_bomb:
        raise ContentRefused(ExitCode.LIMITS, "a file in it grows too much when it is unpacked")


def _same_schema(table: Table, shown: pa.Schema, stored: Any) -> bool:  # noqa: ANN401 - as above
    """Compare columns as Arrow shows them and as Parquet stores them."""
    same = shown.equals(SCHEMAS[table], check_metadata=False)
    return bool(same and stored.equals(_reference(table)))


@cache
def _reference(table: Table) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Give Parquet's schema of a file that we write ourselves."""
    file, schema = io.BytesIO(), file_schema(table, "", 0)
    pq.ParquetWriter(file, schema, **writer_options(table)).close()
    return pq.ParquetFile(pa.BufferReader(file.getvalue())).metadata.schema


def _leaves(table: Table) -> int:
    return len(_reference(table).names)
