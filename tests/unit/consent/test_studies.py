"""Studies: a signed notice, keys and a name of their own, nothing that links two of them."""

import base64
import json
import re
from pathlib import Path

import pyrage
import pytest

from recorder.consent.audit import audit
from recorder.consent.chain import foreign_ledger
from recorder.consent.errors import ClockSetBack, ConsentExpired, ConsentUntrusted, NoConsent
from recorder.consent.giving import Answer, give, narrow, refuse, withdraw
from recorder.consent.kept_keys import reseal_user_keys
from recorder.consent.keys import KeyUnusable, load_user_key
from recorder.consent.ledger import read_ledger
from recorder.consent.notice import parse_notice
from recorder.consent.notice_signature import (
    NoticeOfAnother,
    fingerprint,
)
from recorder.consent.records import NOTHING, EventState
from recorder.consent.studies import (
    StudyUnknown,
    find_joined,
    invited,
    joined,
    study_chains,
    study_place,
)
from recorder.core.levels import KeyboardLevel, Levels
from tests.unit.consent.conftest import DAY_NS, Person
from tests.unit.consent.made_studies import (
    controller,
    joins,
    notice_of,
    signature_of,
)

_LONG = 8
"""Characters from which a shared string could point to a person."""


def test_joining_gives_a_pseudonym_that_stays(person: Person) -> None:
    joins(person)
    first = find_joined(person.folder, person.state, "typing-1")
    person.clock.pass_ns(DAY_NS)
    withdraw(first.place, person.clock)
    person.clock.pass_ns(DAY_NS)
    joins(person, version="2.0")
    again = find_joined(person.folder, person.state, "typing-1")
    assert re.fullmatch(r"p[0-9a-f]{32}", first.pseudonym)
    assert again.pseudonym == first.pseudonym
    assert again.consent_id != first.consent_id
    assert again.notice.terms.version == "2.0"
    again.in_force(person.clock)


def test_sharing_and_recording_are_two_consents(person: Person) -> None:
    person.says_yes()
    place = joins(person)
    withdraw(place, person.clock)
    assert person.gate().open().terms.levels == Levels()
    joins(person)
    withdraw(person.place, person.clock)
    find_joined(person.folder, person.state, "typing-1").in_force(person.clock)


def test_a_study_opens_no_source(person: Person) -> None:
    joins(person)
    with pytest.raises(NoConsent, match="not agreed to any recording"):
        person.gate().open()


def test_what_was_withdrawn_or_refused_is_not_in_force(person: Person) -> None:
    place = joins(person)
    withdraw(place, person.clock)
    with pytest.raises(NoConsent, match="You withdrew from the study typing-1") as caught:
        find_joined(person.folder, person.state, "typing-1").in_force(person.clock)
    assert "--notice" in caught.value.fix
    with pytest.raises(NoConsent, match="typing-1"):
        withdraw(place, person.clock)
    notice = notice_of()
    refuse(place, Answer(parse_notice(notice), notice, NOTHING, ()), person.clock)
    with pytest.raises(NoConsent, match="You said no to the study typing-1"):
        find_joined(person.folder, person.state, "typing-1").in_force(person.clock)


def test_consent_to_a_study_expires_and_the_clock_cannot_go_back(person: Person) -> None:
    joins(person)
    person.clock.pass_ns(-DAY_NS)
    with pytest.raises(ClockSetBack):
        find_joined(person.folder, person.state, "typing-1").in_force(person.clock)
    person.clock.pass_ns(367 * DAY_NS)
    with pytest.raises(ConsentExpired, match="to the study typing-1 expired"):
        find_joined(person.folder, person.state, "typing-1").in_force(person.clock)


def test_all_that_was_ever_joined_is_found(person: Person) -> None:
    assert joined(person.folder, person.state) == []
    withdraw(joins(person), person.clock)
    joins(person, "typing-2")
    person.says_yes()
    assert study_chains(person.folder) == ["typing-1", "typing-2"]
    states = [one.entry.state for one in joined(person.folder, person.state)]
    assert states == [EventState.WITHDRAWN, EventState.GIVEN]


@pytest.mark.parametrize("study", ["typing-9", "own", "../../x", ""])
def test_a_study_that_was_never_joined_is_named_with_those_that_were(
    person: Person, study: str
) -> None:
    joins(person)
    with pytest.raises(StudyUnknown) as caught:
        find_joined(person.folder, person.state, study)
    assert "typing-1" in caught.value.fix


def test_withdrawing_finds_the_chain_of_a_folder_that_is_away(person: Person) -> None:
    place = study_place(person.home / "gone", person.state, "typing-1")
    assert place.chain == "typing-1"


def test_a_newer_notice_must_come_from_a_controller_known_before(person: Person) -> None:
    joins(person)
    newer, stranger = notice_of(version="2.0"), notice_of(signer="two")
    notice, _ = invited(person.folder, person.state, newer, signature_of(newer))
    assert notice.terms.version == "2.0"
    with pytest.raises(NoticeOfAnother):
        invited(person.folder, person.state, stranger, signature_of(stranger, signer="two"))


def test_a_withdrawn_study_keeps_its_controllers_keys(person: Person) -> None:
    withdraw(joins(person), person.clock)
    stranger = notice_of(signer="two")
    with pytest.raises(NoticeOfAnother):
        invited(person.folder, person.state, stranger, signature_of(stranger, signer="two"))


