"""A drop behaves alike as a folder and as an S3 store on loopback."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recorder.core.errors import ExitCode
from recorder.sharing.drop_errors import (
    DropAddressWrong,
    DropHasAnother,
    DropUnreachable,
    FolderUnreadable,
)
from recorder.sharing.drops import Drop, open_drop
from recorder.sharing.store_drop import CredentialsMissing
from tests.contract.stores import BUCKET, s3_server

NAME = "study/bundles/p0/01KZ.tar"
DATA = b"sealed" * 400_000


@pytest.fixture(scope="module")
def store() -> Iterator[dict[str, str]]:
    with s3_server() as found:
        yield found


@pytest.fixture
def s3(store: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in store.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(params=["folder", "s3"])
def drop(request: pytest.FixtureRequest, tmp_path: Path, s3: None) -> Drop:
    if request.param == "folder":
        (tmp_path / "drop").mkdir()
        return open_drop(tmp_path / "drop")
    return open_drop(f"s3://{BUCKET}/{tmp_path.name}")


def test_what_is_put_is_found_and_read_and_goes(drop: Drop, tmp_path: Path) -> None:
    source = tmp_path / "bundle"
    source.write_bytes(DATA)
    pieces: list[int] = []
    assert list(drop.names("study")) == []
    assert drop.size(NAME) is None
    assert drop.put(NAME, source, pieces.append)
    assert sum(pieces) == len(DATA)
    assert drop.put("study/receipts/p0/r.dsse.json", b"signed")
    assert list(drop.names("study/bundles")) == [NAME]
    assert len(list(drop.names("study"))) == 2
    assert drop.size(NAME) == len(DATA)
    drop.get_to(NAME, tmp_path / "copy", len(DATA))
    assert (tmp_path / "copy").read_bytes() == DATA
    assert drop.read(NAME, len(DATA)) == DATA
    assert drop.remove(NAME)
    assert not drop.remove(NAME)
    assert list(drop.names("study/bundles")) == []


def test_the_same_is_not_sent_again_and_another_never_overwrites(drop: Drop) -> None:
    pieces: list[int] = []
    assert drop.put(NAME, DATA)
    assert not drop.put(NAME, DATA, pieces.append)
    assert pieces == []
    for other in (DATA[:-1] + b"D", DATA + b"d", b""):
        with pytest.raises(DropHasAnother):
            drop.put(NAME, other)
    assert drop.read(NAME, len(DATA)) == DATA


class _CutError(BaseException):
    """A person pressed Ctrl-C."""


def test_what_was_cut_on_the_way_is_no_file_and_is_sent_again(drop: Drop) -> None:
    def cut(_size_bytes: int) -> None:
        raise _CutError

    with pytest.raises(_CutError):
        drop.put(NAME, DATA, cut)
    assert drop.size(NAME) is None
    assert list(drop.names("study")) == []
    assert drop.put(NAME, DATA)


def test_a_file_that_is_larger_than_taken_is_not_read(drop: Drop, tmp_path: Path) -> None:
    drop.put(NAME, DATA)
    with pytest.raises(DropUnreachable):
        drop.read(NAME, len(DATA) - 1)
    with pytest.raises(DropUnreachable):
        drop.get_to(NAME, tmp_path / "copy", len(DATA) - 1)
    assert not (tmp_path / "copy").exists()


def test_a_place_that_went_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    drop = open_drop(str(folder))
    folder.rmdir()
    for act in (
        lambda: drop.put(NAME, b"x"),
        lambda: list(drop.names("")),
        lambda: drop.size(NAME),
    ):
        with pytest.raises(DropUnreachable) as gone:
            act()
        assert gone.value.code is ExitCode.UNWRITABLE
    with pytest.raises(DropUnreachable):
        open_drop(str(folder))


def test_a_bucket_or_server_that_is_not_there_is_said_without_the_key(
    s3: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DropUnreachable) as gone:
        open_drop("s3://no-such-bucket/x").put(NAME, b"x")
    assert "made-up" not in str(gone.value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(DropUnreachable) as gone:
        list(open_drop(f"s3://{BUCKET}").names(""))
    assert "made-up" not in str(gone.value)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "drop/study").mkdir(parents=True)
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "drop/study/link").symlink_to(tmp_path / "secret")
    (tmp_path / "drop/study/folder").symlink_to(tmp_path)
    drop = open_drop(tmp_path / "drop")
    with pytest.raises(DropUnreachable):
        drop.read("study/link", 100)
    assert "secret" not in "".join(drop.names("study"))
    with pytest.raises(ValueError, match="leads out"):
        drop.size("../secret")
    uses: tuple[Callable[[], object], ...] = (
        lambda: list(drop.names("study/folder")),
        lambda: drop.size("study/folder/secret"),
        lambda: drop.put("study/folder/new", b"new"),
        lambda: drop.remove("study/folder/secret"),
    )
    for use in uses:
        with pytest.raises(DropUnreachable, match="is a link"):
            use()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drop", "secret"]


def test_files_take_the_rights_of_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "drop"
    root.mkdir()
    root.chmod(0o750)
    open_drop(root).put(NAME, b"x")
    assert (root / NAME).stat().st_mode & 0o777 == 0o640
    assert (root / NAME).parent.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize(
    "address",
    [
        "s3://key:secret@bucket/x",
        "s3://bucket?secret_key=x",
        "s3://",
        "ftp://host/x",
        "file://host/x",
    ],
)
def test_an_address_that_is_none_or_holds_credentials_is_refused(address: str, s3: None) -> None:
    with pytest.raises(DropAddressWrong) as wrong:
        open_drop(address)
    assert "secret" not in str(wrong.value)


@pytest.mark.parametrize("address", ["s3://bucket/x", "gs://bucket/x"])
def test_a_store_without_credentials_asks_nobody_for_them(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(CredentialsMissing):
        open_drop(address)


def test_an_endpoint_that_is_no_address_is_refused(
    s3: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "store.example:9000")
    with pytest.raises(DropAddressWrong):
        open_drop("s3://bucket")


def test_a_file_is_looked_at_without_being_fetched(drop: Drop) -> None:
    assert drop.look(NAME) is None
    drop.put(NAME, DATA)
    seen = drop.look(NAME)
    assert seen is not None
    assert seen.size_bytes == len(DATA)
    assert seen.changed_ns > 0
    assert drop.head(NAME, 10) == DATA[:10]
    assert drop.head(NAME, len(DATA) + 1) == DATA


def test_a_folder_that_cannot_be_looked_into_is_told_and_the_rest_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = open_drop(tmp_path)
    for person in ("p0", "p1", "p2"):
        drop.put(f"study/bundles/{person}/a.tar", b"sealed")
    closed, gone = (tmp_path / "study/bundles" / person for person in ("p1", "p2"))
    real = os.scandir

    def scandir(place: str) -> object:
        if Path(place) == closed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), place)
        if Path(place) == gone:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), place)
        return real(place)

    monkeypatch.setattr(os, "scandir", scandir)
    missed: list[FolderUnreadable] = []
    assert list(drop.names("study", missed.append)) == ["study/bundles/p0/a.tar"]
    assert [one.folder for one in missed] == [str(closed)]
    assert "permission denied" in str(missed[0])
    assert "make the folder readable" in str(missed[0])
    found = drop.names("study")
    assert next(found) == "study/bundles/p0/a.tar"
    with pytest.raises(FolderUnreadable):
        next(found)
