"""Approving: exactly what was looked at, sealed, signed, and over when anything changes."""

import io
import tarfile
from pathlib import Path

import pyarrow.parquet as pq
import pyrage
import pytest

from recorder.consent.keys import (
    create_device_key,
    load_public_key,
    load_user_key,
    verify_envelope,
)
from recorder.core.errors import ExitCode
from recorder.core.events import EventRow, KeyClass, Kind
from recorder.core.losses import Losses
from recorder.episodes.copies import approved_ids
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.reader import Episode
from recorder.episodes.rewriting import remove
from recorder.episodes.sealing import EpisodeKey
from recorder.episodes.selection import Selection, TimeRange
from recorder.episodes.store import delete_episode
from recorder.episodes.table_files import DamagedFile, TableFiles
from recorder.files import private_folder
from recorder.sharing.approvable import NotApprovable, SignedElsewhere
from recorder.sharing.approval import (
    Approval,
    ApprovalUnknown,
    StudyNameWrong,
    Wish,
    approvals,
    approve,
    withdraw_approval,
)
from tests.unit.episodes.studio import (
    SECOND,
    T0,
    Studio,
    add,
    focus,
    frame,
    moves,
    opening,
    owned_studio,
)
from tests.unit.sharing.plain import as_shared, plain_payload

RANGE = TimeRange(20 * SECOND, 40 * SECOND)


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    return owned_studio(tmp_path / "Recorder", monkeypatch)


@pytest.fixture
def episode(studio: Studio) -> Episode:
    """Write 90 s: a frame every 10 s, the one at 35 s shows what that at 5 s showed."""
    writer = studio.begin()
    add(writer, context=[*opening(), focus(1, "early"), focus(15, "xterm"), focus(50, "late")])
    add(writer, frames=[frame(1, 5, b"picture-one"), frame(2, 25, b"picture-two")])
    add(writer, frames=[frame(3, 35, None), frame(4, 55, b"picture-four")])
    for second in range(90):
        add(writer, events=moves(second, 2))
    typed = EventRow(T0 + 60 * SECOND, Kind.KEY_DOWN, key="ß", key_class=KeyClass.CHAR, frame_id=4)
    before = EventRow(T0 + 21 * SECOND, Kind.BUTTON_DOWN, button="left", frame_id=1, window_seq=4)
    add(writer, events=[before, typed])
    return studio.open(writer.close(Losses()))


def _approve(studio: Studio, episode: Episode, ranges: list[TimeRange] | None = None) -> Approval:
    key = load_user_key(studio.folder, studio.identity)
    return approve(episode, Wish("study-1", ranges), key.sign)


def _all(studio: Studio) -> list[Approval]:
    return list(approvals(studio.folder, load_public_key(studio.folder, "user")))


def _tables(studio: Studio, approval: Approval) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {"events": [], "frames": [], "context": []}
    with tarfile.open(fileobj=io.BytesIO(plain_payload(approval, studio.identity))) as tar:
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            table = member.name.partition("-")[0]
            if table in found:
                found[table] += pq.read_table(io.BytesIO(file.read())).to_pylist()
    return found


def test_an_approval_is_signed_and_its_payload_holds_the_rows(
    studio: Studio, episode: Episode
) -> None:
    approval = _approve(studio, episode)
    assert _all(studio) == [approval]
    tables = _tables(studio, approval)
    assert len(tables["events"]) == episode.events.num_rows
    for table, rows in tables.items():
        assert rows == as_shared(episode, table, approval)
    assert approval.statement is not None
    assert approval.statement.rows == {table: len(rows) for table, rows in tables.items()}


def test_a_range_holds_nothing_of_the_rest_and_does_not_count_it(
    studio: Studio, episode: Episode
) -> None:
    tables = _tables(studio, _approve(studio, episode, [RANGE]))
    assert [row["seq"] for row in tables["events"]] == list(range(len(tables["events"])))
    assert tables["events"][-1]["kind"] == "removed"
    assert {row["frame_id"] for row in tables["events"]} == {None}
    assert [row["frame_id"] for row in tables["frames"]] == [0, 1]
    assert [row["seq"] for row in tables["context"]] == list(range(len(tables["context"])))
    assert {row["app_id"] for row in tables["context"]} == {None, "xterm"}
    assert "ß" not in str(tables)


def test_a_duplicate_of_what_is_left_out_brings_its_picture(
    studio: Studio, episode: Episode
) -> None:
    row = _tables(studio, _approve(studio, episode, [RANGE]))["frames"][1]
    assert (row["image"], row["dup_of_frame_id"]) == (
        {"bytes": b"picture-one", "path": None},
        None,
    )


def test_the_window_at_the_start_of_a_range_is_known(studio: Studio, episode: Episode) -> None:
    context = _tables(studio, _approve(studio, episode, [RANGE]))["context"]
    assert [row["t_ns"] for row in context if row["app_id"]] == [RANGE.start_ns]


def test_the_same_choice_gives_the_same_payload(studio: Studio, episode: Episode) -> None:
    one = _approve(studio, episode, [RANGE]).statement
    other = _approve(studio, studio.open(episode.path), [RANGE]).statement
    assert one is not None
    assert other is not None
    assert one.payload_sha256 == other.payload_sha256


def test_nothing_of_the_payload_is_readable_on_disk(studio: Studio, episode: Episode) -> None:
    _approve(studio, episode)
    for path in studio.folder.rglob("*"):
        assert not path.is_file() or b"picture-one" not in path.read_bytes()
        assert not path.is_file() or path.stat().st_mode & 0o077 == 0 or path.parent.name == "keys"


