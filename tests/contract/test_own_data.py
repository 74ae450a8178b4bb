"""Own data from the command line: search, delete parts, paint out, approve, copy, check."""

import hashlib
import html
import io
import sys
import tarfile
from pathlib import Path

import pyrage
import pytest
from PIL import Image

from recorder.cli import main
from recorder.cli.system_clock import SystemClock
from recorder.core.losses import Losses
from recorder.episodes import holding
from tests.contract.commands import Run
from tests.contract.own_folder import (
    WORD,
    everything_readable,
    opened,
    picture,
    record,
    unlocked_studio,
)
from tests.unit.episodes import studio as studios
from tests.unit.episodes.studio import SECOND, Studio, add, moves


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    return unlocked_studio(tmp_path / "Recorder", monkeypatch)


def test_search_finds_and_stops_early(studio: Studio, run: Run) -> None:
    record(studio)
    home = record(studio, studios.WALL + 3_600 * SECOND)
    code, found, _ = run("search", "zanzi")
    assert code == 0
    assert [(m["kind"], m["text"]) for m in found["matches"]] == [("text", WORD)] * 2
    assert found["matches"][0]["episode_id"] == home.name
    _, found, _ = run("search", "zanzi", "--limit", "1")
    assert (len(found["matches"]), found["more"]) == (1, True)
    _, found, _ = run("search", "zanzi", "--app", "xterm")
    assert found["matches"] == []
    _, found, _ = run("search", "email", "--kind", "entity", "--episode", "last")
    assert {m["kind"] for m in found["matches"]} == {"entity"}
    assert run("search", " ")[0] == 2


