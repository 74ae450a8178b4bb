"""What doctor tells of a recordings' folder, and that it changes nothing there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, Verdict
from recorder.cli.checks.folder import look_at_folder
from recorder.consent.folder import remember_folder
from recorder.core.losses import Losses
from recorder.episodes.names import KEY_FILE, MANIFEST_FILE
from recorder.places import places
from tests.unit.episodes.studio import Studio, add, moves, owned_studio


@pytest.fixture
def studio(root: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    found = owned_studio(root / "Recorder", monkeypatch)
    remember_folder(places(), found.folder)
    (found.folder / "keys" / "identity.age").write_bytes(b"age-encryption.org/v1\n-> scrypt")
    return found


def recorded(studio: Studio) -> Path:
    writer = studio.begin()
    add(writer, events=moves(0, 3))
    return writer.close(Losses())


def found(name: str) -> Finding:
    (one,) = [finding for finding in look_at_folder(Around()) if finding.name == name]
    return one


def snapshot(folder: Path) -> list[tuple[str, int, int]]:
    paths = [folder, *folder.rglob("*")]
    return sorted((str(p), p.lstat().st_mtime_ns, p.lstat().st_mode) for p in paths)


def test_a_folder_in_order_has_nothing_to_mend_and_is_left_as_it_was(
    studio: Studio, own_home: Path
) -> None:
    recorded(studio)
    before = snapshot(studio.folder), snapshot(own_home)
    verdicts = {one.name: one.verdict for one in look_at_folder(Around())}
    assert (snapshot(studio.folder), snapshot(own_home)) == before
    assert verdicts.pop("consent") is verdicts.pop("settings") is Verdict.WARN
    assert verdicts.pop("room") in {Verdict.OK, Verdict.WARN}, "as this machine has it"
    assert verdicts == dict.fromkeys(("folder", "keys", "episodes", "clock"), Verdict.OK)


def test_without_a_folder_it_says_how_to_begin() -> None:
    assert found("folder").verdict is Verdict.WARN
    assert found("folder").fix == "recorder start, or recorder init"


def open_to_others(folder: Path) -> None:
    folder.chmod(0o755)


def lose_marks(folder: Path) -> None:
    (folder / "recorder-folder.json").unlink()


def replace_by_a_link(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to("elsewhere")


def take_away(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


@pytest.mark.parametrize(
    ("break_it", "fix"),
    [
        (open_to_others, "chmod 700"),
        (lose_marks, "recorder init --folder"),
        (replace_by_a_link, "itself"),
        (take_away, "plug its disk in"),
    ],
)
def test_a_folder_that_cannot_be_used_is_told_with_its_fix(
    studio: Studio, break_it: Callable[[Path], None], fix: str
) -> None:
    break_it(studio.folder)
    assert found("folder").verdict is Verdict.FAIL
    assert fix in found("folder").fix


@pytest.mark.parametrize(
    "name",
    ["device.key", "device.pub", "user.pub", "user.key.age", "recipients.txt", "identity.age"],
)
def test_a_damaged_key_is_named(studio: Studio, name: str) -> None:
    (studio.folder / "keys" / name).write_bytes(b"?")
    assert found("keys").verdict is Verdict.FAIL
    assert name in found("keys").told


def test_a_key_that_others_can_read_is_told(studio: Studio) -> None:
    (studio.folder / "keys" / "device.key").chmod(0o644)
    assert "chmod 600" in found("keys").fix


def lose_key(home: Path) -> None:
    (home / KEY_FILE).unlink()


def change_manifest(home: Path) -> None:
    path = home / MANIFEST_FILE
    path.write_bytes(path.read_bytes().replace(b'"payload"', b'"Payload"'))


def lose_a_file(home: Path) -> None:
    next(home.glob("events-*")).unlink()


def cut_a_file(home: Path) -> None:
    os.truncate(next(home.glob("events-*")), 10)


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lose_key, "its key is gone"),
        (change_manifest, "its manifest is damaged"),
        (lose_a_file, "is missing"),
        (cut_a_file, "has another length"),
    ],
)
def test_a_damaged_episode_is_named(
    studio: Studio, break_it: Callable[[Path], None], told: str
) -> None:
    recorded(studio)
    home = recorded(studio)
    break_it(home)
    assert found("episodes").verdict is Verdict.FAIL
    assert f"{home.name}: " in found("episodes").told
    assert told in found("episodes").told


def test_an_episode_that_was_not_closed_is_no_damage(studio: Studio) -> None:
    writer = studio.begin()
    add(writer, events=moves(0, 3))
    writer.flush()
    assert found("episodes").verdict is Verdict.OK


def test_a_setting_that_does_not_exist_is_named(studio: Studio) -> None:
    places().settings_file.write_text("stop_second = 3\n")
    assert found("settings").verdict is Verdict.FAIL
    assert "stop_seconds" in found("settings").fix
