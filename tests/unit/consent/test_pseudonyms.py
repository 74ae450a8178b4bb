"""Pseudonyms: they follow from the keys of a study, and what is shared under one stays theirs."""

import pyrage
import pytest

from recorder.consent import chain, giving
from recorder.consent.errors import ConsentUntrusted
from recorder.consent.kept_keys import reseal_user_keys, user_key_of
from recorder.consent.keys import KeyUnusable
from recorder.consent.ledger import set_aside
from recorder.consent.pseudonym import pseudonym_of
from recorder.consent.records import digest
from recorder.consent.studies import answered_keys, find_joined, kept_notices, study_place
from tests.unit.consent.conftest import Person
from tests.unit.consent.made_studies import controller, joins, notice_of


def test_the_pseudonym_follows_from_the_keys_of_the_study(person: Person) -> None:
    joins(person)
    found = find_joined(person.folder, person.state, "typing-1")
    user, device = (key.public for key in found.public_keys())
    assert found.pseudonym == pseudonym_of(user, device)
    assert pseudonym_of(device, user) != found.pseudonym
    assert pseudonym_of("00" * 32, "11" * 32) == "pa3e2793a12dd3b105cf8abfabb4d6fca"


def test_a_pseudonym_that_its_keys_do_not_give_is_refused_and_joining_again_makes_new_keys(
    person: Person,
) -> None:
    """So was every chain of an early version."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (chain, giving):
            patch.setattr(module, "pseudonym_of", lambda *_: "p" + "0" * 32)
        place = joins(person)
        before, _ = find_joined(person.folder, person.state, "typing-1").public_keys()
    with pytest.raises(ConsentUntrusted, match="a pseudonym that its keys do not give") as refused:
        find_joined(person.folder, person.state, "typing-1")
    assert "consent give --notice" in refused.value.fix
    assert "--study typing-1 --erase all" in refused.value.fix
    set_aside(place, "MARK")
    joins(person)
    again = find_joined(person.folder, person.state, "typing-1")
    assert again.public_keys()[0] != before
    kept = user_key_of(person.folder, str(person.identity), "typing-1", before.public)
    assert kept.public == before


def test_keys_that_gave_way_follow_new_owners_and_damaged_ones_keep_no_other(
    person: Person,
) -> None:
    place = joins(person)
    for mark in ("ONE", "TWO"):
        set_aside(place, mark)
        joins(person)
    damaged = next((person.folder / "keys" / "earlier").glob("*/user.key.age"))
    kept = {path: path.read_bytes() for path in damaged.parents[1].glob("*/user.key.age")}
    damaged.write_bytes(b"x")
    new = pyrage.x25519.Identity.generate()
    reseal_user_keys(person.folder, str(person.identity), [str(new.to_public())])
    changed = [path for path, data in kept.items() if path.read_bytes() != data]
    assert len(changed) == len(kept) == 2
    assert damaged.read_bytes() == b"x"
    user, _ = find_joined(person.folder, person.state, "typing-1").public_keys()
    assert user_key_of(person.folder, str(new), "typing-1", user.public).public == user


def test_the_keys_of_every_notice_that_was_answered_are_the_studys(person: Person) -> None:
    joins(person)
    joins(person, signer="two", version="2.0")
    place = joins(person, signer="three", version="3.0")
    keys = [controller(name).public.public for name in ("three", "two", "one")]
    assert list(answered_keys(place)) == keys
    gone = place.notices / f"{digest(notice_of(signer='two', version='2.0'))}.md"
    gone.unlink()
    assert list(answered_keys(place)) == [keys[0], keys[2]]


def test_a_key_that_is_nowhere_is_said(person: Person) -> None:
    joins(person)
    with pytest.raises(KeyUnusable, match="by which typing-1 knew you is gone"):
        user_key_of(person.folder, str(person.identity), "typing-1", "0" * 64)


def test_a_study_whose_chain_is_gone_is_found_by_its_keys_and_notices(person: Person) -> None:
    place = joins(person)
    joins(person, "typing-2")
    set_aside(place, "MARK")
    assert study_place(person.folder, person.state, "typing-1") == place
    assert [notice.sha256 for notice in kept_notices(place)] == [digest(notice_of())]
    next(place.notices.glob(f"{digest(notice_of())}.md.dsse.json")).unlink()
    assert kept_notices(place) == []
