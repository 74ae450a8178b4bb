"""The room on a disk that may not answer."""

import threading
import time
from pathlib import Path

import pytest

from recorder.agent import disk, making
from recorder.agent.disk import Room
from recorder.consent.folder import FOLDER_FILE


def test_the_room_is_told_and_none_without_the_folder(tmp_path: Path) -> None:
    assert Room(str(tmp_path)).free_mb() is None
    (tmp_path / FOLDER_FILE).touch()
    room = Room(str(tmp_path))
    assert (room.free_mb() or 0) > 0
    assert not room.hangs


def test_a_disk_that_hangs_keeps_nobody_waiting_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    room = Room(str(tmp_path))
    monkeypatch.setattr(making, "_ANSWER_S", 0.001)
    monkeypatch.setattr(disk, "free_on_disk_mb", lambda _folder: 7 if answers.wait() else None)
    assert room.free_mb() is None
    at_once = room.hangs
    monkeypatch.setattr(disk, "HANGS_NS", 0)
    assert (at_once, room.hangs) == (False, True)
    answers.set()
    until_s = time.monotonic() + 10
    while room.free_mb() != 7:
        assert time.monotonic() < until_s
    assert not room.hangs
