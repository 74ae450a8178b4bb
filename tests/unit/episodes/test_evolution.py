"""Episodes of every past schema version stay readable; newer ones read as far as known."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recorder.episodes.names import TABLES
from recorder.episodes.reader import Episode, open_episode
from recorder.episodes.schemas import EVENTS, SCHEMA_VERSION, SCHEMAS
from tests.unit.episodes.studio import Studio, add, moves

DATA = Path(__file__).parents[2] / "data"
PAST = sorted(DATA.glob("schema-*/01*/"))


def _open(home: Path) -> Episode:
    return open_episode(home, identity=(home.parent / "identity.txt").read_text())


@pytest.mark.parametrize("home", PAST, ids=lambda home: f"{home.parent.name}-{home.name[-1]}")
def test_past_versions_read_alike(home: Path) -> None:
    expected = json.loads((home.parent / f"{home.name}.json").read_text())
    episode = _open(home)
    for table in TABLES:
        rows = episode.read(table)
        assert rows.schema.equals(SCHEMAS[table])
        for row, past in zip(rows.to_pylist(), expected[table], strict=True):
            assert {name: row[name] for name in past} == past
    assert episode.problems == ()
    assert episode.manifest is not None
    assert episode.summary is not None


def test_data_of_the_present_version_is_kept() -> None:
    assert {path.parent.name for path in PAST} >= {f"schema-{SCHEMA_VERSION}"}


def _rewritten(studio: Studio, rows: pa.Table) -> Path:
    writer = studio.begin()
    add(writer, events=moves(0, 3))
    writer.flush()
    (part,) = writer.path.glob("events-*")
    pq.write_table(rows, part)
    return writer.path


def _rows(studio: Studio) -> pa.Table:
    writer = studio.begin()
    add(writer, events=moves(0, 3))
    writer.flush()
    return studio.open(writer.path).events


def test_a_column_that_an_older_version_lacks_is_null(plain_studio: Studio) -> None:
    home = _rewritten(plain_studio, _rows(plain_studio).drop_columns(["window_seq", "target_name"]))
    episode = plain_studio.open(home)
    assert episode.events.schema.equals(EVENTS)
    assert episode.events.column("window_seq").null_count == 3


def test_a_column_of_a_newer_version_is_left_out(plain_studio: Studio) -> None:
    rows = _rows(plain_studio)
    newer = rows.append_column("pressure", pa.array([0.5, 0.5, 0.5]))
    assert plain_studio.open(_rewritten(plain_studio, newer)).events.schema.equals(EVENTS)


@pytest.mark.parametrize("column", ["t_ns", "kind"])
def test_a_file_without_what_must_be_there_is_damaged(plain_studio: Studio, column: str) -> None:
    home = _rewritten(plain_studio, _rows(plain_studio).drop_columns([column]))
    episode = plain_studio.open(home)
    assert episode.events.num_rows == 0
    assert column in episode.problems[0].why
