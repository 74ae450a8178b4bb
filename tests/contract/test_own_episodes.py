"""list, show, sql, delete, export and forget on a real folder, through the command line."""

import json
import os
from pathlib import Path

import pytest

from recorder.agent.client import NotRunning
from recorder.cli import forget, opening
from recorder.cli.system_clock import SystemClock
from recorder.consent.folder import FolderFile, make_folder, remember_folder
from recorder.consent.keys import (
    create_device_key,
    load_public_key,
    verify_envelope,
)
from recorder.core.losses import Losses
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.store import manifest_of
from recorder.episodes.table_files import NewerFile
from recorder.episodes.verify import verify
from recorder.places import places
from tests.contract.commands import Run
from tests.unit.episodes.studio import (
    SECOND,
    WALL,
    Studio,
    add,
    check,
    focus,
    frame,
    moves,
    sign,
    sign_as_device,
)
from tests.unit.episodes.studio import (
    opening as rows,
)


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    folder = tmp_path / "Recorder"
    make_folder(folder, FolderFile(folder_id="0" * 26, plain=False, secret="passphrase"))
    create_device_key(folder)
    remember_folder(places(os.environ), folder)
    studio = Studio(folder)
    monkeypatch.setattr(opening, "unlock_folder", lambda _folder, _file: studio.identity)
    return studio


def _closed(studio: Studio, wall_ns: int = WALL) -> Path:
    writer = studio.begin(wall_ns)
    add(writer, events=moves(0, 5), frames=[frame(1, 1)], context=[*rows()[:2], focus(1)])
    return writer.close(Losses())


def test_list_and_show_tell_what_is_there(studio: Studio, run: Run) -> None:
    home = _closed(studio)
    code, listed, _ = run("list")
    assert code == 0
    assert listed["schema"] == "recorder.list/1"
    assert [(e["episode_id"], e["state"]) for e in listed["episodes"]] == [(home.name, "closed")]
    code, shown, _ = run("show", "last")
    assert (code, shown["episode_id"], shown["counts"]["events"]) == (0, home.name, 5)
    assert shown["apps"][0]["app_id"] == "xterm"


def test_the_newest_are_listed_and_the_others_counted(studio: Studio, run: Run) -> None:
    names = [_closed(studio, WALL + i * SECOND).name for i in range(3)]
    _, listed, _ = run("list", "--limit", "2")
    assert ([e["episode_id"] for e in listed["episodes"]], listed["more"]) == (names[1:], 1)
    _, listed, _ = run("list", "--limit", "0")
    assert ([e["episode_id"] for e in listed["episodes"]], listed["more"]) == (names, 0)


def test_show_counts_an_unfinished_episode(studio: Studio, run: Run) -> None:
    writer = studio.begin()
    add(writer, events=moves(0, 5), frames=[frame(1, 1)])
    writer.flush()
    _, shown, _ = run("show", writer.path.name)
    assert (shown["closed"], shown["counts"]["events"]) == (False, 5)
    assert shown["redactions"]["screen"] == {"EMAIL": 1, "scope": 1}


def test_sql_spans_episodes_and_loads_images_when_named(studio: Studio, run: Run) -> None:
    _closed(studio)
    _closed(studio, WALL + SECOND)
    _, found, _ = run("sql", "select count(*), count(distinct episode_id) from events")
    assert found["rows"] == [[10, 2]]
    _, found, _ = run("sql", "select image.bytes from frames limit 1")
    assert found["rows"] == [["8 bytes"]]
    _, found, _ = run("sql", "select * from frames", "--episode", "last")
    assert "image" not in found["columns"]
    code, _, said = run("sql", "select * from read_csv('/etc/passwd')")
    assert code == 2
    assert "Fix:" in said


def test_a_damaged_file_is_named_on_stderr(studio: Studio, run: Run) -> None:
    home = _closed(studio)
    next(home.glob("events-*")).write_bytes(b"nothing")
    code, found, said = run("sql", "select count(*) from events")
    assert (code, found["rows"]) == (0, [[0]])
    assert "events-000000" in said


