"""Files of every past schema version, read by column name into the present schema."""

from collections.abc import Sequence

import pyarrow as pa

from recorder.episodes.names import PartName
from recorder.episodes.schemas import SCHEMAS
from recorder.episodes.table_files import DamagedFile


def conform(rows: pa.Table, part: PartName, columns: Sequence[str]) -> pa.Table:
    """Give these columns in the present schema; those that may be missing become null.

    Raises:
        DamagedFile: A column that must be there is missing, or has another type.
    """
    schema = pa.schema([SCHEMAS[part.table].field(name) for name in columns])
    arrays = [_column(rows, field, part) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _column(rows: pa.Table, field: pa.Field, part: PartName) -> pa.ChunkedArray:
    if field.name not in rows.column_names:
        if not field.nullable:
            raise DamagedFile(str(part), f"without its column {field.name}")
        return pa.chunked_array([pa.nulls(rows.num_rows, field.type)])
    found = rows.column(field.name)
    if found.null_count and not field.nullable:
        raise DamagedFile(str(part), f"incomplete in column {field.name}")
    if found.type == field.type:
        return found
    try:
        return found.cast(field.type)
    except (pa.ArrowException, ValueError) as cause:
        raise DamagedFile(str(part), f"of another kind in column {field.name}") from cause
