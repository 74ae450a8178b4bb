"""Taking bundles back: noted first, done when the drop is there, never believed without it."""

import shutil
from pathlib import Path

import pytest

from recorder.core.ids import ulid
from recorder.sharing import shared
from recorder.sharing.shared import BundleUnknown, SharingGoesOn, alone, find_shared
from recorder.sharing.taking_back import take_back, take_owed
from tests.unit.sharing.shared_study import MadeStudy
from tests.unit.sharing.sharer import Sharer


@pytest.fixture(scope="session")
def study() -> MadeStudy:
    return MadeStudy()


@pytest.fixture
def sharer(tmp_path: Path, study: MadeStudy) -> Sharer:
    return Sharer(tmp_path / "one", study)


def test_what_is_taken_back_is_in_no_drop(sharer: Sharer) -> None:
    one, other = sharer.share(), sharer.share()
    back = take_back(sharer.memory, [one])
    assert ([it.bundle_id for it in back.there], back.owed) == ([one.bundle_id], [])
    assert (sharer.path(one).exists(), sharer.path(other).exists()) == (False, True)
    assert [it.state for it in find_shared(sharer.person.folder, one.episode_id)] == ["revoked"]
    assert take_back(sharer.memory, [one]).there == []
    with pytest.raises(BundleUnknown):
        find_shared(sharer.person.folder, ulid(0, b"x" * 10))


def test_a_drop_that_is_away_is_owed_and_asked_again(sharer: Sharer, tmp_path: Path) -> None:
    bundles = [sharer.share() for _ in range(3)]
    sharer.drop.rename(tmp_path / "away")
    back = take_back(sharer.memory, bundles)
    assert (len(back.owed), list(back.failed)) == (3, [str(sharer.drop)])
    assert {one.state for one in sharer.memory.all()} == {"revoked"}
    assert len(take_owed(sharer.memory).owed) == 3
    (tmp_path / "away").rename(sharer.drop)
    assert len(take_owed(sharer.memory).there) == 3
    assert sharer.memory.owed() == []
    assert not any(sharer.path(one).exists() for one in bundles)


def test_a_place_whose_disk_is_away_is_not_taken_for_an_empty_drop(
    sharer: Sharer, tmp_path: Path
) -> None:
    one = sharer.share()
    sharer.drop.rename(tmp_path / "away")
    sharer.drop.mkdir()
    back = take_back(sharer.memory, [one])
    assert (back.gone, len(back.owed)) == ([], 1)
    assert "nothing of typing-1 is in it" in str(back.failed[str(sharer.drop)])


def test_one_dead_drop_keeps_no_other(sharer: Sharer, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    dead, alive = sharer.share(tmp_path / "old"), sharer.share()
    shutil.rmtree(tmp_path / "old")
    back = take_back(sharer.memory, [dead, alive])
    assert ([it.bundle_id for it in back.owed], len(back.there)) == ([dead.bundle_id], 1)


def test_killed_after_the_note_the_next_run_ends_it(sharer: Sharer) -> None:
    one = sharer.share()
    sharer.memory.owe(one.model_copy(update={"state": "revoked", "revoked": one.sent}))
    assert len(take_owed(sharer.memory).there) == 1
    assert [it.state for it in sharer.memory.all()] == ["revoked"]


def test_what_a_killed_program_had_begun_to_send_goes_too(sharer: Sharer) -> None:
    one = sharer.share(sent=False)
    path = sharer.path(one)
    begun = path.with_name(f"{path.name}.0123456789abcdef.tmp")
    path.rename(begun)
    back = take_back(sharer.memory, [one])
    assert (len(back.gone), begun.exists()) == (1, False)


def test_notes_are_read_once_however_many_episodes_are_asked_for(
    sharer: Sharer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundles = [sharer.share() for _ in range(4)]
    memory = sharer.memory
    assert list(memory.all()) == bundles
    monkeypatch.setattr(shared, "read_regular", pytest.fail)
    memory.keep(bundles[0].model_copy(update={"minutes": 2}))
    assert [one.minutes for it in bundles for one in memory.of_episode(it.episode_id)] == [
        2, 1, 1, 1,
    ]  # fmt: skip


def test_who_waits_for_another_program_gets_its_turn_or_a_sentence(sharer: Sharer) -> None:
    with alone(sharer.memory):
        with pytest.raises(SharingGoesOn, match="typing-1"), alone(sharer.memory, 0.1):
            pass
        sharer.share()
    with alone(sharer.memory, 0.1):
        assert len(list(sharer.memory.all())) == 1
