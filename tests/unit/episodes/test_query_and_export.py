"""SQL that can reach nothing but the tables, and plain copies."""

import errno
import json
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from recorder.core.losses import Losses
from recorder.episodes import exporting
from recorder.episodes.exporting import CopyExists, CopyUnwritable, export_episode
from recorder.episodes.query import QueryFailed, connect, run
from recorder.episodes.reader import Episode
from tests.unit.episodes.studio import Studio, add, focus, frame, moves

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


@pytest.fixture(scope="module")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """Give an episode that is only read."""
    studio = Studio(tmp_path_factory.mktemp("studio"))
    writer = studio.begin()
    add(writer, events=moves(0, 5), frames=[frame(1, 1), frame(2, 2, None)], context=[focus(1)])
    return studio.open(writer.close(Losses()))


@pytest.fixture(scope="module")
def connection(episode: Episode) -> "Iterator[duckdb.DuckDBPyConnection]":
    """Give one connection for all queries: none can change it, as their test says."""
    with connect({"events": episode.events}) as found:
        yield found


def test_sql_answers(connection: "duckdb.DuckDBPyConnection") -> None:
    names, rows = run(connection, "select kind, count(*) n from events group by 1")
    assert (names, rows) == (["kind", "n"], [["move", 5]])


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('/etc/passwd')",
        "copy events to '{here}/out.csv'",
        "copy events to '{here}/out.parquet' (format parquet)",
        "attach '{here}/a.db'",
        "install httpfs",
        "load httpfs",
        "export database '{here}/all'",
        "set temp_directory = '{here}'",
        "set enable_external_access = true",
        "select * from '{here}/x.parquet'",
        "select * from episode",
        "selec nonsense",
    ],
)
def test_sql_reaches_nothing_else(
    connection: "duckdb.DuckDBPyConnection", episode: Episode, tmp_path: Path, query: str
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    with pytest.raises(QueryFailed):
        run(connection, query.format(here=here))
    assert list(here.iterdir()) == []


def test_a_plain_copy_is_plain_and_the_owners_only(episode: Episode, tmp_path: Path) -> None:
    copy = export_episode(episode, tmp_path / "copy", "parquet")
    assert pq.read_table(copy / "events.parquet").num_rows == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in copy.iterdir()} == {0o600}


def test_a_copy_as_lines_has_its_pictures_beside_it(episode: Episode, tmp_path: Path) -> None:
    copy = export_episode(episode, tmp_path / "copy", "jsonl")
    rows = [json.loads(line) for line in (copy / "frames.jsonl").read_text().splitlines()]
    assert [row["image"] for row in rows] == ["images/00000001.webp", None]
    assert (copy / "images" / "00000001.webp").read_bytes() == b"RIFFwebp"


def test_a_copy_replaces_nothing(episode: Episode, tmp_path: Path) -> None:
    export_episode(episode, tmp_path, "parquet")
    with pytest.raises(CopyExists):
        export_episode(episode, tmp_path, "parquet")


def test_a_copy_for_which_there_is_no_room_leaves_nothing(
    episode: Episode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        path.write_bytes(data[:2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(exporting, "write_whole", full)
    with pytest.raises(CopyUnwritable, match="no space left on device"):
        export_episode(episode, tmp_path / "copy", "jsonl")
    assert list((tmp_path / "copy").iterdir()) == []