def test_export_warns_and_replaces_nothing(studio: Studio, run: Run, tmp_path: Path) -> None:
    home = _closed(studio)
    code, found, said = run("export", "--to", str(tmp_path / "copy"))
    assert (code, found["written"]) == (0, [str(tmp_path / "copy" / home.name)])
    assert "not encrypted" in said
    code, _, _ = run("export", "last", "--to", str(tmp_path / "copy"))
    assert code == 2


def test_delete_asks_and_removes(studio: Studio, run: Run) -> None:
    home, other = _closed(studio), _closed(studio, WALL + SECOND)
    code, _, said = run("delete", home.name)
    assert code == 2
    assert "--yes" in said
    assert home.exists()
    code, found, _ = run("delete", home.name, "--yes")
    assert (code, found["deleted"], home.exists()) == (0, [home.name], False)
    code, found, _ = run("delete", "--all", "--yes")
    assert (code, found["deleted"], other.exists()) == (0, [other.name], False)


@pytest.mark.parametrize(
    "words", [("delete",), ("delete", "x", "--all"), ("delete", "../..", "--yes"), ("show", "nope")]
)
def test_wrong_names_are_usage_errors(studio: Studio, run: Run, words: tuple[str, ...]) -> None:
    _closed(studio)
    code, answer, said = run(*words)
    assert code == 2
    assert "Fix:" in said
    assert answer["schema"] == "recorder.error/1"


