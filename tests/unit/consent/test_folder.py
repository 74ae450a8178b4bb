"""Only a private folder of ours takes keys and recordings."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.consent.folder import (
    FOLDER_FILE,
    FolderFile,
    FolderReadOnly,
    FolderUnusable,
    check_folder,
    check_new,
    chosen_folder,
    make_folder,
    remember_folder,
)
from recorder.core.errors import ExitCode
from recorder.places import places

MARKS = FolderFile(folder_id="0" * 26, plain=False, secret="passphrase")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "Recorder"
    make_folder(made, MARKS)
    return made


def test_a_new_folder_is_private_and_marked(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert check_folder(folder) == MARKS


def test_an_empty_private_folder_may_become_ours(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir(0o700)
    make_folder(empty, MARKS)
    assert check_folder(empty) == MARKS


def swap_for_link(folder: Path) -> None:
    folder.rename(folder.with_name("real"))
    folder.symlink_to(folder.with_name("real"))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda f: f.chmod(0o750), "chmod 700"),
        (swap_for_link, "symbolic link"),
        (lambda f: (f / FOLDER_FILE).unlink(), "is no recorder folder"),
        (lambda f: (f / FOLDER_FILE).write_text("{"), "is damaged"),
        (lambda f: (f / FOLDER_FILE).write_text('{"plain": true, "more": 1}'), "is damaged"),
        (
            lambda f: (f / FOLDER_FILE).write_text('{"schema": "recorder.folder/2", "more": 1}'),
            "by a newer version.*Fix: upgrade the recorder",
        ),
        (lambda f: f.rename(f.with_name("gone")), "is not there"),
    ],
)
def test_a_folder_that_is_not_as_it_should_be_is_refused(
    folder: Path, damage: Callable[[Path], object], words: str
) -> None:
    damage(folder)
    with pytest.raises(FolderUnusable, match=words) as caught:
        check_folder(folder)
    assert caught.value.code is ExitCode.NO_FOLDER


def test_nobody_is_told_to_shut_a_folder_that_others_use(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    with pytest.raises(FolderUnusable, match="chmod 700"):
        check_new(shared)
    (shared / "theirs").write_text("x")
    for check in (check_new, check_folder):
        with pytest.raises(FolderUnusable, match="Fix: choose another folder"):
            check(shared)


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _data: bytes) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("recorder.consent.folder.write_whole", refuse)
    with pytest.raises(FolderReadOnly, match="read-only file system"):
        make_folder(tmp_path / "Recorder", MARKS)


def test_a_folder_on_a_read_only_disk_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(FolderReadOnly):
        check_folder(folder)


def test_the_chosen_folder_is_remembered(folder: Path) -> None:
    with pytest.raises(FolderUnusable, match="recorder init"):
        chosen_folder(places())
    remember_folder(places(), folder)
    assert chosen_folder(places()) == folder
    assert chosen_folder(places(), Path("/else")) == Path("/else")


@pytest.mark.parametrize("data", [b"", b"relative\n", b"/a\0b\n"])
def test_a_damaged_pointer_is_named(data: bytes) -> None:
    places().config.mkdir(parents=True)
    places().folder_pointer.write_bytes(data)
    with pytest.raises(FolderUnusable, match="damaged"):
        chosen_folder(places())


@pytest.mark.parametrize("place", ["/proc/recordings", "/proc/1/recordings"])
def test_a_place_where_no_folder_can_be_made_is_refused_before_more_is_asked(place: str) -> None:
    with pytest.raises(FolderReadOnly, match="Nothing can be written to"):
        check_new(Path(place))
