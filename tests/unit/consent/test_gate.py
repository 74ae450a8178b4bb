"""The gate opens for a valid consent and for nothing else, at the start and at a resume."""

import contextlib
import itertools
import time
from collections.abc import Callable

import pytest

from recorder.consent.errors import (
    ClockSetBack,
    ConsentExpired,
    ConsentUntrusted,
    NoConsent,
    NoticeChanged,
    PolicyForbids,
)
from recorder.consent.folder import FolderGone
from recorder.consent.gate import CLOCK_TOLERANCE_NS, Gate
from recorder.consent.giving import narrow, refuse, withdraw
from recorder.consent.keys import create_signing_keys
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.levels import KeyboardLevel, Levels, PointerLevel, ScreenLevel
from recorder.core.proofs import GrantKind
from tests.unit.consent.conftest import DAY_NS, Person

Break = Callable[[Person], object]


def lose_consent(person: Person) -> None:
    person.place.ledger.unlink(missing_ok=True)
    for head in (person.state / "heads").iterdir():
        head.unlink()


def change_notice(person: Person) -> None:
    person.notice_file.write_bytes(person.notice_file.read_bytes() + b"\nOne more line.\n")


def swap_keys(person: Person) -> None:
    create_signing_keys(person.folder, [str(person.identity.to_public())])


def expire(person: Person) -> None:
    person.clock.pass_ns(366 * DAY_NS)


def set_clock_back(person: Person) -> None:
    person.clock.wall -= 2 * DAY_NS


def take_back(person: Person) -> None:
    with contextlib.suppress(NoConsent):
        withdraw(person.place, person.clock)


BREAKS: dict[str, tuple[Break, type[RecorderError]]] = {
    "refused": (lambda p: refuse(p.place, p.answer(), p.clock), NoConsent),
    "withdrawn": (take_back, NoConsent),
    "expired": (expire, ConsentExpired),
    "clock set back": (set_clock_back, ClockSetBack),
    "changed notice": (change_notice, NoticeChanged),
    "wrong key": (swap_keys, ConsentUntrusted),
    "none": (lose_consent, NoConsent),
}
SETS = [s for size in (1, 2, 7) for s in itertools.combinations(BREAKS, size)]


@pytest.mark.parametrize("when", ["start", "resume"])
@pytest.mark.parametrize("names", SETS, ids=" and ".join)
def test_every_combination_of_failures_keeps_the_gate_shut(
    person: Person, names: tuple[str, ...], when: str
) -> None:
    person.says_yes()
    gate = person.gate()
    grant = gate.open()
    error = BREAKS[names[0]][1] if len(names) == 1 else RecorderError
    for name in names:
        BREAKS[name][0](person)
        if name == "expired" and len(names) > 1:
            with pytest.raises(RecorderError):
                gate.renew(grant)
    with pytest.raises(error):
        _ = person.gate().open() if when == "start" else gate.renew(grant)
    with pytest.raises(error):
        gate.renew(grant)


def test_nothing_was_ever_given(person: Person) -> None:
    with pytest.raises(NoConsent, match="not agreed"):
        person.gate().open()


def test_a_valid_consent_opens_and_stays_open(person: Person) -> None:
    head = person.says_yes(Levels(keyboard=KeyboardLevel.TEXT))
    gate = person.gate()
    grant = gate.open()
    assert grant.terms.kind is GrantKind.PERSON
    assert grant.terms.levels == Levels(keyboard=KeyboardLevel.TEXT)
    assert grant.terms.ledger_head == head
    person.clock.pass_ns(300 * DAY_NS)
    assert gate.renew(grant) is grant


def test_saying_yes_again_after_a_no_opens(person: Person) -> None:
    person.says_yes()
    withdraw(person.place, person.clock)
    person.says_yes()
    assert person.gate().open()


