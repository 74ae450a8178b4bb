"""The store: listing without a key, deleting for good, sweeping what a kill left."""

import contextlib
import errno
import os
import secrets
from pathlib import Path

import pytest

from recorder.core.losses import Losses
from recorder.episodes import store
from recorder.episodes.holding import EpisodeBusy, Hold
from recorder.episodes.homes import EpisodeUnknown, episode_homes
from recorder.episodes.store import (
    NotAnEpisode,
    delete_episode,
    episode_info,
    sweep_all,
)
from tests.unit.episodes.studio import SECOND, WALL, Studio, add, moves


def _closed(studio: Studio, wall_ns: int = WALL) -> Path:
    writer = studio.begin(wall_ns)
    add(writer, events=moves(0, 5))
    return writer.close(Losses())


def test_listing_needs_no_key(studio: Studio) -> None:
    first = _closed(studio)
    second = studio.begin(WALL + 86_400 * SECOND)
    add(second, events=moves(3, 2))
    second.flush()
    one, two = map(episode_info, episode_homes(studio.folder))
    assert (one.episode_id, one.closed, one.sealed, one.grant) == (first.name, True, True, "person")
    assert (two.closed, two.duration_s, two.started_wall_ns) == (False, 4.0, WALL + 86_400 * SECOND)


def test_an_empty_folder_lists_nothing(studio: Studio) -> None:
    assert episode_homes(studio.folder) == []


def test_a_damaged_manifest_is_listed_as_such(studio: Studio) -> None:
    home = _closed(studio)
    (home / "manifest.json").write_bytes(b"\xff")
    assert episode_info(home).damaged


def test_deleting_removes_every_byte_and_the_empty_date(studio: Studio) -> None:
    home = _closed(studio)
    deleted = delete_episode(studio.folder, home.name)
    assert deleted.files == 4
    assert list((studio.folder / "episodes").iterdir()) == []


def test_the_key_is_overwritten_before_it_is_removed(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _closed(studio)
    second_name = studio.folder / "same-inode"
    second_name.hardlink_to(home / "key.age")
    wrapped = second_name.read_bytes()
    delete_episode(studio.folder, home.name)
    assert second_name.read_bytes() != wrapped
    assert len(second_name.read_bytes()) == len(wrapped)


@pytest.mark.parametrize("name", ["..", "../..", "x", "", "0" * 26, "01K/../../../../etc/passwd"])
def test_only_episodes_can_be_deleted(studio: Studio, name: str) -> None:
    home = _closed(studio)
    with pytest.raises(EpisodeUnknown):
        delete_episode(studio.folder, name)
    assert home.exists()


def test_links_to_folders_are_no_episodes(studio: Studio, tmp_path: Path) -> None:
    home = _closed(studio)
    outside = tmp_path / "outside"
    home.rename(outside)
    home.symlink_to(outside)
    assert episode_homes(studio.folder) == []
    with pytest.raises(EpisodeUnknown):
        delete_episode(studio.folder, home.name)
    assert (outside / "key.age").exists()


def test_a_folder_within_is_left_for_a_person_to_judge(studio: Studio) -> None:
    home = _closed(studio)
    (home / "photos").mkdir()
    with pytest.raises(NotAnEpisode):
        delete_episode(studio.folder, home.name)
    assert (home / "key.age").exists()


def test_links_within_are_removed_not_followed(studio: Studio, tmp_path: Path) -> None:
    home = _closed(studio)
    outside = tmp_path / "precious"
    outside.write_bytes(b"precious")
    (home / "key.age").unlink()
    (home / "key.age").symlink_to(outside)
    delete_episode(studio.folder, home.name)
    assert outside.read_bytes() == b"precious"


def test_sweeping_takes_leftovers_and_spares_the_open_episode(studio: Studio) -> None:
    home = _closed(studio)
    (home / "manifest.json").unlink()
    writer = studio.begin(WALL + SECOND)
    (home / f".{os.urandom(8).hex()}.tmp").write_bytes(b"x")
    (home / "events-000000-0000000-0000001.m00.parquet").write_bytes(b"x")
    live = writer.path / f".{os.urandom(8).hex()}.tmp"
    live.write_bytes(b"x")
    assert sweep_all(studio.folder, keep=writer.path.name) == 2
    assert live.exists()
    (home / f".{os.urandom(8).hex()}.tmp").write_bytes(b"x")
    studio.begin(WALL + 2 * SECOND)
    assert not list(home.glob(".*"))
    assert studio.open(home).events.num_rows == 5


def test_a_key_that_cannot_be_overwritten_goes_all_the_same(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _closed(studio)

    def full(_size: int) -> bytes:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(secrets, "token_bytes", full)
    delete_episode(studio.folder, home.name)
    assert not home.exists()


def test_files_that_go_while_they_are_listed_are_left_out(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _closed(studio)
    real = os.scandir

    def scan(path: Path) -> object:
        found = list(real(path))
        if path == home:
            (home / "key.age").unlink()
        return contextlib.nullcontext(found)

    monkeypatch.setattr(os, "scandir", scan)
    assert not episode_info(home).sealed


def test_an_episode_that_another_program_holds_stays_whole(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = _closed(studio)
    monkeypatch.setattr(store, "WAIT_S", 0.0)
    hold = Hold.take(home)
    with pytest.raises(EpisodeBusy):
        delete_episode(studio.folder, home.name)
    assert studio.open(home).events.num_rows == 5
    hold.close()
    delete_episode(studio.folder, home.name)
    assert not home.exists()


def test_a_link_in_place_of_all_episodes_is_not_followed(studio: Studio, tmp_path: Path) -> None:
    home = _closed(studio)
    elsewhere = (studio.folder / "episodes").rename(tmp_path / "elsewhere")
    (studio.folder / "episodes").symlink_to(elsewhere)
    assert episode_homes(studio.folder) == []
    with pytest.raises(EpisodeUnknown):
        delete_episode(studio.folder, home.name)
    assert (elsewhere / home.parent.name / home.name / "key.age").exists()
