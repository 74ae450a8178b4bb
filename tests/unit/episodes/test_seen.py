"""Marks of what was looked at: they name one state of an episode, and go with it."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recorder.core.context import ContextKind, ContextRow
from recorder.core.errors import ExitCode
from recorder.core.losses import Losses
from recorder.episodes.forgetting import forget_closed, plan_forgetting
from recorder.episodes.relabelling import relabel, tasks
from recorder.episodes.reviewed import is_seen, manifest_digest, mark_of, reviewed, unreviewed
from recorder.episodes.rewriting import remove
from recorder.episodes.seen import ChangedMeanwhile, NotClosed, mark_seen, unmark_seen
from recorder.episodes.selection import Selection, TimeRange
from recorder.episodes.store import delete_episode
from recorder.episodes.table_files import FolderUnwritable
from tests.unit.episodes.studio import SECOND, T0, WALL, Studio, add, focus, moves, opening

TASK = ContextRow(T0 + SECOND, ContextKind.TASK, instruction="file expenses")
TODAY = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path, plain=True)


@pytest.fixture
def home(studio: Studio) -> Path:
    return closed(studio)


def closed(studio: Studio, wall_ns: int = WALL) -> Path:
    writer = studio.begin(wall_ns)
    add(writer, events=moves(0, 5), context=[*opening(), focus(1), TASK])
    return writer.close(Losses())


def test_a_mark_holds_a_digest_and_a_date_and_nothing_else(studio: Studio, home: Path) -> None:
    assert not is_seen(home)
    mark_seen(home, TODAY)
    assert is_seen(home)
    path = studio.folder / "seen" / home.name
    assert json.loads(path.read_bytes()) == {
        "schema": "recorder.seen/1", "manifest_sha256": manifest_digest(home), "seen": "2026-11-22",
    }  # fmt: skip
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in path.parent.iterdir()] == [home.name]


def test_taking_back_leaves_nothing(studio: Studio, home: Path) -> None:
    mark_seen(home, TODAY)
    assert unmark_seen(home)
    assert not is_seen(home)
    assert not unmark_seen(home)
    assert list((studio.folder / "seen").iterdir()) == []


def test_what_waits_is_neither_approved_nor_seen_nor_being_recorded(
    studio: Studio, home: Path
) -> None:
    approved, live = closed(studio, WALL + SECOND), closed(studio, WALL + 2 * SECOND)
    place = studio.folder / "approved" / "typing-1"
    place.mkdir(parents=True)
    (place / f"{approved.name}.approval.json").write_bytes(b"{}")
    assert unreviewed(studio.folder) == 2
    assert unreviewed(studio.folder, live.name) == 1
    mark_seen(home, TODAY)
    assert reviewed(studio.folder, [home, approved, live]) == {home.name, approved.name}
    assert unreviewed(studio.folder, live.name) == 0


def test_a_manifest_that_somebody_changed_is_not_the_one_that_was_seen(home: Path) -> None:
    mark_seen(home, TODAY)
    with (home / "manifest.json").open("ab") as file:
        file.write(b" ")
    assert not is_seen(home)


@pytest.mark.parametrize("act", ["range", "label", "episode", "forget"])
def test_the_mark_goes_with_what_changes_or_goes(studio: Studio, home: Path, act: str) -> None:
    mark_seen(home, TODAY)
    if act == "range":
        remove(studio.open(home), Selection((TimeRange(0, SECOND // 1000),)), studio.owner)
    elif act == "label":
        episode = studio.open(home)
        relabel(episode, tasks(episode)[0].seq, None, studio.owner)
    elif act == "episode":
        delete_episode(studio.folder, home.name)
    else:
        plan = plan_forgetting(studio.folder, WALL)
        assert forget_closed(studio.folder, plan, studio.owner)[0] > 0
    assert not mark_of(home).exists()


def test_what_a_kill_left_of_a_mark_goes_with_the_next_one(studio: Studio, home: Path) -> None:
    left = studio.folder / "seen" / f"{home.name}.{'a' * 16}.tmp"
    left.parent.mkdir()
    left.write_bytes(b"{")
    mark_seen(home, TODAY)
    assert not left.exists()


def test_what_was_not_closed_cannot_be_seen(studio: Studio) -> None:
    writer = studio.begin()
    add(writer, events=moves(0, 5))
    writer.flush()
    home = writer.path
    writer.close(Losses())
    (home / "manifest.json").unlink()
    with pytest.raises(NotClosed):
        mark_seen(home, TODAY)
    assert unreviewed(studio.folder) == 1


def test_another_state_than_the_one_looked_at_is_not_marked(home: Path) -> None:
    with pytest.raises(ChangedMeanwhile) as caught:
        mark_seen(home, TODAY, "0" * 64)
    assert caught.value.code == ExitCode.HASH
    assert not is_seen(home)


@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "text", "list", "deep", "huge", "null"])
def test_what_is_no_mark_counts_for_nothing_and_breaks_nothing(
    studio: Studio, home: Path, tmp_path: Path, kind: str
) -> None:
    mark_seen(home, TODAY)
    path = mark_of(home)
    good = path.read_bytes()
    path.unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(good)
    written = {
        "text": b"yes", "list": b"[]", "deep": b"[" * 900, "huge": good + b" " * 2_000,
        "null": good.replace(manifest_digest(home).encode(), b""),
    }  # fmt: skip
    if kind == "link":
        path.symlink_to(elsewhere)
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.write_bytes(written[kind])
    (path.parent / "foreign \udce4").write_bytes(b"x")
    assert not is_seen(home)
    assert unreviewed(studio.folder) == 1
    delete_episode(studio.folder, home.name)
    assert elsewhere.read_bytes() == good
    assert path.exists() is (kind == "folder")


def test_a_folder_of_marks_that_leads_elsewhere_is_not_used(
    studio: Studio, home: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (studio.folder / "seen").symlink_to(other)
    with pytest.raises(FolderUnwritable):
        mark_seen(home, TODAY)
    assert list(other.iterdir()) == []
    mark = {"schema": "recorder.seen/1", "manifest_sha256": manifest_digest(home), "seen": "x"}
    (other / home.name).write_text(json.dumps(mark))
    assert not is_seen(home)
