"""Two people, one drop that both can list and write: neither acts for the other, or keeps them out."""

from dataclasses import replace
from pathlib import Path

import pytest

from recorder.consent.giving import withdraw
from recorder.consent.keys import SigningKey, load_device_key
from recorder.consent.studies import Joined
from recorder.core.errors import ExitCode
from recorder.sharing.bundle import ledger_head
from recorder.sharing.drop_layout import Kind, drop_path
from recorder.sharing.erasing import Asker, Scope, ask_erasure, asker_of, deliver_erasures
from recorder.sharing.leaving_notice import LeavingNotice, pack_leaving
from tests.unit.research.bundles import Content, Lab, bundle, new_id
from tests.unit.sharing.joining import Clock, Person, make_person


@pytest.fixture
def victim(tmp_path: Path) -> Person:
    return make_person(tmp_path / "victim")


@pytest.fixture
def thief(tmp_path: Path) -> Person:
    return make_person(tmp_path / "thief")


def put(lab: Lab, kind: Kind, pseudonym: str, name: str, data: bytes) -> Path:
    path = lab.drop / drop_path(kind, lab.name, pseudonym, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def notice(person: Person, asker: Asker, key: SigningKey) -> bytes:
    ask_erasure(person.folder, asker, Scope(), key, ["d"])
    found: list[bytes] = []
    deliver_erasures(person.folder, asker.study, lambda _, __, data: found.append(data))
    return found[0]


def word_of_leaving(person: Person, pseudonym: str, joined: Joined) -> bytes:
    ledger, (user, device) = joined.place.ledger.read_bytes(), joined.public_keys()
    told = LeavingNotice(
        study=joined.study, pseudonym=pseudonym, user_key=user.public, device_key=device.public,
        ledger_head=ledger_head(ledger),
    )  # fmt: skip
    return pack_leaving(told, load_device_key(person.folder, joined.study), ledger)


def test_nobody_leaves_or_erases_for_somebody_else(lab: Lab, victim: Person, thief: Person) -> None:
    hers, his = victim.join(lab.study), thief.join(lab.study)
    told = lab.share(victim, hers)
    withdraw(his.place, Clock())
    forged = replace(asker_of(his), pseudonym=hers.pseudonym)
    key = his.user_key(thief.identity)
    put(lab, "erasures", hers.pseudonym, new_id(), notice(thief, forged, key))
    word = word_of_leaving(thief, hers.pseudonym, his)
    put(lab, "leavings", hers.pseudonym, "a" * 64, word)
    report = lab.collect()
    why = "its keys are not those of its pseudonym"
    assert [one.reason for one in report.erased.refused] == [why]
    assert [one.reason for one in report.withdrew.refused] == [why]
    assert [one.bundle_id for one in lab.collection.bundles()] == [told.bundle_id]


def test_a_copy_in_ones_own_folder_keeps_nobody_out_and_is_answered_to_nobody(
    lab: Lab, victim: Person, thief: Person
) -> None:
    hers, his = victim.join(lab.study), thief.join(lab.study)
    data, told = bundle(victim, hers, Content())
    put(lab, "bundles", his.pseudonym, told.bundle_id, data)
    assert lab.collect().tally.states == {"refused": 1}
    assert not list((lab.drop / lab.name).glob("receipts/*/*"))
    lab.put(data, told)
    assert lab.collect().tally.states == {"refused before": 1, "new": 1}
    assert [one.pseudonym for one in lab.collection.bundles()] == [hers.pseudonym]


def test_what_lay_there_before_says_nothing_new_when_it_is_put_there_again(
    lab: Lab, victim: Person
) -> None:
    """Her leaving and her notice of before do nothing once she came back and shared again."""
    hers = victim.join(lab.study)
    first, of_before = bundle(victim, hers, Content())
    lab.share(victim, hers)
    withdraw(hers.place, Clock())
    word = word_of_leaving(victim, hers.pseudonym, hers)
    put(lab, "leavings", hers.pseudonym, ledger_head(hers.place.ledger.read_bytes()), word)
    assert lab.collect().withdrew.new == [hers.pseudonym]
    asked = notice(victim, asker_of(hers), hers.user_key(victim.identity))
    put(lab, "erasures", hers.pseudonym, new_id(), asked)
    assert len(lab.collect().erased.done) == 1
    told = lab.share(victim, victim.join(lab.study))
    put(lab, "leavings", hers.pseudonym, "b" * 64, word)
    put(lab, "erasures", hers.pseudonym, new_id(), asked)
    put(lab, "bundles", hers.pseudonym, of_before.bundle_id, first)
    for _ in range(2):
        report = lab.collect()
        assert report.withdrew.new == []
        assert [one.bundle_id for one in lab.collection.bundles()] == [told.bundle_id]
    assert {code for code, _ in report.tally.refused} <= {int(ExitCode.ERASED)}


def test_the_ledger_beside_a_notice_that_somebody_changed_is_not_believed(
    lab: Lab, victim: Person, thief: Person
) -> None:
    hers, his = victim.join(lab.study), thief.join(lab.study)
    told = lab.share(victim, hers)
    lab.collect()
    kept = lab.collection.participant(hers.pseudonym).ledger
    changed = replace(asker_of(hers), ledger=his.place.ledger.read_bytes())
    asked = notice(victim, changed, hers.user_key(victim.identity))
    put(lab, "erasures", hers.pseudonym, new_id(), asked)
    assert len(lab.collect().erased.done) == 1
    assert lab.collection.participant(hers.pseudonym).ledger == kept
    assert told.bundle_id not in {one.bundle_id for one in lab.collection.bundles()}
