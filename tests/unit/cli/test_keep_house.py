"""Around a recording: room before it, retention after it, and both are said."""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recorder.cli import fast, keep_house
from recorder.cli.keep_house import NoRoom, announced, check_room, tidy_after
from recorder.core.errors import ExitCode
from recorder.episodes import housekeeping
from recorder.places import places

TODAY = datetime(2026, 11, 22, tzinfo=UTC)


def test_both_sides_mean_the_same_files_and_notice() -> None:
    assert keep_house.ANNOUNCED_FILE == housekeeping.ANNOUNCED_FILE
    assert keep_house.SIZES_FILE == housekeeping.SIZES_FILE
    assert keep_house.NOTICE == housekeeping.NOTICE


def test_a_full_disk_or_budget_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sizes.json").write_text(json.dumps({"sizes": {"a": [1, 950_000_000]}}))
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**12, 0, 600_000_000))
    assert check_room(tmp_path, 500, 2) == 1_050
    assert check_room(tmp_path, 500, 0) is None
    assert capsys.readouterr().err == ""
    check_room(tmp_path, 500, 1)
    assert "recorder disk" in capsys.readouterr().err
    with pytest.raises(NoRoom) as caught:
        check_room(tmp_path, 700, 0)
    assert caught.value.code is ExitCode.UNWRITABLE
    (tmp_path / "sizes.json").write_text(json.dumps({"sizes": {"a": [1, 1_000_000_000]}}))
    with pytest.raises(NoRoom):
        check_room(tmp_path, 500, 1)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sizes": 1}', '{"sizes": {"a": 1, "b": []}}'])
def test_damaged_notes_count_nothing(tmp_path: Path, text: str) -> None:
    for name in ("sizes.json", "announced.json"):
        (tmp_path / name).write_text(text)
    check_room(tmp_path, 1, 1)
    assert announced(tmp_path) == ""


def test_status_tells_what_will_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = {"since": {"a": 1, "b": 2}, "first_goes_wall_ns": int(TODAY.timestamp()) * 10**9}
    (tmp_path / "announced.json").write_text(json.dumps(note))
    pointer = places(os.environ).folder_pointer
    pointer.parent.mkdir(parents=True)
    pointer.write_bytes(os.fsencode(tmp_path) + b"\n")
    assert fast.run(["status"]) == ExitCode.NOT_RUNNING
    told = capsys.readouterr().out
    assert told.startswith("Not recording.\n2 episodes will be deleted from 2026-11-22 on")
    fast.run(["status", "--json"])
    assert "2026-11-22" in json.loads(capsys.readouterr().out)["retention"]


def test_a_child_looks_only_when_something_may_be_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(
        "recorder.cli.keep_house.subprocess.run", lambda command, **_: ran.append(command)
    )
    tidy_after(tmp_path, TODAY, 30)
    (tmp_path / "episodes" / "2026-10-31").mkdir(parents=True)
    tidy_after(tmp_path, TODAY, 30)
    tidy_after(tmp_path, TODAY, 0)
    assert ran == []
    (tmp_path / "episodes" / "2026-10-29").mkdir()
    tidy_after(tmp_path, TODAY, 30)
    assert [command[4:6] for command in ran] == [["disk", "--tidy"]]
