"""What a study would get is told by the sealed bytes, whatever the recording says by then."""

import tracemalloc
from pathlib import Path

import pyrage
import pytest

from recorder.consent.keys import load_user_key
from recorder.core.errors import ExitCode
from recorder.core.events import EventRow, KeyClass, Kind
from recorder.core.losses import Losses
from recorder.episodes.marking import read_part
from recorder.episodes.names import TABLES
from recorder.episodes.reader import Episode
from recorder.episodes.selection import TimeRange
from recorder.episodes.table_files import DamagedFile
from recorder.sharing.approval import Approval, Wish, approve
from recorder.sharing.approved_content import content_of, open_approved
from recorder.sharing.unsealing import PayloadUnusable, read_members
from tests.unit.episodes.studio import (
    SECOND,
    T0,
    WALL,
    Studio,
    add,
    focus,
    frame,
    moves,
    opening,
    owned_studio,
)
from tests.unit.sharing.plain import as_shared, plain_payload

LARGE = 3_000_000


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    return owned_studio(tmp_path / "Recorder", monkeypatch)


@pytest.fixture
def episode(studio: Studio) -> Episode:
    """Write 150 s in three files of each table: a picture at 5, 65 and 125 s."""
    writer = studio.begin()
    add(writer, context=[*opening(), focus(1, "early"), focus(70, "late")])
    add(writer, events=moves(0, 150, 1.0))
    for number, second in enumerate((5, 65, 125)):
        add(writer, frames=[frame(number, second, b"%d" % number * LARGE)])
    typed = EventRow(T0 + 80 * SECOND, Kind.KEY_DOWN, key="ß", key_class=KeyClass.CHAR)
    add(writer, events=[typed])
    return studio.open(writer.close(Losses()))


def approved(studio: Studio, episode: Episode, *ranges: TimeRange) -> Approval:
    key = load_user_key(studio.folder, studio.identity)
    return approve(episode, Wish("study-1", ranges or None), key.sign)


def test_rows_and_pictures_are_those_of_the_sealed_bytes(studio: Studio, episode: Episode) -> None:
    approval = approved(studio, episode)
    shown = open_approved(approval, studio.identity)
    for table in TABLES:
        assert shown.read(table).to_pylist() == as_shared(episode, table, approval)
    assert shown.wall_ns(SECOND) == WALL + SECOND


def test_what_is_counted_stays_that_of_the_copy_when_the_recording_changes(
    studio: Studio, episode: Episode
) -> None:
    span = TimeRange(60 * SECOND, 100 * SECOND)
    approval = approved(studio, episode, span)
    for path in episode.path.iterdir():
        path.write_bytes(b"gone")
    content = content_of(open_approved(approval, studio.identity))
    assert content.duration_ns == 40 * SECOND
    assert content.told.counts["events.key_down"] == 1
    assert content.told.counts["frames.with_image"] == 1
    assert {app.app_id for app in content.told.apps} == {"early", "late"}
    assert content.told.redactions["screen"] == {"EMAIL": 1, "scope": 1}
    assert content.first_picture_wall_ns == content.last_picture_wall_ns == WALL + 65 * SECOND


def test_without_pictures_none_is_named(studio: Studio, episode: Episode) -> None:
    approval = approved(studio, episode, TimeRange(10 * SECOND, 20 * SECOND))
    content = content_of(open_approved(approval, studio.identity))
    assert content.first_picture_wall_ns is None
    assert content.told.counts["events"] == 11


def test_a_statement_of_other_bytes_shows_nothing(studio: Studio, episode: Episode) -> None:
    approval = approved(studio, episode)
    other = pyrage.encrypt(
        plain_payload(approval, studio.identity).replace(b"index", b"indax"),
        [pyrage.x25519.Recipient.from_str(studio.recipients[0])],
    )
    approval.payload.write_bytes(other)
    with pytest.raises(PayloadUnusable) as caught:
        open_approved(approval, studio.identity)
    assert caught.value.code == ExitCode.HASH


@pytest.mark.parametrize("damage", ["cut", "flip", "gone", "link", "key", "unsigned"])
def test_what_cannot_be_opened_is_a_sentence(
    studio: Studio, episode: Episode, tmp_path: Path, damage: str
) -> None:
    approval = approved(studio, episode)
    sealed, identity = approval.payload.read_bytes(), studio.identity
    if damage == "cut":
        approval.payload.write_bytes(sealed[:-5000])
    elif damage == "flip":
        approval.payload.write_bytes(sealed[:-9] + b"\0" * 9)
    elif damage == "key":
        identity = str(pyrage.x25519.Identity.generate())
    elif damage == "unsigned":
        approval = Approval(approval.path, "study-1", approval.episode_id, None, "damaged")
    else:
        approval.payload.unlink()
        if damage == "link":
            (tmp_path / "x").write_bytes(sealed)
            approval.payload.symlink_to(tmp_path / "x")
    with pytest.raises(PayloadUnusable, match="cannot be shown"):
        open_approved(approval, identity)


def test_a_copy_that_changes_while_it_is_shown_gives_no_other_picture(
    studio: Studio, episode: Episode
) -> None:
    approval = approved(studio, episode)
    shown = open_approved(approval, studio.identity)
    add(writer := studio.begin(), context=opening(), frames=[frame(0, 5, b"foreign")])
    other = approved(studio, studio.open(writer.close(Losses())))
    approval.payload.write_bytes(other.payload.read_bytes())
    part = next(part for part in shown.files.names() if part.table == "frames")
    with pytest.raises(PayloadUnusable, match="changed meanwhile"):
        read_part(shown, part)
    assert read_part(shown, part, ["frame_id"]).num_rows == 1


def test_after_closing_nothing_is_left_to_read(studio: Studio, episode: Episode) -> None:
    shown = open_approved(approved(studio, episode), studio.identity)
    part = shown.files.names()[0]
    shown.close()
    assert shown.files.names() == []
    with pytest.raises(DamagedFile):
        shown.files.read(part)


def test_nothing_is_written_and_one_picture_file_is_in_memory_at_once(
    studio: Studio, episode: Episode
) -> None:
    approval = approved(studio, episode)
    before = {path: path.stat().st_mtime_ns for path in studio.folder.rglob("*")}
    tracemalloc.start()
    shown = open_approved(approval, studio.identity)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert shown.read("frames", ["image"]).num_rows == 3
    assert peak < 2.5 * LARGE
    assert held < 0.3 * LARGE
    assert {path: path.stat().st_mtime_ns for path in studio.folder.rglob("*")} == before


def test_reading_ends_where_nothing_more_is_wanted(studio: Studio, episode: Episode) -> None:
    approval = approved(studio, episode)
    seen: list[str] = []

    def wants(name: str) -> bool:
        seen.append(name)
        return name == "events-000001.parquet"

    read_members(approval.payload, studio.identity, wants, lambda _name, _data: False)
    assert seen == ["index.json", "events-000000.parquet", "events-000001.parquet"]
