"""`recorder sql`: queries over own episodes, decrypted in memory only."""

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Final, cast

import pyarrow as pa
import typer

from recorder.cli import output
from recorder.cli.opening import (
    FolderOption,
    JsonOption,
    PassphraseOption,
    names_to_complete,
    open_own,
    own_folder,
)
from recorder.cli.progress import progress
from recorder.episodes.columns import empty
from recorder.episodes.names import TABLES, Table
from recorder.episodes.query import connect, run
from recorder.episodes.reader import Episode
from recorder.episodes.schemas import SCHEMAS

_WIDTH: Final = 40


def sql(
    query: Annotated[str, typer.Argument(help="SQL over events, frames and context.")],
    episode: Annotated[
        list[str] | None,
        typer.Option(help="Only this one; may repeat.", autocompletion=names_to_complete),
    ] = None,
    *,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Query own episodes with SQL.

    The column `image` of frames is there when the query names it. Nothing decrypted is
    written: DuckDB runs in memory, without disk, network or extensions.
    """
    episodes = open_own(own_folder(folder), episode or (), passphrase_file)
    with progress("Reading", len(episodes) * len(TABLES)) as step:
        tables: dict[str, pa.Table] = {
            table: _joined(episodes, table, query, step) for table in TABLES
        }
    with progress("Asking"):
        names, rows = run(connect(tables), query)
    for found in episodes:
        for problem in found.problems:
            output.say(f"{found.episode_id}: {problem.file} is {problem.why}, left out")
    payload: output.Payload = {
        "columns": names,
        "rows": [[_json(value) for value in row] for row in rows],
    }
    output.emit("sql", payload, as_json, lambda: _table(names, rows))


def _joined(
    episodes: Sequence[Episode], table: Table, query: str, step: Callable[[], None]
) -> pa.Table:
    """Give one table of all episodes; images, which are large, only when asked for."""
    schema = SCHEMAS[table]
    columns = [n for n in schema.names if n != "image" or "image" in query.lower()]
    whole = pa.schema([schema.field(name) for name in columns])
    found = [empty(whole)]
    for episode in episodes:
        found.append(episode.read(table, columns))
        step()
    return pa.concat_tables(found)


def _json(value: object) -> object:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in cast("Sequence[object]", value)]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _table(names: list[str], rows: list[list[object]]) -> str:
    cells = [names, *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join([*lines, f"({len(rows)} {'row' if len(rows) == 1 else 'rows'})"])


def _cell(value: object) -> str:
    text = output.printable(str(_json(value))).replace("\n", " ")
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
