"""Plain copies of episodes: Parquet, or JSON lines with the images beside them.

A copy appears whole: it is written beside its place, as ID.incomplete, and renamed.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.exported_page import write_page
from recorder.episodes.holding import EpisodeBusy, Hold
from recorder.episodes.names import TABLES, Table
from recorder.episodes.reader import Episode
from recorder.episodes.schemas import ROW_GROUP_ROWS, file_schema, writer_options
from recorder.files import private_folder, sync_folder, whole_file, write_whole

Form = Literal["parquet", "jsonl", "html"]
_IMAGES: Final = "images"


class CopyExists(RecorderError):
    """There is something where the copy would go."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists", "choose another folder with --to", ExitCode.USAGE)


class CopyBusy(RecorderError):
    """Another program writes this copy now."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is being written by another program",
            "let it finish, or choose another folder with --to",
            ExitCode.FOLDER_HELD,
        )


class CopyUnwritable(RecorderError):
    """The copy cannot go where it shall."""

    def __init__(self, target: Path, cause: OSError) -> None:
        super().__init__(
            f"No copy can be written to {target}: {(cause.strerror or 'unknown').lower()}",
            "name another folder with --to",
            ExitCode.UNWRITABLE,
        )


def export_episode(episode: Episode, to: Path, form: Form) -> Path:
    """Write an episode's tables as plain files, 0600, in a new folder under `to`.

    What a kill left of an earlier copy is taken away first.

    Raises:
        CopyExists: There is one already; nothing was written.
        CopyBusy: Another program writes it now.
        CopyUnwritable: There is no copy, and nothing of one.
    """
    target = to / episode.episode_id
    with whole_copy(target) as begun:
        _write(episode, begun, form)
    return target


@contextmanager
def whole_copy(target: Path) -> Iterator[Path]:
    """Give a folder, 0700, that appears whole at `target` when the block ends, or not at all.

    Raises:
        CopyExists: There is something; nothing was written.
        CopyBusy: Another program writes it now.
        CopyUnwritable: There is no copy, and nothing of one.
    """
    try:
        private_folder(target.parent)
        with _begun(target) as begun:
            yield begun
            sync_folder(begun)
            begun.rename(target)
        sync_folder(target.parent)
    except OSError as cause:
        raise CopyUnwritable(target.parent, cause) from cause


@contextmanager
def _begun(target: Path) -> Iterator[Path]:
    """Give an empty folder beside the copy's place; unless it is renamed it goes again."""
    if target.is_symlink() or target.exists():
        raise CopyExists(target)
    begun = target.with_name(f"{target.name}.incomplete")
    begun.mkdir(mode=0o700, exist_ok=True)
    try:
        hold = Hold.take(begun)
    except EpisodeBusy as cause:
        raise CopyBusy(begun) from cause
    try:
        for left in begun.iterdir():
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        yield begun
    finally:
        shutil.rmtree(begun, ignore_errors=True)
        hold.close()


def _write(episode: Episode, target: Path, form: Form) -> None:
    if form == "html":
        write_page(episode, target)
        return
    for table in TABLES:
        rows = episode.read(table)
        if form == "parquet":
            _write_parquet(target / f"{table}.parquet", table, rows, episode.episode_id)
        else:
            _write_lines(target / f"{table}.jsonl", rows)


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