def test_hostile_titles_reach_neither_terminal_nor_page(
    studio: Studio,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    home = record(studio)
    for words in (["search", "alert"], ["export", "--to", str(tmp_path / "c"), "--format", "html"]):
        monkeypatch.setattr(sys, "argv", ["recorder", *words])
        with pytest.raises(SystemExit):
            main.main()
    told = capsys.readouterr().out
    assert "alert(1)" in told
    assert "\x1b" not in told
    assert "\u202e" not in told
    page = (tmp_path / "c" / home.name / "index.html").read_text()
    assert html.escape("<script>alert(1)</script>") in page
    assert "<script" not in page
    assert "\u202e" not in page
    assert page.count("A") < 4_000
    assert page.count("<img") == 12
    assert len(list((tmp_path / "c" / home.name / "images").iterdir())) == 12


def test_a_dry_run_says_what_would_go_and_changes_nothing(studio: Studio, run: Run) -> None:
    home = record(studio)
    before = {path: path.read_bytes() for path in home.iterdir()}
    code, found, _ = run("delete", "last", "--range", "1:00..2:00", "--dry-run")
    assert code == 0
    assert found["episodes"][0]["frames"] == 6
    assert {path: path.read_bytes() for path in home.iterdir()} == before


def test_after_deleting_a_range_its_bytes_are_nowhere(studio: Studio, run: Run) -> None:
    home = record(studio)
    assert run("approve", "last", "--study", "typing-1", "--yes")[0] == 0
    assert any(WORD.encode() in data for data in everything_readable(studio))
    assert any(picture(7) in data for data in everything_readable(studio))
    code, _, said = run("delete", home.name, "--range", "1:00..2:00")
    assert (code, "--yes" in said) == (2, True)
    code, found, _ = run("delete", home.name, "--range", "1:00..2:00", "--yes")
    assert (code, found["episodes"][0]["episode_id"]) == (0, home.name)
    for data in everything_readable(studio):
        assert WORD.encode() not in data
        assert b"script" not in data
        assert not any(picture(shade) in data for shade in range(6, 12))
    assert any(picture(5) in data for data in everything_readable(studio))
    assert run("verify", "--all", "--read-data")[0] == 0


def test_what_was_typed_goes_alone(studio: Studio, run: Run) -> None:
    home = record(studio)
    (match,) = run("search", "zanzi")[1]["matches"]
    code, found, _ = run("delete", "last", "--typed", str(match["seq"] + 3), "--yes")
    assert (code, found["episodes"][0]["events"]) == (0, len(WORD))
    assert run("search", "zanzi")[1]["matches"] == []
    assert opened(studio, home).frames.num_rows == 12
    assert run("delete", "last", "--typed", "0", "--yes")[0] == 2
    assert run("delete", "last", "--typed", "0", "--app", "mail", "--yes")[0] == 2


@pytest.mark.parametrize("words", [("--app", "mail"), ("--site", "example"), ("--app", "MAIL")])
def test_an_app_or_site_goes_from_every_episode(
    studio: Studio, run: Run, words: tuple[str, ...]
) -> None:
    homes = [record(studio), record(studio, studios.WALL + 3_600 * SECOND)]
    code, found, _ = run("delete", *words, "--yes")
    assert (code, len(found["episodes"])) == (0, 2)
    if words[0] == "--app":
        assert all(WORD.encode() not in data for data in everything_readable(studio))
    for home in homes:
        assert "mail.example" not in str(opened(studio, home).context.to_pylist())


def test_since_reaches_the_last_minutes_exactly(studio: Studio, run: Run) -> None:
    old = record(studio)
    recent = record(studio, SystemClock().wall_ns() - 110 * SECOND)
    code, found, _ = run("delete", "--since", "1m", "--yes")
    assert code == 0
    assert [one["episode_id"] for one in found["episodes"]] == [recent.name]
    last_ns = max(opened(studio, recent).frames.column("t_grab_end_ns").to_pylist())
    assert 40 * SECOND < last_ns < 60 * SECOND
    assert opened(studio, old).events.num_rows == 120 * 2 + len(WORD)


@pytest.mark.parametrize(
    "words",
    [
        ("--range", "1:00..2:00"), ("last", "--range", "2:00..1:00"), ("last", "--range", "x"),
        ("last", "--range", ".."), ("--alike",), ("last", "--all"), ("last", "--since", "1h", "--range", "1:00.."),
        ("last", "--range", "1:99..2:00"),
    ],
)  # fmt: skip
def test_what_is_said_wrongly_deletes_nothing(
    studio: Studio, run: Run, words: tuple[str, ...]
) -> None:
    home = record(studio)
    before = {path: path.read_bytes() for path in home.iterdir()}
    code, _, said = run("delete", *words, "--yes")
    assert (code, "Fix:" in said) == (2, True)
    assert {path: path.read_bytes() for path in home.iterdir()} == before


def test_a_box_is_painted_in_the_windows_frames(studio: Studio, run: Run) -> None:
    home = record(studio)
    words = ("redact", "last", "--box", "20,30,40,10", "--frame", "7", "--window")
    code, found, _ = run(*words, "--dry-run")
    assert (code, found["painted"]) == (0, 0)
    certain = [one["frame_id"] for one in found["frames"] if one["why_unsure"] is None]
    assert certain == [7]
    code, found, _ = run(*words, "--yes")
    assert (code, found["painted"]) == (0, len(found["frames"]))
    rows = {row["frame_id"]: row for row in opened(studio, home).frames.to_pylist()}
    assert rows[7]["redacted_boxes"][-1] == {"x": 16, "y": 30, "w": 48, "h": 10, "reason": "owner"}
    assert all(picture(7) not in data for data in everything_readable(studio))
    assert run("redact", "last", "--box", "1,2,3", "--yes")[0] == 2
    assert run("redact", "last", "--box", "1,2,3,4", "--frame", "99", "--yes")[0] == 2


def test_tasks_are_shown_changed_and_redacted(studio: Studio, run: Run) -> None:
    home = record(studio)
    (task,) = run("relabel", "last")[1]["tasks"]
    number = str(task["number"])
    words = ("relabel", "last", number, "--instruction", "mail a@example.org", "--yes")
    assert run(*words)[1]["tasks"][0]["instruction"] == "mail <EMAIL_1>"
    assert run("relabel", "last", number, "--drop", "--yes")[1]["tasks"] == []
    assert "file expenses" not in str(opened(studio, home).context.to_pylist())
    assert run("relabel", "last", number, "--drop", "--yes")[0] == 2
    assert run("relabel", "last", number, "--yes")[0] == 2


def test_approving_listing_and_taking_back(studio: Studio, run: Run) -> None:
    home = record(studio)
    code, _, said = run("approve", "last", "--study", "typing-1")
    assert (code, "--yes" in said) == (2, True)
    code, found, _ = run("approve", "last", "--study", "typing-1", "--range", "0:10..0:20", "--yes")
    assert (code, found["statement"]["rows"]["frames"]) == (0, 1)
    sealed = (studio.folder / "approved" / "typing-1" / f"{home.name}.payload.age").read_bytes()
    key = pyrage.x25519.Identity.from_str(studio.identity)
    data = bytes(pyrage.decrypt(sealed, [key]))
    assert hashlib.sha256(data).hexdigest() == found["statement"]["payload_sha256"]
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        assert tar.getnames()[0] == "index.json"
    assert [one["state"] for one in run("approvals")[1]["approvals"]] == ["valid"]
    assert run("approve", "last", "--study", "typing-1", "--withdraw")[0] == 0
    assert run("approvals")[1]["approvals"] == []
    assert run("approve", "last", "--study", "typing-1", "--withdraw")[0] == 2
    assert run("approve", "last", "--study", "../up", "--yes")[0] == 2


def test_a_contact_sheet_is_a_png_that_replaces_nothing(
    studio: Studio, run: Run, tmp_path: Path
) -> None:
    record(studio)
    target = tmp_path / "sheet.png"
    code, shown_, said = run("show", "last", "--contact-sheet", str(target))
    assert (code, shown_["contact_sheet"]) == (0, str(target))
    assert "not encrypted" in said
    with Image.open(target) as sheet:
        assert sheet.size == (1600, 3 * 241)
    assert target.stat().st_mode & 0o077 == 0
    assert run("show", "last", "--contact-sheet", str(target))[0] == 2


def test_disk_tells_what_goes_when(
    studio: Studio, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = record(studio, SystemClock().wall_ns() - 40 * 86_400 * SECOND)
    code, found, _ = run("disk")
    assert code == (0 if found["state"] == "ok" else 8)
    assert found["episodes"] == 1
    assert [one["episode_id"] for one in found["due"]] == [old.name]
    assert run("disk", "--tidy")[1]["deleted"] == []
    now = SystemClock().wall_ns()
    monkeypatch.setattr(SystemClock, "wall_ns", lambda _self: now + 2 * 86_400 * SECOND)
    code, found, said = run("disk", "--tidy")
    assert found["deleted"] == [old.name]
    assert "as announced" in said
    monkeypatch.setenv("RECORDER_RETENTION_DAYS", "0")
    assert run("disk")[1]["due"] == []


def test_verify_names_what_is_not_as_it_was_signed(studio: Studio, run: Run) -> None:
    home = record(studio)
    assert run("verify", "last")[0] == 0
    part = next(home.glob("frames-*"))
    data = part.read_bytes()
    part.write_bytes(data[:-5] + b"xxxxx")
    code, found, _ = run("verify", "last")
    assert (code, part.name in found["episodes"][0]["found"][0]) == (32, True)
    code, found, _ = run("verify", "--all", "--read-data")
    assert code == 32
    assert len(found["episodes"][0]["found"]) == 2
    part.write_bytes(data)
    manifest = home / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"sig":"', b'"sig":"00'))
    assert run("verify", "last")[0] == 31
    manifest.unlink()
    assert run("verify", "last")[0] == 0
    assert run("verify")[0] == 2


def test_nothing_is_changed_while_it_is_recorded(
    studio: Studio, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "WAIT_S", 0.1)
    writer = studio.begin()
    add(writer, events=moves(0, 50))
    writer.flush()
    code, _, said = run("delete", "last", "--range", "0:00..", "--yes")
    assert (code, "Fix:" in said) == (11, True)
    writer.close(Losses())
    assert run("delete", "last", "--range", "0:00..", "--yes")[0] == 0
