"""Columns of foreign tables: checked by name and type, then given as plain arrays."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.columns import whole_numbers

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]


class WrongTable(RecorderError):
    """A table that is handed in is not as `docs/tables.md` says."""

    def __init__(self, table: str, why: str) -> None:
        super().__init__(
            f"The table of {table} {why}",
            "hand in a table with the columns and types of docs/tables.md",
            ExitCode.FORMAT,
        )


def checked(found: pa.Table, wanted: pa.Schema, table: str, may_lack: Collection[str]) -> pa.Table:
    """Give the columns of a schema, each in its type; those in `may_lack` null where missing.

    Raises:
        WrongTable: It is no table of pyarrow's; a column is missing, twice there, of another
            type, or null where it may not be.
    """
    if not isinstance(found, pa.Table | pa.RecordBatch):
        raise WrongTable(table, f"is a {type(found).__name__}, not a pyarrow Table")
    arrays = [_column(found, field, table, may_lack) for field in wanted]
    return pa.Table.from_arrays(arrays, schema=wanted.remove_metadata())


def one_episode(rows: pa.Table, table: str, episode_id: str | None = None) -> str | None:
    """Give the episode that all rows are of, None where there are no rows.

    Raises:
        WrongTable: They are of several, or of another one than the one given.
    """
    found = pc.unique(rows.column("episode_id")).to_pylist()
    if len(found) > 1:
        raise WrongTable(table, f"holds rows of {len(found)} episodes; hand in one at a time")
    if found and episode_id is not None and found != [episode_id]:
        raise WrongTable(table, f"is of episode {found[0]}, not of {episode_id}")
    return found[0] if found else None


def _column(
    found: pa.Table, field: pa.Field, table: str, may_lack: Collection[str]
) -> pa.ChunkedArray:
    places = found.schema.get_all_field_indices(field.name)
    if not places and field.name in may_lack:
        return pa.chunked_array([pa.nulls(found.num_rows, field.type)])
    if len(places) != 1:
        raise WrongTable(table, f"has {'two columns' if places else 'no column'} {field.name}")
    column = found.column(places[0])
    if column.type != field.type:
        column = _cast(column, field, table)
    if column.null_count and not field.nullable:
        raise WrongTable(table, f"has a row without {field.name}")
    return column


def _cast(column: pa.ChunkedArray, field: pa.Field, table: str) -> pa.ChunkedArray:
    try:
        return column.cast(field.type)
    except (pa.ArrowException, ValueError) as cause:
        raise WrongTable(
            table, f"has {column.type} in its column {field.name} that is no {field.type}"
        ) from cause


def whole(rows: pa.Table, name: str, null: int = -1) -> Ints:
    """Give a column of whole numbers or flags, with a number for null."""
    column = rows.column(name)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    if column.null_count:
        column = pc.fill_null(column, pa.scalar(null, column.type))
    return whole_numbers(column)


def decimals(rows: pa.Table, name: str) -> Floats:
    """Give a column of decimal numbers, 0 for null."""
    column = pc.fill_null(rows.column(name), 0.0)
    parts = [np.from_dlpack(chunk) for chunk in column.chunks if len(chunk)]
    return np.concatenate([np.empty(0, np.float64), *parts], dtype=np.float64)


def present(rows: pa.Table, name: str) -> Flags:
    """Tell of each row whether it has a value."""
    return flags(pc.is_valid(rows.column(name)))


def flags(column: pa.ChunkedArray) -> Flags:
    """Give a column of flags without nulls."""
    found = np.zeros(len(column), np.bool_)
    found[indices(column)] = True
    return found


def indices(column: pa.ChunkedArray) -> Ints:
    """Give where a column of flags says yes."""
    return np.from_dlpack(pc.indices_nonzero(column)).astype(np.int64)


def coded(rows: pa.Table, name: str) -> tuple[Ints, list[str]]:
    """Give a column of words as numbers of a list, -1 for null."""
    column = rows.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # without any chunk
        column = pa.nulls(0, pa.string())
    found = column.dictionary_encode()
    codes = found.indices.cast(pa.int64())
    if codes.null_count:
        codes = pc.fill_null(codes, -1)
    return np.from_dlpack(codes).astype(np.int64), found.dictionary.to_pylist()


def among(values: Ints, few: Sequence[int]) -> Flags:
    """Tell which values are one of a few; `np.isin` takes 30 µs to begin, ten times an episode."""
    found = np.zeros(len(values), np.bool_)
    for one in few:
        found |= values == one
    return found


def alike(*columns: Ints | Floats) -> Flags:
    """Tell of neighbours whether all columns are equal; one shorter than the columns."""
    found = np.ones(max(len(columns[0]) - 1, 0), np.bool_)
    for column in columns:
        found &= column[1:] == column[:-1]
    return found


def taken(column: pa.ChunkedArray, at: Ints) -> pa.ChunkedArray:
    """Give values by place; null for the place -1."""
    whole_at = pa.Array.from_buffers(pa.int64(), len(at), [None, pa.py_buffer(at.tobytes())])
    if len(at) and int(at.min()) < 0:
        known = pc.greater_equal(whole_at, 0)
        whole_at = pc.if_else(known, whole_at, pa.scalar(None, pa.int64()))
    return column.take(whole_at)


def array_of(values: npt.NDArray[Any], kind: pa.DataType, valid: Flags | None = None) -> pa.Array:
    """Give numbers as an Arrow array, null where `valid` says no."""
    numpy_type = {
        pa.int16(): np.int16, pa.int32(): np.int32, pa.int64(): np.int64,
        pa.float32(): np.float32, pa.float64(): np.float64,
    }[kind]  # fmt: skip
    data = pa.py_buffer(np.ascontiguousarray(values, dtype=numpy_type).tobytes())
    bits = None
    if valid is not None and not valid.all():
        bits = pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
    return pa.Array.from_buffers(kind, len(values), [bits, data])
