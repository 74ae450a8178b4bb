"""Sharing that meets what was shared before, a drop that is gone, or a change of mind."""

from pathlib import Path

import pytest

from recorder.consent.errors import NoConsent
from recorder.consent.giving import withdraw
from recorder.episodes.selection import TimeRange
from recorder.research.participants import Erased
from recorder.sharing import drops
from recorder.sharing.bundle import NotBundled
from recorder.sharing.drops import open_drop
from recorder.sharing.erasing import Scope, ask_erasure, asker_of, erasures
from recorder.sharing.pace import Pace
from recorder.sharing.replacing import ALL_TIMES
from recorder.sharing.sending import share, still_agreed
from recorder.sharing.shared import alone
from recorder.sharing.statements import RECEIPT_TYPE, Receipt
from recorder.sharing.study_ids import id_for_study
from tests.unit.episodes.studio import SECOND
from tests.unit.sharing.cut_drop import CutDrop, CutError
from tests.unit.sharing.desk import TEXT, Desk
from tests.unit.sharing.joining import NOW, Clock


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path, monkeypatch)
    desk.person.join(desk.study, TEXT)
    return desk


def test_a_drop_that_is_gone_keeps_nothing_new_from_being_shared(
    desk: Desk, tmp_path: Path
) -> None:
    desk.approve(desk.record())
    (tmp_path / "other").mkdir()
    with pytest.raises(CutError):
        desk.share(CutDrop(desk.drop, "after"))  # type: ignore[arg-type]  # it acts like one
    other = open_drop(tmp_path / "other")
    sharing = desk.sharing()
    (tmp_path / "drop").rename(tmp_path / "away")
    with alone(sharing.memory):
        (one,) = desk.plan().planned
        share(sharing, one.approval, one.contents, other)
    assert len(list(other.names("typing-1"))) == 1
    assert [one.drop for one in sharing.memory.owed()] == [str(tmp_path / "drop")]


def test_sharing_anew_what_was_collected_asks_to_erase_the_earlier_one(desk: Desk) -> None:
    episode = desk.record()
    desk.approve(episode)
    desk.share()
    (wide,) = desk.sharing().memory.all()
    sharing = desk.sharing()
    receipt = Receipt(
        receipt_id=wide.bundle_id, study="typing-1", pseudonym=wide.pseudonym,
        answers=wide.bundle_id, verdict="collected", code=0, created=wide.manifest.created,
    )  # fmt: skip
    path = sharing.memory.path / "rows" / f"{wide.bundle_id}.dsse.json"
    path.parent.mkdir()
    path.write_bytes(desk.study.key.sign(receipt.payload(), RECEIPT_TYPE))
    desk.approve(episode, [TimeRange(0, 20 * SECOND)])
    assert len(desk.share()) == 1
    (wish,) = erasures(desk.person.folder, "typing-1")
    assert (wish.notice.episodes, wish.notice.ranges) == ((wide.manifest.episode_id,), ALL_TIMES)
    erased = Erased().with_part(wish.notice.episodes[0], wish.notice.created)
    old, new = sorted(sharing.memory.all(), key=lambda one: one.state)
    assert (old.state, new.state) == ("revoked", "sent")
    covers = [erased.covers(wish.notice.episodes[0], one.manifest.created) for one in (old, new)]
    assert covers == [True, False]


def test_an_episode_that_was_erased_as_a_whole_is_not_sent_in_vain(desk: Desk) -> None:
    episode = desk.record()
    desk.approve(episode)
    joined, folder = desk.sharing().joined, desk.person.folder
    gone = id_for_study(folder, "typing-1", episode.episode_id)
    key = joined.user_key(desk.person.identity)
    ask_erasure(folder, asker_of(joined), Scope((gone,), ALL_TIMES), key, ["d"])
    assert len(desk.plan().planned) == 1
    ask_erasure(folder, asker_of(joined), Scope((gone,)), key, ["d"])
    with pytest.raises(NotBundled, match="never takes it again"):
        desk.plan(named=True)


class _Leaving:
    """Somebody who withdraws in another terminal while the first piece is sent."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.pieces = desk, 0

    def __call__(self, _size_bytes: int) -> None:
        self.pieces += 1
        if self.pieces == 1:
            withdraw(self.desk.person.place(self.desk.study), Clock(NOW + 5))


@pytest.mark.parametrize("chunk", [1_000, 1 << 20])
def test_who_withdraws_while_it_is_sent_stops_it_and_has_it_back(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(drops, "CHUNK_BYTES", chunk)
    desk.approve(desk.record())
    (one,) = desk.plan().planned
    sharing, leaving = desk.sharing(), _Leaving(desk)
    with alone(sharing.memory), pytest.raises(NoConsent):
        share(sharing, one.approval, one.contents, desk.drop, leaving)
    assert leaving.pieces == 1
    assert [
        path for path in (desk.person.folder.parent / "drop").rglob("*") if path.is_file()
    ] == []
    assert [one.state for one in sharing.memory.all()] == ["revoked"]
    assert not list(sharing.memory.path.glob("*.tar"))


def test_waiting_for_the_pace_ends_when_consent_does(desk: Desk) -> None:
    slept: list[float] = []
    look = still_agreed(desk.sharing())

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            withdraw(desk.person.place(desk.study), Clock(NOW + 5))

    with pytest.raises(NoConsent):
        Pace(1, lambda: 0.0, sleep, look).spend(3600)
    assert (len(slept), max(slept) <= 1) == (3, True)
