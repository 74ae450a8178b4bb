"""Arrow arrays from Python values, by their buffers.

`pyarrow.array` on a list imports pandas wherever that is installed: 50 MB and 1.6 s in the
agent (measured, pyarrow 26). Buffers need numpy only, which pyarrow loads anyway.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

_NUMPY_TYPES: Final = {
    pa.int8(): np.int8,
    pa.int16(): np.int16,
    pa.int32(): np.int32,
    pa.int64(): np.int64,
    pa.float32(): np.float32,
}
_INT32_MAX: Final = 2**31 - 1


def column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Give an array of the values, None where one is missing.

    Structs are tuples in the order of their fields, lists are sequences.
    """
    if values.count(None) == len(values):
        return pa.nulls(len(values), kind)
    if kind in _NUMPY_TYPES:
        filled = [0 if value is None else value for value in values]
        data = np.array(filled, dtype=_NUMPY_TYPES[kind]).tobytes()
        return _array(kind, values, [data])
    if pa.types.is_boolean(kind):
        bits = np.array([bool(value) for value in values], dtype=bool)
        return _array(kind, values, [_bits(bits)])
    if pa.types.is_struct(kind):
        return _structs(values, kind)
    if pa.types.is_list(kind):
        flat = [item for value in values if value for item in value]
        return _array(kind, values, [_offsets(values)], children=[column(flat, kind.value_type)])
    return _texts(values, kind)


def empty(schema: pa.Schema) -> pa.Table:
    """Give a table without rows; `Schema.empty_table` would import pandas."""
    return pa.Table.from_arrays([pa.nulls(0, field.type) for field in schema], schema=schema)


def with_column(rows: pa.Table, name: str, values: Sequence[Any]) -> pa.Table:
    """Give the rows with other values in a column; structs as in `column`."""
    field = rows.schema.field(name)
    return rows.set_column(rows.schema.get_field_index(name), field, column(values, field.type))


def numbers(rows: pa.Table, name: str) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Give a column of whole numbers without nulls."""
    return whole_numbers(rows.column(name))


def whole_numbers(column: pa.ChunkedArray) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Give whole numbers without nulls; `to_numpy` would import pandas."""
    parts = [np.from_dlpack(chunk) for chunk in column.chunks if len(chunk)]
    return np.concatenate([np.empty(0, np.int64), *parts], dtype=np.int64)


def _texts(values: Sequence[str | bytes | None], kind: pa.DataType) -> pa.Array:
    """Lone surrogates, which UTF-8 cannot hold, become question marks."""
    different = {v: v.encode("utf-8", "replace") if isinstance(v, str) else v for v in set(values)}
    encoded = [different[value] or b"" for value in values]
    return _array(kind, values, [_offsets(encoded), b"".join(encoded)])


def _structs(values: Sequence[tuple[Any, ...] | None], kind: pa.StructType) -> pa.Array:
    empty = (None,) * kind.num_fields
    filled = [empty if value is None else value for value in values]
    children = [column([v[i] for v in filled], field.type) for i, field in enumerate(kind)]
    return _array(kind, values, [], children=children)


def _array(
    kind: pa.DataType,
    values: Sequence[Any],
    data: list[bytes],
    children: list[pa.Array] | None = None,
) -> pa.Array:
    present = np.array([value is not None for value in values], dtype=bool)
    missing = len(values) - int(present.sum())
    validity = pa.py_buffer(_bits(present)) if missing else None
    buffers = [validity, *map(pa.py_buffer, data)]
    return pa.Array.from_buffers(kind, len(values), buffers, missing, children=children)


def _bits(flags: "np.ndarray[Any, np.dtype[np.bool_]]") -> bytes:
    return np.packbits(flags, bitorder="little").tobytes()


def _offsets(values: Sequence[Any]) -> bytes:
    ends = np.cumsum([0, *(len(value) if value else 0 for value in values)])
    if ends[-1] > _INT32_MAX:
        raise OverflowError("a column holds at most 2 GiB")
    return ends.astype(np.int32).tobytes()