def test_the_open_episode_is_not_deleted(
    studio: Studio, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = studio.begin()
    _record(monkeypatch, writer.path)
    code, _, said = run("delete", writer.path.name, "--yes")
    assert code == 3
    assert "recorder stop first" in said
    assert writer.path.exists()


def test_an_agent_of_another_folder_keeps_nothing_here(
    studio: Studio, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    left = studio.begin().path  # its writer is gone, as after a kill
    _record(monkeypatch, tmp_path / "Other" / "episodes" / "2026-11-21" / ("0" * 26))
    code, _, _ = run("delete", left.name, "--yes")
    assert (code, left.exists()) == (0, False)


def test_the_open_episode_is_the_one_that_the_agent_names(
    studio: Studio, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock set back makes an episode that was left over look newer."""
    writer, left = studio.begin(), studio.begin(WALL + 3_600 * SECOND).path
    _record(monkeypatch, writer.path)
    code, _, _ = run("delete", writer.path.name, "--yes")
    assert (code, writer.path.exists()) == (3, True)
    code, _, _ = run("delete", left.name, "--yes")
    assert (code, left.exists()) == (0, False)


def test_forget_reaches_an_episode_that_closes_while_it_asks(
    studio: Studio, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = studio.begin(SystemClock().wall_ns() - 30 * SECOND)
    add(writer, events=moves(0, 5))
    _record(monkeypatch, writer.path)

    def close(_seconds: float) -> None:
        writer.close(Losses())
        monkeypatch.setattr(opening, "ask", _nobody)

    monkeypatch.setattr(forget, "_forget_open", close)
    code, found, _ = run("forget", "10m", "--yes")
    assert (code, writer.path.exists()) == (0, False)
    assert found["closed_files"] > 0


def test_one_episode_that_cannot_be_deleted_does_not_keep_the_others(
    studio: Studio, run: Run
) -> None:
    homes = [_closed(studio, WALL + n * SECOND) for n in range(3)]
    (homes[1] / "photos").mkdir()
    code, _, said = run("delete", "--all", "--yes")
    assert code == 2
    assert "Deleted 2 of 3 episodes" in said
    assert [home.exists() for home in homes] == [False, True, False]


def test_one_episode_without_its_key_does_not_keep_the_others(studio: Studio, run: Run) -> None:
    cut, gone, _ = (_closed(studio, WALL + n * SECOND) for n in range(3))
    (cut / "key.age").write_bytes((cut / "key.age").read_bytes()[:-1])
    (gone / "key.age").unlink()
    code, found, said = run("sql", "select count(*) from events")
    assert (code, found["rows"]) == (0, [[5]])
    assert cut.name in said
    assert gone.name in said
    code, _, _ = run("sql", "select 1", "--episode", cut.name)
    assert code == 12
    code, _, said = run("show", gone.name)
    assert (code, "key.age is missing" in said) == (30, True)


@pytest.mark.parametrize("name", ["7" + "Z" * 25, "7ZZZZZZZZZ0000000000000000"])
def test_a_planted_name_of_no_time_is_no_episode(studio: Studio, run: Run, name: str) -> None:
    (studio.folder / "episodes" / "2026-11-21" / name).mkdir(parents=True)
    home = _closed(studio)
    code, listed, _ = run("list")
    assert (code, [e["episode_id"] for e in listed["episodes"]]) == (0, [home.name])


@pytest.mark.parametrize(
    "damage",
    [
        {"duration_s": float("inf")}, {"duration_s": float("nan")}, {"duration_s": -1},
        {"anchors": []}, {"anchors": [{"t_ns": 0, "wall_ns": 10**30}]},
        {"anchors": [{"t_ns": -1, "wall_ns": 0}]}, {"losses": {"a": {"b": "c"}}},
    ],
)  # fmt: skip
def test_a_planted_manifest_is_named_as_damaged(
    studio: Studio, run: Run, damage: dict[str, object]
) -> None:
    home = _closed(studio, SystemClock().wall_ns() - 30 * SECOND)
    fields = json.loads(check((home / "manifest.json").read_bytes()))
    (home / "manifest.json").write_bytes(sign(json.dumps({**fields, **damage}).encode()))
    assert [e["state"] for e in run("list")[1]["episodes"]] == ["damaged"]
    assert run("show", "last")[0] == 0
    assert run("sql", "select count(*) from events")[1]["rows"] == [[5]]
    assert run("forget", "10m", "--yes")[0] == 0
    assert not home.exists()


def test_an_episode_of_a_later_version_is_not_called_damaged(studio: Studio, run: Run) -> None:
    home = _closed(studio)
    fields = json.loads(check((home / "manifest.json").read_bytes()))
    later = {**fields, "schema_version": "2.0.0", "more": 1}
    (home / "manifest.json").write_bytes(sign(json.dumps(later).encode()))
    assert [e["state"] for e in run("list")[1]["episodes"]] == ["newer"]
    with pytest.raises(NewerFile, match="upgrade the recorder"):
        manifest_of(home)


def test_numbers_that_json_does_not_know_are_words(studio: Studio, run: Run) -> None:
    _closed(studio)
    assert run("sql", "select 'nan'::double, 1e400::double")[1]["rows"] == [["nan", "inf"]]


def _nobody(_path: Path, _request: dict[str, object]) -> dict[str, object]:
    raise NotRunning


def _record(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Let an agent answer that it records into this episode."""
    answer = {"ok": True, "folder": str(home.parents[2]), "episode": home.name}
    monkeypatch.setattr(opening, "ask", lambda _path, _request: answer)


def test_forget_takes_whole_files_of_closed_episodes(studio: Studio, run: Run) -> None:
    now_ns = SystemClock().wall_ns()
    home = _closed(studio, now_ns - 30 * SECOND)
    old = _closed(studio, now_ns - 7_200 * SECOND)
    code, found, _ = run("forget", "10m", "--yes")
    assert (code, found["open_rows"]) == (0, None)
    assert found["closed_files"] > 0
    assert (home.exists(), old.exists()) == (False, True)
    _, found, _ = run("forget", "10m", "--yes")
    assert found["closed_files"] == 0


def test_forgetting_is_signed_by_the_device(
    studio: Studio, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_as_device(studio.folder, monkeypatch)
    writer = studio.begin(SystemClock().wall_ns() - 200 * SECOND)
    add(writer, events=moves(0, 180, step_s=1.0))
    home = writer.close(Losses())
    _, found, _ = run("forget", "90s", "--yes")
    assert 0 < found["more_s"] <= 60
    device = load_public_key(studio.folder, "device")
    checked = verify(home, lambda data: verify_envelope(data, device, MANIFEST_TYPE))
    assert checked.ok
    assert len(checked.removed) >= 2
    assert 0 < studio.open(home).events.num_rows < 120


def test_a_folder_that_is_none_of_ours_is_said(run: Run, tmp_path: Path) -> None:
    code, _, said = run("list", "--folder", str(tmp_path))
    assert code == 10
    assert "Fix:" in said


def test_a_task_needs_a_running_recorder(run: Run) -> None:
    code, _, _ = run("task", "begin", "book a room")
    assert code == 4
