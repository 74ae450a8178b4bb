"""From an approval to a bundle in the drop: what leaves, once, and only while it may."""

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from recorder.consent.errors import ConsentExpired, NoConsent
from recorder.consent.giving import narrow, withdraw
from recorder.consent.keys import (
    load_public_key,
)
from recorder.core.errors import ExitCode
from recorder.core.levels import KeyboardLevel, Levels, ScreenLevel, TitlesLevel
from recorder.episodes.rewriting import remove
from recorder.episodes.selection import Selection, TimeRange
from recorder.episodes.store import delete_episode
from recorder.sharing.bundle import NotBundled
from recorder.sharing.bundle_gate import check_outer
from recorder.sharing.consented import bounds_for, bounds_of
from recorder.sharing.drop_errors import DropHasAnother, DropUnreachable
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.drops import open_drop
from recorder.sharing.folder_drop import FolderDrop
from recorder.sharing.planning import plan_of
from recorder.sharing.sending import contents_of, not_sent, share
from recorder.sharing.shared import SharedFolder, SharingGoesOn, alone
from recorder.sharing.study_ids import id_for_study
from recorder.sharing.within import BeyondConsent
from tests.unit.episodes.studio import SECOND
from tests.unit.sharing.cut_drop import CutDrop, CutError
from tests.unit.sharing.desk import TEXT, Desk
from tests.unit.sharing.joining import DAY, NOW, Clock
from tests.unit.sharing.plain import opened, plain_payload


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path, monkeypatch)
    desk.person.join(desk.study, TEXT)
    return desk


def test_what_arrives_is_exactly_what_was_approved(desk: Desk, tmp_path: Path) -> None:
    episode = desk.record()
    approval = desk.approve(episode)
    (name,) = desk.share()
    outer = check_outer(tmp_path / "drop" / name, desk.study.expect())
    assert outer.manifest.episode_id == id_for_study(
        desk.person.folder, "typing-1", episode.episode_id
    )
    told, data = opened(outer, desk.study.identity)
    assert data == plain_payload(approval, desk.person.identity)
    assert (told.apps, told.tasks) == (("chromium:jira.example.com", "xterm"), 1)
    assert told.duration_ns > 58 * SECOND
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        assert [file.name for file in told.files] == tar.getnames()
    assert approval.statement is not None
    assert told.rows == approval.statement.rows


def test_pictures_are_kept_for_who_looks_at_them_alone(desk: Desk) -> None:
    desk.approve(desk.record())
    for wanted in (True, False):
        plan = plan_of(desk.sharing(), desk.all(), lambda: None, named=False, pictures=wanted)
        assert [bool(one.contents.pictures) for one in plan.planned] == [wanted]


def test_nothing_that_leaves_is_readable_or_names_the_person(desk: Desk, tmp_path: Path) -> None:
    desk.approve(desk.record())
    (name,) = desk.share()
    data = (tmp_path / "drop" / name).read_bytes()
    own = load_public_key(desk.person.folder, "user").public
    for word in (b"picture-one", b"xterm", b"expenses", own.encode(), b"Recorder"):
        assert word not in data


def test_it_is_shared_once_and_again_when_it_was_approved_anew(desk: Desk) -> None:
    episode = desk.record()
    desk.approve(episode)
    first = desk.share()
    assert desk.share() == first
    assert not_sent(desk.sharing().memory, desk.all()) == []
    desk.approve(episode, [TimeRange(0, 20 * SECOND)])
    (second,) = desk.share()
    assert [second] != first
    assert not list(desk.sharing().memory.path.glob("*.tar"))


def test_preview_tells_what_the_payload_holds(desk: Desk) -> None:
    desk.approve(desk.record())
    (one,) = desk.plan().planned
    assert one.contents.rows["frames"] == 2
    assert [data for _, data in one.contents.pictures] == [b"picture-one"]
    assert one.contents.files[0].name == "index.json"


@pytest.mark.parametrize("at", ["before", "after"])
def test_killed_at_any_point_the_next_run_ends_it(desk: Desk, at: str) -> None:
    desk.approve(desk.record())
    with pytest.raises(CutError):
        desk.share(CutDrop(desk.drop, at))  # type: ignore[arg-type]  # it acts like one
    (waiting,) = desk.sharing().memory.all()
    assert waiting.state == "sending"
    (name,) = desk.share()
    assert waiting.bundle_id in name
    assert [one.state for one in desk.sharing().memory.all()] == ["sent"]


