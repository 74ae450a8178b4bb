"""The ledger notices every change of a line, a key, the head or a notice."""

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.consent.audit import audit
from recorder.consent.errors import ConsentNewer, ConsentUntrusted, NoConsent
from recorder.consent.giving import narrow, refuse, withdraw
from recorder.consent.keys import load_device_key
from recorder.consent.ledger import (
    HEAD_TYPE,
    LedgerPlace,
    append_entry,
    read_ledger,
    remove_head,
    set_aside,
)
from recorder.consent.records import PAYLOAD_TYPE, ConsentEntry, EventState, StreamLevels
from recorder.core.levels import KeyboardLevel, Levels, ScreenLevel
from tests.unit.consent.conftest import Person


def drop_last_line(person: Person) -> None:
    lines = person.place.ledger.read_bytes().splitlines(keepends=True)
    person.place.ledger.write_bytes(b"".join(lines[:-1]))


def cut_last_line(person: Person) -> None:
    person.place.ledger.write_bytes(person.place.ledger.read_bytes()[:-9])


def swap_lines(person: Person) -> None:
    lines = person.place.ledger.read_bytes().splitlines(keepends=True)
    person.place.ledger.write_bytes(b"".join(reversed(lines)))


def repeat_first_line(person: Person) -> None:
    lines = person.place.ledger.read_bytes().splitlines(keepends=True)
    person.place.ledger.write_bytes(b"".join([*lines, lines[0]]))


def delete_ledger(person: Person) -> None:
    person.place.ledger.unlink()


def damage_head(person: Person) -> None:
    next((person.state / "heads").iterdir()).write_text("{}")


def make_a_folder_of_it(person: Person) -> None:
    person.place.ledger.unlink()
    person.place.ledger.mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        drop_last_line, cut_last_line, swap_lines, repeat_first_line, delete_ledger, damage_head,
        make_a_folder_of_it, lambda p: remove_head(p.place),
    ],
)  # fmt: skip
def test_a_ledger_that_was_touched_is_not_trusted(
    person: Person, damage: Callable[[Person], None]
) -> None:
    person.says_yes()
    withdraw(person.place, person.clock)
    damage(person)
    with pytest.raises(ConsentUntrusted):
        read_ledger(person.place)
    assert not all(finding.ok for finding in audit(person.place))


def later_head(person: Person) -> None:
    head = {"schema": "recorder.head/2", "chain": "own", "more": 1}
    signed = load_device_key(person.place.folder).sign(json.dumps(head).encode(), HEAD_TYPE)
    next((person.state / "heads").iterdir()).write_bytes(signed)


def later_line(person: Person) -> None:
    entry = json.dumps({"schema": "recorder.consent/2", "state": "given"}).encode()
    line = load_device_key(person.place.folder).sign(entry, PAYLOAD_TYPE)
    person.place.ledger.write_bytes(person.place.ledger.read_bytes() + line + b"\n")


@pytest.mark.parametrize("write", [later_head, later_line])
def test_a_ledger_of_a_later_version_asks_for_an_upgrade_and_not_for_a_new_yes(
    person: Person, write: Callable[[Person], None]
) -> None:
    person.says_yes()
    write(person)
    with pytest.raises(ConsentNewer, match="newer version") as caught:
        read_ledger(person.place)
    assert "upgrade" in caught.value.fix


def test_a_lost_withdrawal_does_not_bring_consent_back(person: Person) -> None:
    person.says_yes()
    withdraw(person.place, person.clock)
    drop_last_line(person)
    with pytest.raises(ConsentUntrusted, match="lost its last 1 line"):
        person.gate().open()


def test_a_crash_between_ledger_and_head_is_mended_by_the_next_entry(person: Person) -> None:
    person.says_yes()
    head = next((person.state / "heads").iterdir())
    before = head.read_bytes()
    withdraw(person.place, person.clock)
    head.write_bytes(before)
    assert read_ledger(person.place).entries[-1].state is EventState.WITHDRAWN
    person.says_yes()
    assert person.gate().open()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[LedgerPlace, bytes]:
    """Give a ledger that tests may spoil, and what it held."""
    person = Person(tmp_path_factory.mktemp("person"))
    person.says_yes()
    return person.place, person.place.ledger.read_bytes()


