"""Leaving a study: what nobody fetched comes back, and every drop has the word, once."""

from pathlib import Path

import pytest

from recorder.cli.settling import put_notice
from recorder.consent.giving import narrow
from recorder.core.errors import ExitCode
from recorder.core.levels import Levels
from recorder.places import places
from recorder.sharing.collected import collected_by
from recorder.sharing.erasure_notice import NoticeRefused
from recorder.sharing.leaving import take_rest_back, tell_left
from recorder.sharing.leaving_notice import LeavingNotice, check_leaving, pack_leaving
from tests.unit.sharing.shared_study import STUDY, MadeStudy, Participant, WallClock
from tests.unit.sharing.sharer import Sharer


@pytest.fixture(scope="session")
def study() -> MadeStudy:
    return MadeStudy()


@pytest.fixture
def sharer(tmp_path: Path, study: MadeStudy) -> Sharer:
    return Sharer(tmp_path / "one", study)


def tell(sharer: Sharer) -> list[str]:
    errors = tell_left(sharer.memory, sharer.person.joined, put_notice)
    return [error.message for error in errors]


def word(person: Participant, **change: str) -> bytes:
    asker = person.asker
    told = LeavingNotice(
        study=STUDY, pseudonym=asker.pseudonym, user_key=asker.keys.user_key,
        device_key=asker.keys.device_key, ledger_head=asker.ledger_head,
    ).model_copy(update=change)  # fmt: skip
    return pack_leaving(told, person.device, asker.ledger)


def test_what_is_told_arrives_with_the_ledger(sharer: Sharer) -> None:
    sharer.share()
    sharer.person.withdraw()
    assert tell(sharer) == []
    (path,) = sharer.leavings()
    found = check_leaving(path.read_bytes(), STUDY)
    assert found.ledger == sharer.person.place.ledger.read_bytes()
    assert path.stem == found.notice.ledger_head
    assert found.notice.pseudonym == path.parent.name == sharer.person.joined.pseudonym


def test_nobody_is_told_who_never_got_anything_or_whom_nobody_left(sharer: Sharer) -> None:
    sharer.person.withdraw()
    assert tell(sharer) == []
    sharer.person.agree()
    sharer.share()
    assert tell(sharer) == []
    assert sharer.leavings() == []


def test_a_drop_that_is_away_is_told_later_and_each_once(sharer: Sharer, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    sharer.share()
    sharer.share(tmp_path / "other")
    sharer.person.withdraw()
    sharer.drop.rename(tmp_path / "away")
    assert len(tell(sharer)) == 1
    (tmp_path / "away").rename(sharer.drop)
    assert tell(sharer) == []
    (path,) = sharer.leavings()
    path.unlink()
    assert tell(sharer) == []
    assert sharer.leavings() == []


def test_who_leaves_again_is_heard_again(sharer: Sharer) -> None:
    sharer.share()
    sharer.person.withdraw()
    tell(sharer)
    sharer.person.agree()
    assert tell(sharer) == []
    sharer.person.withdraw()
    tell(sharer)
    assert len(sharer.leavings()) == 2


def test_a_place_whose_disk_is_away_is_not_told_in_its_stead(
    sharer: Sharer, tmp_path: Path
) -> None:
    sharer.share()
    sharer.person.withdraw()
    sharer.drop.rename(tmp_path / "away")
    sharer.drop.mkdir()
    (why,) = tell(sharer)
    assert "nothing of typing-1 is in it" in why
    assert list(sharer.drop.iterdir()) == []


def test_what_was_not_collected_comes_back(sharer: Sharer) -> None:
    kept, other = sharer.share(), sharer.share()
    back = take_rest_back(sharer.memory, {kept.bundle_id: "2026-11-22"})
    assert [one.bundle_id for one in back.there] == [other.bundle_id]
    assert sharer.path(kept).exists()
    assert collected_by(sharer.memory, places().state) == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"pseudonym": "p" + "0" * 32}, ExitCode.SIGNATURE),
        ({"user_key": "0" * 64}, ExitCode.SIGNATURE),
        ({"study": "other"}, ExitCode.AUDIENCE),
        ({"ledger_head": "0" * 64}, ExitCode.CONSENT_MISMATCH),
    ],
)
def test_a_word_that_is_not_the_participants_is_refused(
    sharer: Sharer, change: dict[str, str], code: ExitCode
) -> None:
    sharer.person.withdraw()
    assert check_leaving(word(sharer.person), STUDY)
    with pytest.raises(NoticeRefused) as refused:
        check_leaving(word(sharer.person, **change), STUDY)
    assert refused.value.code is code


def test_a_ledger_that_ends_in_no_withdrawal_is_refused(sharer: Sharer) -> None:
    with pytest.raises(NoticeRefused, match="ends in no withdrawal"):
        check_leaving(word(sharer.person), STUDY)
    narrow(sharer.person.place, Levels(), WallClock())
    with pytest.raises(NoticeRefused, match="ends in no withdrawal"):
        check_leaving(word(sharer.person), STUDY)


def test_a_word_signed_by_another_or_damaged_is_refused(
    sharer: Sharer, tmp_path: Path, study: MadeStudy
) -> None:
    sharer.person.withdraw()
    other = Sharer(tmp_path / "other", study)
    asker = sharer.person.asker
    told = LeavingNotice(
        study=STUDY, pseudonym=asker.pseudonym, user_key=asker.keys.user_key,
        device_key=asker.keys.device_key, ledger_head=asker.ledger_head,
    )  # fmt: skip
    with pytest.raises(NoticeRefused, match="did not sign it"):
        check_leaving(pack_leaving(told, other.person.device, asker.ledger), STUDY)
    data = word(sharer.person)
    for bad in (data[:-1], data + b"\0", b"", data.replace(b"e", b"f", 1)):
        with pytest.raises(NoticeRefused):
            check_leaving(bad, STUDY)