def test_killed_while_sealing_nothing_is_left_and_it_begins_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.approve(desk.record())

    def cut(*_given: object) -> None:
        raise CutError

    with monkeypatch.context() as patch:
        patch.setattr("recorder.sharing.sending.SharedFolder.keep", cut)
        with pytest.raises(CutError):
            desk.share()
    memory = desk.sharing().memory
    (orphan,) = memory.path.glob("*.tar")
    (memory.path / ".0123456789abcdef.tmp").write_bytes(b"half")
    (name,) = desk.share()
    assert orphan.stem.partition(".")[2] not in name
    assert sorted(path.suffix for path in memory.path.iterdir()) == [".json"]


def test_what_was_cut_is_taken_back_when_it_goes_elsewhere(desk: Desk, tmp_path: Path) -> None:
    desk.approve(desk.record())
    with pytest.raises(CutError):
        desk.share(CutDrop(desk.drop, "after"))  # type: ignore[arg-type]  # it acts like one
    (tmp_path / "other").mkdir()
    other = open_drop(tmp_path / "other")
    assert desk.share(other) == []
    assert len(list(other.names("typing-1"))) == 1
    assert sorted(one.state for one in desk.sharing().memory.all()) == ["revoked", "sent"]


def test_deleting_an_episode_takes_the_bundle_that_waits(desk: Desk) -> None:
    episode = desk.record()
    desk.approve(episode)
    with pytest.raises(CutError):
        desk.share(CutDrop(desk.drop, "before"))  # type: ignore[arg-type]  # it acts like one
    delete_episode(desk.person.folder, episode.episode_id)
    assert not list(desk.sharing().memory.path.glob("*.tar"))
    assert desk.share() == []


def test_a_drop_that_is_away_loses_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.approve(desk.record())
    drop = desk.drop
    (tmp_path / "drop").rename(tmp_path / "away")
    with pytest.raises(DropUnreachable):
        desk.share(drop)
    (tmp_path / "away").rename(tmp_path / "drop")
    assert len(desk.share()) == 1


def test_after_withdrawing_or_expiring_nothing_leaves(desk: Desk) -> None:
    desk.approve(desk.record())
    plan = desk.plan()
    joined = desk.sharing().joined
    withdraw(desk.person.place(desk.study), Clock(NOW + 5))
    with pytest.raises(NoConsent):
        desk.share()
    rejoined = desk.person.join(desk.study, TEXT)
    assert rejoined.pseudonym == joined.pseudonym
    desk.clock.now_ns = NOW + 40 * DAY
    (one,) = plan.planned
    with pytest.raises(ConsentExpired):
        share(desk.sharing(rejoined), one.approval, one.contents, desk.drop)
    assert list(desk.drop.names("typing-1")) == []


def test_who_withdraws_or_narrows_while_it_is_shown_shares_nothing(desk: Desk) -> None:
    desk.approve(desk.record())
    (one,) = desk.plan().planned
    shown = desk.sharing()
    narrow(desk.person.place(desk.study), Levels(), Clock(NOW + 1))
    with pytest.raises(NotBundled, match="changed since"):
        share(shown, one.approval, one.contents, desk.drop)
    withdraw(desk.person.place(desk.study), Clock(NOW + 1))
    with pytest.raises(NoConsent):
        share(shown, one.approval, one.contents, desk.drop)
    assert list(desk.drop.names("typing-1")) == []


def test_one_that_waits_goes_only_while_its_approval_holds(desk: Desk) -> None:
    episode = desk.record()
    desk.approve(episode)
    (one,) = desk.plan().planned
    with pytest.raises(CutError):
        desk.share(CutDrop(desk.drop, "before"))  # type: ignore[arg-type]  # it acts like one
    desk.approve(episode, [TimeRange(0, 20 * SECOND)])
    with alone(desk.sharing().memory), pytest.raises(NotBundled):
        share(desk.sharing(), one.approval, one.contents, desk.drop)
    assert list(desk.drop.names("typing-1")) == []