def test_a_renewal_takes_less_than_a_millisecond(person: Person) -> None:
    person.says_yes()
    gate = person.gate()
    grant = gate.open()
    began = time.perf_counter()
    for _ in range(100):
        gate.renew(grant)
    assert (time.perf_counter() - began) / 100 < 0.001


def test_narrowing_while_it_runs_gives_a_narrower_grant(person: Person) -> None:
    person.says_yes()
    gate = person.gate()
    grant = gate.open()
    narrow(person.place, Levels(screen=ScreenLevel.LAYOUT), person.clock)
    renewed = gate.renew(grant)
    assert renewed is not grant
    assert renewed.terms.levels.screen is ScreenLevel.LAYOUT
    assert gate.renew(renewed) is renewed


def test_a_small_step_of_the_clock_is_no_offence(person: Person) -> None:
    person.says_yes()
    gate = person.gate()
    grant = gate.open()
    person.clock.wall -= CLOCK_TOLERANCE_NS // 2
    assert gate.renew(grant) is grant
    assert person.gate().open()


def test_an_expired_consent_stays_expired_when_the_clock_goes_back(person: Person) -> None:
    person.says_yes()
    person.clock.pass_ns(366 * DAY_NS)
    with pytest.raises(ConsentExpired):
        person.gate().open()
    person.clock.wall -= 30 * DAY_NS
    with pytest.raises(ClockSetBack):
        person.gate().open()


def test_a_policy_narrows_and_never_widens(person: Person) -> None:
    person.says_yes(Levels(pointer=PointerLevel.CLICKS))
    person.policy_file.write_text(
        'forbidden_apps = ["slack"]\n[levels]\nkeyboard = "off"\npointer = "full"\n'
    )
    terms = person.gate().open().terms
    assert terms.levels.keyboard is KeyboardLevel.OFF
    assert terms.levels.pointer is PointerLevel.CLICKS
    assert terms.forbidden_apps == ("slack",)


@pytest.mark.parametrize(
    "text",
    ["forbid = true", "forbid = maybe", 'levles = "off"', "\udcff", '[levels]\nkeyboard = "all"'],
)
def test_a_policy_that_forbids_or_cannot_be_read_shuts_the_gate(person: Person, text: str) -> None:
    person.says_yes()
    gate = person.gate()
    grant = gate.open()
    person.policy_file.write_text(text, errors="surrogateescape")
    with pytest.raises(PolicyForbids):
        gate.renew(grant)


def test_a_policy_gives_no_consent(person: Person) -> None:
    person.policy_file.write_text('[levels]\nkeyboard = "text"\n')
    with pytest.raises(NoConsent):
        person.gate().open()


def test_a_grant_of_another_gate_is_checked_in_full(person: Person) -> None:
    person.says_yes()
    grant = person.gate().open()
    other: Gate = person.gate()
    assert other.renew(grant) is not grant


def test_a_folder_that_went_away_is_not_taken_for_a_missing_yes(person: Person) -> None:
    person.says_yes()
    gate = person.gate()
    grant = gate.open()
    person.folder.rename(person.home / "elsewhere")
    with pytest.raises(FolderGone, match="is gone") as caught:
        gate.renew(grant)
    assert caught.value.code is ExitCode.UNWRITABLE
    (person.home / "elsewhere").rename(person.folder)
    assert gate.open().terms == grant.terms


def test_what_was_agreed_can_be_looked_at_without_a_grant_and_without_a_trace(
    person: Person,
) -> None:
    person.says_yes()
    before = sorted(person.home.rglob("*"))
    gate = person.gate()
    assert gate.agreed() == person.gate().open().terms
    assert sorted(person.home.rglob("*")) != before, "opening notes the time"
    (person.state / "seen" / "own.ns").unlink()
    (person.state / "seen").rmdir()
    gate.agreed()
    assert sorted(person.home.rglob("*")) == before
    person.clock.pass_ns(366 * DAY_NS)
    with pytest.raises(ConsentExpired):
        gate.agreed()
