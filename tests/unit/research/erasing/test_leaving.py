"""Hearing who left: the longest ledger wins, and nothing shared before it is taken after."""

from pathlib import Path

import pytest

from recorder.consent.giving import Answer, give
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.core.levels import Levels
from recorder.research.collection import utc_now
from recorder.research.leaving import Heard, hear_leavings
from recorder.research.memory_gate import check_memory
from recorder.research.privacy_facts import consents
from recorder.sharing.bundle_gate import Expect, Refused, check_outer
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.folder_drop import FolderDrop
from recorder.sharing.leaving_notice import LeavingNotice, pack_leaving
from tests.unit.research.erasing.lab import FIRST, Lab
from tests.unit.sharing.shared_study import STUDY, Participant, WallClock


def leave(lab: Lab, person: Participant) -> Path:
    """Withdraw, and put the word into the drop."""
    person.withdraw()
    asker = person.asker
    told = LeavingNotice(
        study=STUDY, pseudonym=asker.pseudonym, user_key=asker.keys.user_key,
        device_key=asker.keys.device_key, ledger_head=asker.ledger_head,
    )  # fmt: skip
    name = drop_path("leavings", STUDY, asker.pseudonym, asker.ledger_head)
    lab.drop.put(name, pack_leaving(told, person.device, asker.ledger))
    return lab.drop_folder / name


def hear(lab: Lab) -> Heard:
    failed = EachAlone()
    heard = hear_leavings(lab.collection, [lab.drop], failed)
    assert failed.failed == []
    return heard


def refusal(lab: Lab, path: Path) -> ExitCode:
    study = lab.study
    expect = Expect(STUDY, study.public, {study.notice.sha256: study.notice}, WallClock().wall_ns())
    with pytest.raises(Refused) as refused:
        check_memory(lab.collection, check_outer(path, expect), utc_now())
    return refused.value.code


def test_who_left_before_anything_came_is_known_and_their_bundle_refused(
    lab: Lab, person: Participant, tmp_path: Path
) -> None:
    person.bundle(tmp_path / "late.tar", FIRST)
    leave(lab, person)
    assert hear(lab) == Heard(new=[person.joined.pseudonym])
    assert consents(lab.collection, utc_now()).states == {"withdrawn": 1}
    assert refusal(lab, tmp_path / "late.tar") is ExitCode.CONSENT_MISMATCH


def test_it_is_heard_once_and_what_was_collected_stays(lab: Lab, person: Participant) -> None:
    held = lab.hold(person, FIRST)
    leave(lab, person)
    assert len(hear(lab).new) == 1
    assert hear(lab) == Heard()
    assert lab.held == [held.bundle_id]
    assert lab.collection.participant(held.pseudonym).ledger == person.place.ledger.read_bytes()


def test_an_old_word_does_not_end_a_yes_that_came_after_it(lab: Lab, person: Participant) -> None:
    leave(lab, person)
    person.agree()
    lab.hold(person, FIRST)
    hear(lab)
    assert consents(lab.collection, utc_now()).states == {"given": 1}


def test_a_word_whose_ledger_is_another_than_the_one_known_is_refused(
    lab: Lab, person: Participant
) -> None:
    before = person.place.ledger.read_bytes()
    answer = Answer(person.study.notice, person.study.notice_bytes, Levels(), ("xterm",))
    give(person.place, answer, person.user, WallClock())
    held = lab.hold(person, FIRST)
    for head in (person.state / "heads").iterdir():
        head.unlink()
    person.place.ledger.unlink()
    person.agree()
    assert person.place.ledger.read_bytes() != before
    leave(lab, person)
    (refused,) = hear(lab).refused
    assert refused.code is ExitCode.SIGNATURE
    known = lab.collection.participant(held.pseudonym).ledger
    assert known != person.place.ledger.read_bytes()


def test_a_damaged_word_or_a_drop_that_is_away_keeps_no_other(
    lab: Lab, person: Participant, tmp_path: Path
) -> None:
    path = leave(lab, person)
    bad = path.with_name("0" * 64 + ".tar")
    bad.write_bytes(b"nothing")
    (tmp_path / "away").mkdir()
    away = FolderDrop(tmp_path / "away")
    (tmp_path / "away").rmdir()
    failed = EachAlone()
    heard = hear_leavings(lab.collection, [away, lab.drop], failed)
    assert (len(heard.new), [one.code for one in heard.refused]) == (1, [ExitCode.FORMAT])
    assert [name for name, _ in failed.failed] == [str(tmp_path / "away")]
