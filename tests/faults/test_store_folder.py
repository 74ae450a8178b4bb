"""A folder that takes no data: full, read-only, gone, or with links where files go."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from recorder.core.errors import ExitCode
from recorder.core.losses import Losses
from recorder.episodes import pending, table_files
from recorder.episodes.homes import episode_homes
from recorder.episodes.writer import EpisodeWriter, FolderUnwritable
from tests.unit.episodes.studio import Studio, add, frame, moves

NOBODY = 65534


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


@contextmanager
def _full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every sync fail as on a full disk."""

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        yield


def test_a_full_disk_is_said_and_rows_wait_for_room(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = studio.begin()
    add(writer, events=moves(0, 10))
    writer.flush()
    add(writer, events=moves(1, 10), frames=[frame(1, 1)])
    with _full_disk(monkeypatch), pytest.raises(FolderUnwritable) as caught:
        writer.flush()
    assert caught.value.code == ExitCode.UNWRITABLE
    assert "full" in str(caught.value)
    assert (writer.counts.waiting, writer.counts.events) == (11, 10)
    assert studio.open(writer.path).events.num_rows == 10
    add(writer, events=moves(2, 10))
    episode = studio.open(writer.close(Losses()))
    assert episode.events.column("seq").to_pylist() == list(range(30))
    assert episode.frames.num_rows == 1


def test_what_waits_is_bounded_and_the_rest_is_counted(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "MAX_ROWS", 20)
    writer = studio.begin()
    with _full_disk(monkeypatch):
        add(writer, events=moves(0, 50))
        with pytest.raises(FolderUnwritable):
            writer.flush()
    assert writer.counts.write_failed == 30
    home = writer.close(Losses())
    manifest = studio.open(home).manifest
    assert manifest is not None
    assert manifest.losses == {"input": {"write_failed": 30}}
    kinds = studio.open(home).events.column("kind").to_pylist()
    assert kinds.count("gap") == 1


def test_a_full_disk_while_sealing_loses_nothing(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = studio.begin()
    for second in range(3):
        add(writer, events=moves(second, 10), frames=[frame(second, second)])
        writer.flush()
    with _full_disk(monkeypatch), pytest.raises(FolderUnwritable):
        writer.seal()
    add(writer, events=moves(3, 10))
    writer.flush()
    assert studio.open(writer.path).events.num_rows == 40
    home = writer.close(Losses())
    assert not list(home.glob("*.m*.parquet"))
    assert studio.open(home).events.column("seq").to_pylist() == list(range(40))


def test_a_small_file_system_fills_without_harm() -> None:
    """Fills 1 MB of tmpfs where mounting is allowed, else of a limited file size."""
    script = Path(__file__).with_name("store_filling.py")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.store_filling"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=script.parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert "read back" in done.stdout


def test_a_removed_or_replaced_folder_is_said(studio: Studio, tmp_path: Path) -> None:
    writer = studio.begin()
    writer.path.rename(tmp_path / "moved")
    add(writer, events=moves(0, 3))
    with pytest.raises(FolderUnwritable, match="removed"):
        writer.flush()
    writer.path.symlink_to(tmp_path / "moved")
    with pytest.raises(FolderUnwritable):
        writer.flush()
    assert not list((tmp_path / "moved").glob("*.parquet"))


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(FolderUnwritable, match="removed"):
        Studio(tmp_path / "gone").begin()


@pytest.mark.parametrize("level", ["episodes", "episodes/2026-11-18"])
def test_links_in_the_way_are_not_followed(studio: Studio, tmp_path: Path, level: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / level).parent.mkdir(exist_ok=True)
    (tmp_path / level).symlink_to(outside)
    with pytest.raises(FolderUnwritable):
        studio.begin()
    assert list(outside.iterdir()) == []


def test_links_planted_at_output_names_are_replaced(studio: Studio, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    writer = studio.begin()
    (writer.path / "events-000000-0000000-0000001.m00.parquet").symlink_to(victim)
    (writer.path / "manifest.json").symlink_to(victim)
    add(writer, events=moves(0, 3))
    writer.flush()
    home = writer.close(Losses())
    assert victim.read_bytes() == b"precious"
    assert not any(path.is_symlink() for path in home.iterdir())


def _as_nobody(function: str, folder: Path) -> str:
    """Run a function of this file as a user whom file modes bind."""
    code = (
        "import os, sys; from pathlib import Path\n"
        "from tests.faults import test_store_folder as t\n"
        f"os.getuid() or (os.setgid({NOBODY}), os.setuid({NOBODY}))\n"
        f"sys.stdout.write(t.{function}(Path(sys.argv[1])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def begin_in(folder: Path) -> str:
    """Begin an episode and give what was said."""
    try:
        return str(Studio(folder).begin().path)
    except FolderUnwritable as error:
        return str(error)


def flush_in(folder: Path) -> str:
    """Write into a folder that becomes read-only and give what was said."""
    writer: EpisodeWriter = Studio(folder).begin()
    add(writer, events=moves(0, 3))
    writer.flush()
    writer.path.chmod(0o500)
    add(writer, events=moves(1, 3))
    try:
        writer.flush()
    except FolderUnwritable as error:
        return f"{error} {len(list(writer.path.glob('events-*')))} {len(episode_homes(folder))}"
    return "written"


def _shared(tmp_path: Path) -> Path:
    """Give a folder that nobody owns, reachable by nobody."""
    for above in (tmp_path, *tmp_path.parents[:3]):
        above.chmod(above.stat().st_mode | 0o011)
    folder = tmp_path / "shared"
    folder.mkdir()
    if os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    return folder


def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    folder = _shared(tmp_path)
    folder.chmod(0o500)
    assert "cannot be written. Fix: make it yours" in _as_nobody("begin_in", folder)


def test_a_folder_that_becomes_read_only_keeps_what_is_written(tmp_path: Path) -> None:
    said = _as_nobody("flush_in", _shared(tmp_path))
    assert "cannot be written" in said
    assert said.endswith(" 1 1")


def test_every_refusal_has_a_sentence_and_a_fix() -> None:
    for number in (errno.ENOSPC, errno.EDQUOT, errno.ENOENT, errno.EROFS, errno.EACCES):
        error = table_files.FolderUnwritable(Path("/home/ada/Recorder"), OSError(number, ""))
        assert error.code == ExitCode.UNWRITABLE
        assert ". Fix: " in str(error)