@settings(max_examples=40)
@given(data=st.data())
def test_any_flipped_bit_of_a_line_is_noticed(
    data: st.DataObject, signed: tuple[LedgerPlace, bytes]
) -> None:
    place, good = signed
    place.ledger.write_bytes(good)
    assert read_ledger(place).entries
    line = bytearray(good)
    position = data.draw(st.integers(0, 2**31)) % len(line)
    line[position] ^= 1 << data.draw(st.integers(0, 7))
    place.ledger.write_bytes(bytes(line))
    with pytest.raises(ConsentUntrusted):
        read_ledger(place)


def test_the_device_key_cannot_say_yes(person: Person) -> None:
    person.says_yes()
    view = read_ledger(person.place)
    given_entry = view.entries[-1]

    def again(number: int, prev: str, _before: tuple[ConsentEntry, ...]) -> ConsentEntry:
        return given_entry.model_copy(update={"number": number, "prev": prev})

    append_entry(person.place, again, load_device_key(person.folder))
    with pytest.raises(ConsentUntrusted, match="not signed by you"):
        read_ledger(person.place)


def test_a_narrowing_cannot_widen(person: Person) -> None:
    person.says_yes()

    def widen(number: int, prev: str, before: tuple[ConsentEntry, ...]) -> ConsentEntry:
        event = before[-1].record.event.model_copy(update={"event_state": EventState.NARROWED})
        record = before[-1].record.model_copy(update={"event": event})
        wider = StreamLevels.of(Levels(keyboard=KeyboardLevel.TEXT))
        changes = {"number": number, "prev": prev, "record": record, "levels": wider}
        return before[-1].model_copy(update=changes)

    append_entry(person.place, widen)
    with pytest.raises(ConsentUntrusted, match="widens"):
        read_ledger(person.place)


def test_narrowing_asked_for_more_keeps_what_was_given(person: Person) -> None:
    person.says_yes()
    asked = Levels(keyboard=KeyboardLevel.TEXT, screen=ScreenLevel.OFF)
    narrow(person.place, asked, person.clock)
    levels = read_ledger(person.place).entries[-1].levels.levels()
    assert levels.keyboard is KeyboardLevel.CLASS
    assert levels.screen is ScreenLevel.OFF


def test_there_is_nothing_to_withdraw_or_narrow_before_a_yes(person: Person) -> None:
    with pytest.raises(NoConsent):
        withdraw(person.place, person.clock)
    refuse(person.place, person.answer(), person.clock)
    with pytest.raises(NoConsent):
        withdraw(person.place, person.clock)
    with pytest.raises(NoConsent):
        narrow(person.place, Levels(), person.clock)


def test_a_ledger_set_aside_is_out_of_force_and_kept(person: Person) -> None:
    person.says_yes()
    kept = set_aside(person.place, "MARK")
    assert kept.is_file()
    with pytest.raises(NoConsent):
        person.gate().open()
    person.says_yes()
    assert person.gate().open()


def test_a_lost_or_changed_notice_shuts_the_gate(person: Person) -> None:
    person.says_yes()
    notice = next(person.place.notices.iterdir())
    text = notice.read_bytes()
    notice.write_bytes(text + b" ")
    with pytest.raises(ConsentUntrusted, match="changed"):
        person.gate().open()
    notice.unlink()
    with pytest.raises(ConsentUntrusted, match="gone"):
        person.gate().open()


def test_chains_of_different_studies_are_apart(person: Person) -> None:
    person.says_yes()
    study = LedgerPlace(person.folder, person.state, "study-1")
    assert read_ledger(study).entries == ()


def test_records_carry_the_fields_of_the_standard(person: Person) -> None:
    person.says_yes()
    fields = json.loads(read_ledger(person.place).entries[0].payload())
    record = fields["record"]
    assert set(record) == {"header", "pii_processing", "party_identification", "event"}
    assert record["header"]["schema_version"] == "ISO/IEC TS 27560:2023"
    assert record["event"]["validity_duration"] == "P365D"
    purpose = record["pii_processing"]["purposes"][0]
    chosen = {info["pii_type"]: info["level"] for info in purpose["pii_information"]}
    assert chosen["keyboard"] == "class"


def test_a_folder_copied_for_an_auditor_verifies_without_the_head(person: Person) -> None:
    person.says_yes()
    remove_head(person.place)
    assert all(finding.ok for finding in audit(person.place, with_head=False))


def test_a_full_disk_leaves_the_ledger_as_it_was(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.says_yes()
    before = person.place.ledger.read_bytes()

    def full(_path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("recorder.consent.ledger.write_whole", full)
    with pytest.raises(OSError, match="No space"):
        withdraw(person.place, person.clock)
    assert person.place.ledger.read_bytes() == before
    remove_head(person.place)
    with pytest.raises(ConsentUntrusted):
        person.gate().open()