def test_the_keys_of_a_study_are_sealed_and_follow_new_owners(person: Person) -> None:
    joins(person)
    found = find_joined(person.folder, person.state, "typing-1")
    user, device = found.public_keys()
    assert found.user_key(str(person.identity)).public == user
    assert load_user_key(person.folder, str(person.identity)).public != user
    new = pyrage.x25519.Identity.generate()
    reseal_user_keys(person.folder, str(person.identity), [str(new.to_public())])
    assert found.user_key(str(new)).public == user
    with pytest.raises(KeyUnusable):
        found.user_key(str(person.identity))
    assert device.role == "device"


def test_a_foreign_ledger_is_checked_from_its_bytes(person: Person) -> None:
    place = joins(person)
    narrow(place, Levels(keyboard=KeyboardLevel.OFF), person.clock)
    data = place.ledger.read_bytes()
    user, device = _keys(person, "typing-1")
    view = foreign_ledger(data, "typing-1", user, device)
    assert view == read_ledger(place)
    assert view.entries[-1].levels.keyboard is KeyboardLevel.OFF
    assert foreign_ledger(b"", "typing-1", user, device).head == ""


@pytest.mark.parametrize("wrong", ["cut", "other chain", "other user", "no key", "swapped", "huge"])
def test_a_foreign_ledger_that_is_not_whole_or_not_theirs_is_refused(
    person: Person, wrong: str
) -> None:
    place = joins(person)
    narrow(place, NOTHING, person.clock)
    data, chain = place.ledger.read_bytes(), "typing-1"
    user, device = _keys(person, chain)
    if wrong == "cut":
        data = data[:-1]
    elif wrong == "other chain":
        chain = "typing-2"
    elif wrong == "other user":
        user = person.key.public.public
    elif wrong == "no key":
        user = "ab"
    elif wrong == "swapped":
        data = b"\n".join(reversed(data.splitlines())) + b"\n"
    else:
        data *= 16 * 1024 * 1024 // len(data) + 1
    with pytest.raises(ConsentUntrusted):
        foreign_ledger(data, chain, user, device)


def test_an_auditor_sees_who_signed_the_notice(person: Person) -> None:
    place = joins(person)
    assert all(finding.ok for finding in audit(place))
    assert "signed by its controller" in [finding.detail for finding in audit(place)]
    next(place.notices.glob("*.dsse.json")).unlink()
    assert "not signed by its controller" in [one.detail for one in audit(place) if not one.ok]


def test_nothing_in_two_ledgers_of_one_person_links_them(person: Person) -> None:
    """Strings that stand in the notices, or in this program, are no trace of the person."""
    one = joins(person)
    person.clock.pass_ns(3 * DAY_NS + 7_654_321_987)
    other = joins(person, "typing-2", signer="two")
    (person.home / "stranger").mkdir()
    stranger = Person(person.home / "stranger")
    stranger.clock.pass_ns(11 * DAY_NS + 1_234_567_891)
    apart = joins(stranger, "typing-3", signer="three")
    constants = _strings(apart.ledger)
    shared = _strings(one.ledger) & _strings(other.ledger) - constants
    assert not {text for text in shared if len(text) >= _LONG}
    known_as = {_payload(place.ledger.read_bytes()) for place in (one, other, apart)}
    assert len({text.split('"pii_principal_id":"')[1][:33] for text in known_as}) == len(known_as)
    told = one.ledger.read_bytes() + other.ledger.read_bytes()
    for trace in (str(person.home), person.key.public.public, person.key.public.key_id):
        assert trace not in _decoded(told)
    for kind in ("user", "device"):
        files = {(place.keys / f"{kind}.pub").read_bytes() for place in (one, other, person.place)}
        assert len(files) == len((one, other, person.place))


def test_a_fingerprint_is_short_enough_to_read_out() -> None:
    shown = fingerprint(controller().public.public)
    assert re.fullmatch(r"([0-9a-f]{4} ){7}[0-9a-f]{4}", shown)
    assert shown != fingerprint(controller("two").public.public)


def test_a_second_yes_uses_the_studys_first_keys(person: Person) -> None:
    joins(person)
    before = find_joined(person.folder, person.state, "typing-1").public_keys()
    joins(person)
    assert find_joined(person.folder, person.state, "typing-1").public_keys() == before


def test_ones_own_key_gives_no_yes_to_a_study(person: Person) -> None:
    place = joins(person)
    notice = notice_of()
    parsed = parse_notice(notice)
    give(place, Answer(parsed, notice, Levels(), ("*",)), person.key, person.clock)
    with pytest.raises(ConsentUntrusted):
        find_joined(person.folder, person.state, "typing-1")


def _keys(person: Person, study: str) -> tuple[str, str]:
    user, device = find_joined(person.folder, person.state, study).public_keys()
    return user.public, device.public


def _decoded(data: bytes) -> str:
    return data.decode() + "".join(_payload(line) for line in data.splitlines())


def _payload(line: bytes) -> str:
    return base64.b64decode(json.loads(line)["payload"]).decode()


def _strings(ledger: Path) -> set[str]:
    """Give every string of a ledger: of its envelopes and of what they hold."""
    found: set[str] = set()
    for line in ledger.read_bytes().splitlines():
        envelope = json.loads(line)
        _collect(envelope, found)
        _collect(json.loads(_payload(line)), found)
    return found


def _collect(value: object, found: set[str]) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            found.add(name)
            _collect(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, found)
    else:
        found.add(str(value))
