"""Seen and approved from the command line: what waits, and what a study would get."""

import base64
import json
from pathlib import Path

import pyrage
import pytest
from PIL import Image

from recorder.consent.keys import create_device_key
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.files import private_folder
from tests.contract.commands import Run
from tests.contract.own_folder import record, unlocked_studio
from tests.unit.episodes import studio as studios
from tests.unit.episodes.studio import SECOND, Studio


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    return unlocked_studio(tmp_path / "Recorder", monkeypatch)


def test_what_was_seen_waits_no_longer_until_it_changes(studio: Studio, run: Run) -> None:
    home, other = record(studio), record(studio, studios.WALL + 3_600 * SECOND)
    code, found, _ = run("status")
    assert (code, found["state"], found["unreviewed"]) == (4, "stopped", 2)
    code, found, _ = run("review", "--done", home.name, "last")
    assert (code, found["schema"]) == (0, "recorder.review/1")
    assert (found["episodes"], found["unreviewed"]) == ([home.name, other.name], 0)
    assert run("status")[1]["unreviewed"] == 0
    code, found, _ = run("review", "--done", "last", "--undo")
    assert (code, found["episodes"], found["seen"], found["unreviewed"]) == (
        0, [other.name], False, 1,
    )  # fmt: skip
    assert run("delete", home.name, "--range", "1:00..2:00", "--yes")[0] == 0
    assert run("status")[1]["unreviewed"] == 2
    assert not list((studio.folder / "seen").iterdir())


@pytest.mark.parametrize(
    "words",
    [("--done",), ("--undo",), ("last", "--undo"), ("--done", "nothing"), ("last", "last")],
)
def test_marking_needs_names(studio: Studio, run: Run, words: tuple[str, ...]) -> None:
    record(studio)
    code, answer, said = run("review", *words)
    assert (code, answer["schema"]) == (2, "recorder.error/1")
    assert "Fix:" in said
    assert not (studio.folder / "seen").exists()


def test_the_unfinished_is_named_and_the_others_are_marked(studio: Studio, run: Run) -> None:
    home, left = record(studio), record(studio, studios.WALL + 3_600 * SECOND)
    (left / "manifest.json").unlink()
    code, answer, said = run("review", "--done", left.name, home.name)
    assert (code, "was not closed" in answer["error"], left.name in said) == (2, True, True)
    assert run("status")[1]["unreviewed"] == 1


def test_what_a_study_would_get_is_read_from_the_sealed_copy(
    studio: Studio, run: Run, tmp_path: Path
) -> None:
    home = record(studio)
    words = ("approve", "last", "--study", "typing-1", "--range", "1:00..2:00", "--yes")
    code, found, _ = run(*words)
    assert (code, found["content"]["duration_s"]) == (0, 60.0)
    assert found["content"]["counts"]["frames.with_image"] == 6
    for path in home.glob("*.parquet"):
        path.write_bytes(b"gone")
    sheet = tmp_path / "sheet.png"
    code, shown, said = run("approvals", "last", "--show", "--contact-sheet", str(sheet))
    assert code == 0
    assert shown["approvals"][0]["content"] == found["content"]
    assert {app["app_id"] for app in found["content"]["apps"]} == {"mail"}
    assert "not encrypted" in said
    with Image.open(sheet) as picture_of_all:
        assert picture_of_all.width == 1600
    assert run("approvals", "--study", "other", "--show")[1]["approvals"] == []
    assert run("approvals", "last", "--contact-sheet", str(tmp_path / "x"))[0] == 2


def test_a_copy_that_is_another_by_now_is_refused(studio: Studio, run: Run) -> None:
    record(studio)
    run("approve", "last", "--study", "typing-1", "--yes")
    (sealed,) = studio.folder.glob("approved/*/*.payload.age")
    recipient = pyrage.x25519.Recipient.from_str(studio.recipients[0])
    sealed.write_bytes(pyrage.encrypt(b"other", [recipient]))
    code, found, said = run("approvals", "--show")
    assert (code, "content" in found["approvals"][0]) == (32, False)
    assert "cannot be shown" in said


def test_what_somebody_else_signed_is_not_approved(studio: Studio, run: Run) -> None:
    home = record(studio)
    manifest = home / "manifest.json"
    envelope = json.loads(manifest.read_bytes())
    other = create_device_key(private_folder(studio.folder.parent / "Other"))
    payload = base64.b64decode(envelope["payload"])
    manifest.write_bytes(other.sign(payload, MANIFEST_TYPE))
    code, answer, _ = run("approve", "last", "--study", "typing-1", "--yes")
    assert code == 31
    assert "this folder's key did not sign it" in answer["error"]
    assert not list(studio.folder.glob("approved/*/*"))