def test_any_change_ends_the_approval_and_its_copy(studio: Studio, episode: Episode) -> None:
    approval = _approve(studio, episode)
    remove(episode, Selection((TimeRange(0, SECOND),)), studio.owner)
    assert _all(studio) == []
    assert not approval.payload.exists()


def test_deleting_the_episode_takes_its_approvals(studio: Studio, episode: Episode) -> None:
    approval = _approve(studio, episode)
    delete_episode(studio.folder, episode.episode_id)
    assert not approval.path.exists()
    assert not approval.payload.exists()


def test_a_manifest_that_is_another_makes_it_stale(studio: Studio, episode: Episode) -> None:
    _approve(studio, episode)
    with (episode.path / "manifest.json").open("ab") as file:
        file.write(b" ")
    assert [one.state for one in _all(studio)] == ["changed"]


def test_a_statement_that_the_owner_did_not_sign_is_none(studio: Studio, episode: Episode) -> None:
    approval = _approve(studio, episode)
    approval.path.write_bytes(approval.path.read_bytes().replace(b'"sig"', b'"sih"'))
    assert [(one.state, one.statement) for one in _all(studio)] == [("damaged", None)]


def test_taking_back_leaves_nothing(studio: Studio, episode: Episode) -> None:
    _approve(studio, episode)
    withdraw_approval(studio.folder, "study-1", episode.episode_id)
    assert list((studio.folder / "approved" / "study-1").iterdir()) == []
    with pytest.raises(ApprovalUnknown):
        withdraw_approval(studio.folder, "study-1", episode.episode_id)


@pytest.mark.parametrize("name", ["", "..", "A", "a/b", "a" * 65, ".hidden"])
def test_a_name_that_leads_elsewhere_is_refused(
    studio: Studio, episode: Episode, name: str
) -> None:
    with pytest.raises(StudyNameWrong):
        approve(episode, Wish(name), load_user_key(studio.folder, studio.identity).sign)
    with pytest.raises(ApprovalUnknown):
        withdraw_approval(studio.folder, name, episode.episode_id)


def test_what_was_not_closed_or_is_damaged_cannot_be_approved(
    studio: Studio, episode: Episode
) -> None:
    with pytest.raises(NotApprovable):
        _approve(studio, episode, [TimeRange(900 * SECOND, 901 * SECOND)])
    next(episode.path.glob("events-*")).write_bytes(b"damaged")
    with pytest.raises(DamagedFile):
        _approve(studio, episode)
    (episode.path / "manifest.json").unlink()
    with pytest.raises(NotApprovable):
        _approve(studio, episode)
    assert _all(studio) == []
    assert not list(studio.folder.glob("approved/*/*"))


def test_what_somebody_else_signed_cannot_be_approved(studio: Studio, episode: Episode) -> None:
    manifest = episode.path / "manifest.json"
    payload = verify_envelope(manifest.read_bytes(), load_public_key(studio.folder, "device"))
    other = create_device_key(private_folder(studio.folder.parent / "Other"))
    manifest.write_bytes(other.sign(payload, MANIFEST_TYPE))
    with pytest.raises(SignedElsewhere) as caught:
        _approve(studio, studio.open(episode.path))
    assert caught.value.code == ExitCode.SIGNATURE
    assert _all(studio) == []


def test_files_that_the_signature_does_not_cover_cannot_be_approved(
    studio: Studio, episode: Episode
) -> None:
    """Other content, sealed anew for the owner, beside the manifest that is signed."""
    home, key = episode.path, EpisodeKey.new(episode.episode_id)
    rows = [(part, episode.files.read(part)) for part in episode.files.names()]
    planted = TableFiles(home, episode.episode_id, key)
    for part, table in rows:
        planted.write(part, [table])
    (home / "key.age").write_bytes(key.wrap(studio.recipients))
    with pytest.raises(NotApprovable, match="is not the one that was signed") as caught:
        _approve(studio, studio.open(home))
    assert caught.value.code == ExitCode.HASH
    assert not list(studio.folder.glob("approved/*/*"))


def test_what_a_killed_approval_had_written_goes_with_the_episode(
    studio: Studio, episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = studio.folder / "approved" / "study-1"
    names: list[str] = []
    real = pyrage.encrypt_io

    def watched(*given: object) -> None:
        names.extend(path.name for path in place.iterdir())
        real(*given)

    monkeypatch.setattr("recorder.sharing.approval.pyrage.encrypt_io", watched)
    _approve(studio, episode)
    (begun,) = [place / name for name in names]
    begun.write_bytes(b"what stood there when it was killed")
    _approve(studio, episode)
    assert not begun.exists()
    withdraw_approval(studio.folder, "study-1", episode.episode_id)
    begun.write_bytes(b"what stood there when it was killed")
    assert approved_ids(studio.folder) == set()
    delete_episode(studio.folder, episode.episode_id)
    assert list(place.iterdir()) == []


def test_nothing_of_the_own_consent_goes_with_it(studio: Studio, episode: Episode) -> None:
    approval = _approve(studio, episode)
    plain = plain_payload(approval, studio.identity)
    assert episode.manifest is not None
    own = episode.manifest
    for told in (own.consent_id, own.ledger_head, "notice_sha256"):
        assert told.encode() not in plain
    assert _tables(studio, approval)["context"][0]["consent_id"] is None