def test_an_approval_that_no_longer_holds_is_not_shared(desk: Desk) -> None:
    episode = desk.record()
    desk.approve(episode)
    (one,) = desk.plan().planned
    remove(episode, Selection((TimeRange(0, 20 * SECOND),)), desk.studio.owner)
    with alone(desk.sharing().memory), pytest.raises(NotBundled):
        share(desk.sharing(), one.approval, one.contents, desk.drop)
    desk.approve(desk.studio.open(episode.path))
    with (episode.path / "manifest.json").open("ab") as file:
        file.write(b" ")
    with pytest.raises(NotBundled, match="changed"):
        desk.plan(named=True)


def test_what_was_shown_is_what_is_sealed(desk: Desk) -> None:
    episode = desk.record()
    desk.approve(episode)
    (one,) = desk.plan().planned
    desk.approve(episode, [TimeRange(0, 20 * SECOND)])
    with alone(desk.sharing().memory), pytest.raises(NotBundled):
        share(desk.sharing(), one.approval, one.contents, desk.drop)


def test_two_programs_do_not_share_at_once(desk: Desk) -> None:
    memory = desk.sharing().memory
    with (
        alone(memory),
        pytest.raises(SharingGoesOn),
        alone(SharedFolder(desk.person.folder, "typing-1")),
    ):
        pass


BEYOND = {
    "typed text": (Levels(titles=TitlesLevel.HOST), ("*",)),
    "keys": (replace(TEXT, keyboard=KeyboardLevel.OFF), ("*",)),
    "pictures with text": (replace(TEXT, screen=ScreenLevel.LAYOUT), ("*",)),
    "pictures": (replace(TEXT, screen=ScreenLevel.OFF), ("*",)),
    "names of windows": (replace(TEXT, titles=TitlesLevel.APP), ("*",)),
    "0:00:30..": (TEXT, ("xterm",)),
    "0:00:00..0:00:30": (TEXT, ("chromium:*.example.com",)),
    "at 0:00:30..": (TEXT, ("xterm", "chromium:other.example")),
}


@pytest.mark.parametrize("what", BEYOND)
def test_what_is_beyond_the_consent_is_neither_approved_nor_shared(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, monkeypatch)
    episode = desk.record()
    joined = desk.person.join(desk.study, *BEYOND[what])
    with pytest.raises(BeyondConsent) as beyond:
        desk.approve(episode)
    assert what in str(beyond.value)
    assert beyond.value.code is ExitCode.CONSENT_MISMATCH
    assert desk.all() == []
    approval = desk.approve(episode, bound=False)
    with pytest.raises(BeyondConsent):
        contents_of(desk.sharing(joined), approval)
    with pytest.raises(BeyondConsent):
        desk.plan()


def test_the_ranges_that_the_fix_names_can_be_approved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, monkeypatch)
    episode = desk.record()
    desk.person.join(desk.study, TEXT, ("chromium:jira.example.com",))
    with pytest.raises(BeyondConsent, match=r"--range 0:00:30\.\."):
        desk.approve(episode)
    desk.approve(episode, [TimeRange(30 * SECOND, 90 * SECOND)])
    assert len(desk.share()) == 1


def test_a_study_that_was_left_or_never_joined_bounds_nothing(desk: Desk) -> None:
    folder, state = desk.person.folder, desk.person.state
    assert bounds_for(folder, state, "other") is None
    assert bounds_for(folder, state, "typing-1") == bounds_of(desk.sharing().joined)
    withdraw(desk.person.place(desk.study), Clock(NOW + 5))
    assert bounds_for(folder, state, "typing-1") is None


def test_who_takes_the_place_of_a_bundle_that_waits_keeps_it_out_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.approve(desk.record())

    def away(*_: object) -> bool:
        raise DropUnreachable("drop", "away")

    with monkeypatch.context() as patch:
        patch.setattr(FolderDrop, "put", away)
        with pytest.raises(DropUnreachable):
            desk.share()
    (waiting,) = desk.sharing().memory.all()
    name = drop_path("bundles", waiting.study, waiting.pseudonym, waiting.bundle_id)
    assert desk.drop.put(name, b"of somebody else")
    with pytest.raises(DropHasAnother):
        desk.share()
    (shared,) = desk.share()
    assert shared != name
