"""Files appear whole and private, and links are not followed."""

import errno
from pathlib import Path

import pytest

from recorder.files import private_folder, write_whole


def test_a_file_is_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "folder")
    path = folder / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in folder.iterdir()] == ["file"]


def test_a_planted_link_is_replaced_and_its_target_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"theirs")
    link = tmp_path / "link"
    link.symlink_to(target)
    write_whole(link, b"ours")
    assert target.read_bytes() == b"theirs"
    assert not link.is_symlink()


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    blocked = tmp_path / "folder" / "taken"
    (blocked / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        write_whole(blocked, b"x")
    assert [p.name for p in blocked.parent.iterdir()] == ["taken"]


def test_a_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "a/b")
    assert [f.stat().st_mode & 0o777 for f in (made, made.parent)] == [0o700, 0o700]


@pytest.mark.parametrize("place", ["folder", "gone"])
def test_a_failed_write_names_the_file_and_not_its_makeshift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "folder").mkdir()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("recorder.files.os.fsync", full)
    with pytest.raises(OSError) as caught:  # noqa: PT011 - of both kinds
        write_whole(tmp_path / place / "file", b"one")
    assert caught.value.filename == str(tmp_path / place / "file")
