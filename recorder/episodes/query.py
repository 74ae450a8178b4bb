"""SQL over tables in memory: DuckDB without disk, network or extensions."""

from collections.abc import Mapping
from typing import Final

import duckdb
import pyarrow as pa
from pyarrow.dataset import Dataset

from recorder.core.errors import ExitCode, RecorderError

_MEMORY: Final = "2GB"
_LOCKED: Final = (
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)


class QueryFailed(RecorderError):
    """DuckDB refused the query."""

    def __init__(self, why: str) -> None:
        fix = "the tables are events, frames and context; see docs/tables.md"
        super().__init__(f"The query failed: {why.rstrip('.')}", fix, ExitCode.USAGE)


def connect(tables: Mapping[str, pa.Table | Dataset]) -> duckdb.DuckDBPyConnection:
    """Give a connection on which the tables are views; it can reach nothing else.

    DuckDB sends no usage statistics; without extensions and external access it has no
    way to. It spills nothing: a query beyond the memory limit fails.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": "",
        "memory_limit": _MEMORY,
        "python_enable_replacements": "false",
    }
    connection = duckdb.connect(":memory:", config=config)
    for name, rows in tables.items():
        connection.register(name, rows)
    for statement in _LOCKED:
        connection.execute(statement)
    return connection


def run(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[list[str], list[list[object]]]:
    """Give names of the columns and the rows of a query's result.

    Raises:
        QueryFailed: It is wrong, or asks for what is locked.
    """
    try:
        found = connection.execute(query)
        if found is None:  # blanks or comments alone
            raise QueryFailed("it is empty")
        names = [column[0] for column in found.description or ()]
        return names, [list(row) for row in found.fetchall()]
    except duckdb.Error as cause:
        raise QueryFailed(str(cause).partition("\n")[0]) from cause
