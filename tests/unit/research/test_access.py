"""The log of accesses: whole lines or none."""

import errno
import os
from pathlib import Path

import pytest

from recorder.research.access import LOG, accesses, note_access

ID = "01KZ0000000000000000000000"


def test_a_torn_line_stays_alone_and_the_next_is_whole(tmp_path: Path) -> None:
    note_access(tmp_path, "decrypt", ID, "first")
    with (tmp_path / LOG).open("ab") as file:
        file.write(b'{"schema":"recorder.acc')
    note_access(tmp_path, "delete", ID, "second")
    note_access(tmp_path, "delete", ID, "third")
    assert [one.purpose for one in accesses(tmp_path)] == ["first", "second", "third"]
    assert len((tmp_path / LOG).read_bytes().splitlines()) == 4


def test_a_line_without_its_end_is_not_lost(tmp_path: Path) -> None:
    note_access(tmp_path, "decrypt", ID, "first")
    path = tmp_path / LOG
    path.write_bytes(path.read_bytes()[:-1])
    note_access(tmp_path, "decrypt", ID, "second")
    assert [one.purpose for one in accesses(tmp_path)] == ["first", "second"]


def test_a_disk_that_takes_half_a_line_takes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_access(tmp_path, "decrypt", ID, "first")
    before = (tmp_path / LOG).read_bytes()
    real = os.write

    def short(descriptor: int, data: bytes) -> int:
        return real(descriptor, data[:9])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", short)
        with pytest.raises(OSError, match="No space") as full:
            note_access(tmp_path, "decrypt", ID, "second")
    assert full.value.errno == errno.ENOSPC
    assert (tmp_path / LOG).read_bytes() == before
