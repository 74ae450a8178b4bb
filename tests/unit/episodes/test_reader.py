"""The reader: unfinished and damaged episodes, hostile files, wrong keys, wall time."""

import os
from pathlib import Path

import pyrage
import pytest

import recorder
from recorder.core.losses import Losses
from recorder.episodes.homes import EpisodeUnknown, episode_homes
from recorder.episodes.names import PartName
from recorder.episodes.sealing import NotUnlocked
from recorder.episodes.table_files import DamagedFile, TableFiles
from recorder.episodes.verify import verify
from tests.unit.episodes.studio import (
    SECOND,
    WALL,
    Studio,
    add,
    check,
    focus,
    frame,
    moves,
    opening,
)


def _original(folder: Path, *, plain: bool = False) -> Studio:
    """Write an episode with three files of events and of frames."""
    studio = Studio(folder, plain=plain)
    writer = studio.begin()
    add(writer, context=[*opening(), focus(1)])
    for second in (0, 70, 140):
        add(writer, events=moves(second, 5), frames=[frame(second, second)])
        writer.flush()
    writer.close(Losses())
    return studio


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return _original(tmp_path_factory.mktemp("original"))


@pytest.fixture
def copied(original: Studio, tmp_path: Path) -> Studio:
    return original.copy(tmp_path / "Recorder")


@pytest.fixture
def home(copied: Studio) -> Path:
    """Give a closed episode that the test may spoil."""
    return episode_homes(copied.folder)[0]


def test_an_unfinished_episode_is_readable(studio: Studio) -> None:
    writer = studio.begin()
    add(writer, events=moves(0, 5), context=opening())
    writer.flush()
    add(writer, events=moves(1, 5))
    episode = studio.open(writer.path)
    assert (episode.finished, episode.manifest, episode.summary) == (False, None, None)
    assert episode.events.num_rows == 5


def test_rows_are_never_doubled_when_a_crash_left_sealed_and_batches(studio: Studio) -> None:
    writer = studio.begin()
    add(writer, events=moves(0, 5))
    writer.flush()
    (batch,) = writer.path.glob("events-*")
    kept = batch.read_bytes()
    writer.seal()
    batch.write_bytes(kept)
    assert studio.open(writer.path).events.num_rows == 5


@pytest.mark.parametrize("plain", [False, True])
def test_a_changed_byte_never_reads_as_other_rows(tmp_path: Path, *, plain: bool) -> None:
    studio = _original(tmp_path, plain=plain)
    home = episode_homes(tmp_path)[0]
    whole = studio.open(home).events
    path = next(home.glob("events-000001*"))
    good = path.read_bytes()
    for at in range(8, len(good), len(good) // 12):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x41]) + good[at + 1 :])
        episode = studio.open(home)
        if episode.problems or episode.events.num_rows < whole.num_rows:
            assert [problem.file for problem in episode.problems] == [path.name]
            assert episode.events.num_rows == 10
        else:
            assert episode.events.equals(whole)
        assert verify(home, check).changed == (path.name,)


@pytest.mark.parametrize("size", [0, 3, 200])
def test_a_file_cut_short_is_named_and_the_rest_is_read(
    copied: Studio, home: Path, size: int
) -> None:
    path = next(home.glob("events-000002*"))
    path.write_bytes(path.read_bytes()[:size])
    episode = copied.open(home)
    assert episode.events.num_rows == 10
    assert [problem.file for problem in episode.problems] == [path.name]


def test_foreign_files_links_and_pipes_are_named_not_followed(copied: Studio, home: Path) -> None:
    secret = copied.folder / "elsewhere"
    secret.write_bytes(b"PAR1 not ours")
    (home / "events-000050-0003000-0003060.parquet").symlink_to(secret)
    os.mkfifo(home / "events-000051-0003060-0003120.parquet")
    (home / "events-000052-0003120-0003180.parquet").write_bytes(os.urandom(500))
    (home / "holiday.jpg").write_bytes(b"x")
    (home / ".0123456789abcdef.tmp").write_bytes(b"left over")
    episode = copied.open(home)
    assert episode.events.num_rows == 15
    assert len(episode.problems) == 3
    assert len(verify(home, check).foreign) == 3
    assert not (home / ".0123456789abcdef.tmp").exists()


def test_a_segment_under_another_name_does_not_open(copied: Studio, home: Path) -> None:
    one, other = next(home.glob("events-000001*")), next(home.glob("events-000002*"))
    one.write_bytes(other.read_bytes())
    episode = copied.open(home)
    assert episode.events.num_rows == 10
    assert episode.problems[0].file == one.name


def test_another_identity_does_not_open_it(home: Path) -> None:
    with pytest.raises(NotUnlocked):
        recorder.open_episode(home, identity=str(pyrage.x25519.Identity.generate()))
    with pytest.raises(NotUnlocked):
        recorder.open_episode(home, identity="nonsense")


def test_a_damaged_key_or_manifest_is_said(copied: Studio, home: Path) -> None:
    (home / "manifest.json").write_bytes(b'{"payload": "%%"}')
    assert [p.file for p in copied.open(home).problems] == ["manifest.json"]
    (home / "key.age").unlink()
    (home / "key.age").mkdir()
    with pytest.raises(DamagedFile):
        copied.open(home)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "", "01K" + "/" * 23, "x" * 26])
def test_names_that_are_no_episodes_are_refused(studio: Studio, name: str) -> None:
    with pytest.raises(EpisodeUnknown):
        recorder.open_episode(name, folder=studio.folder)


def test_a_linked_episode_is_refused(copied: Studio, home: Path, tmp_path: Path) -> None:
    link = tmp_path / home.name
    link.symlink_to(home)
    with pytest.raises(EpisodeUnknown):
        copied.open(link)


def test_an_episode_is_found_by_its_id(copied: Studio, home: Path) -> None:
    episode = recorder.open_episode(home.name, folder=copied.folder, identity=copied.identity)
    assert episode.events.num_rows == 15


def test_wall_time_follows_the_anchors(copied: Studio, home: Path) -> None:
    episode = copied.open(home)
    wall = episode.with_wall_time(episode.events).column("wall_time").cast("int64").to_pylist()
    assert wall[0] == WALL
    assert wall[5] == WALL + 70 * SECOND


def test_nothing_is_written_by_reading(copied: Studio, home: Path) -> None:
    before = sorted((p.name, p.stat().st_mtime_ns) for p in home.iterdir())
    episode = copied.open(home)
    assert (episode.frames.num_rows, episode.context.num_rows) == (3, 4)
    assert episode.duckdb().execute("select count(*) from events").fetchall() == [(15,)]
    assert sorted((p.name, p.stat().st_mtime_ns) for p in home.iterdir()) == before


def test_a_segment_that_is_sealed_while_it_is_read_loses_no_row(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = studio.begin()
    for second in range(3):
        add(writer, events=moves(second, 2))
        writer.flush()
    episode = studio.open(writer.path)
    real = TableFiles.read

    def read(files: TableFiles, part: PartName, columns: object = None) -> object:
        if part.batch == 1 and columns is not None:
            writer.seal()
        return real(files, part, columns)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(TableFiles, "read", read)
    assert episode.events.num_rows == 6
    assert episode.problems == ()


def test_columns_without_values_are_not_read_and_are_null(copied: Studio, home: Path) -> None:
    episode = copied.open(home)
    part = next(part for part in episode.files.names() if part.table == "events")
    columns = ["t_ns", "kind", "entity", "x"]
    assert episode.files.read(part, columns).column_names == ["t_ns", "kind", "x"]
    assert episode.read("events", columns).column("entity").null_count == episode.events.num_rows
