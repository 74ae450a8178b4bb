"""Plain copies of episodes: Parquet, or JSON lines with the images beside them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.exported_page import write_page
from recorder.episodes.names import TABLES, Table
from recorder.episodes.reader import Episode
from recorder.episodes.schemas import ROW_GROUP_ROWS, file_schema, writer_options
from recorder.episodes.table_files import writing
from recorder.files import private_folder, whole_file, write_whole

Form = Literal["parquet", "jsonl", "html"]
_IMAGES: Final = "images"


class CopyExists(RecorderError):
    """There is something where the copy would go."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists", "choose another folder with --to", ExitCode.USAGE)


def export_episode(episode: Episode, to: Path, form: Form) -> Path:
    """Write an episode's tables as plain files, 0600, in a new folder under `to`.

    Raises:
        CopyExists: There is one already; nothing was written.
        FolderUnwritable: The copy is not complete.
    """
    target = to / episode.episode_id
    if target.is_symlink() or target.exists():
        raise CopyExists(target)
    with writing(to):
        private_folder(to)
        target.mkdir(mode=0o700)
        if form == "html":
            write_page(episode, target)
            return target
        for table in TABLES:
            rows = episode.read(table)
            if form == "parquet":
                _write_parquet(target / f"{table}.parquet", table, rows, episode.episode_id)
            else:
                _write_lines(target / f"{table}.jsonl", rows)
    return target


def _write_parquet(path: Path, table: Table, rows: pa.Table, episode_id: str) -> None:
    schema = file_schema(table, episode_id, 0)
    with whole_file(path) as file, pq.ParquetWriter(file, schema, **writer_options(table)) as out:
        out.write_table(
            rows.replace_schema_metadata(schema.metadata), row_group_size=ROW_GROUP_ROWS[table]
        )


def _write_lines(path: Path, rows: pa.Table) -> None:
    with whole_file(path) as file:
        for row in _rows(rows):
            if "image" in row:
                row["image"] = _image_file(path.parent, row["frame_id"], row["image"])
            file.write(json.dumps(row).encode() + b"\n")


def _rows(rows: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in rows.to_batches(max_chunksize=64):
        yield from batch.to_pylist()


def _image_file(target: Path, frame_id: int, image: dict[str, Any] | None) -> str | None:
    """Write a frame's picture beside the lines and give its path there."""
    if image is None:
        return None
    name = f"{_IMAGES}/{frame_id:08d}.webp"
    private_folder(target / _IMAGES)
    write_whole(target / name, image["bytes"])
    return name
