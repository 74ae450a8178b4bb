"""Rows of the researcher: fetched once, checked, and left out when they are forged."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from recorder.consent.keys import SigningKey
from recorder.core.ids import ulid
from recorder.sharing.folder_drop import FolderDrop
from recorder.sharing.rows import ROW_BYTES, Limits, fetch_rows, kept_rows, rows_folder
from recorder.sharing.statements import RECEIPT_TYPE, USE_TYPE, Receipt, Use
from tests.unit.sharing.shared_study import STUDY, MadeStudy, Participant

WHEN = "2026-11-22T08:00:00+00:00"


def ids() -> Iterator[str]:
    for number in range(99):
        yield ulid(1_795_000_000 * 10**9 + number * 10**9, b"r" * 10)


class Office:
    """A drop into which rows are put."""

    def __init__(self, home: Path, study: MadeStudy, person: Participant) -> None:
        self.root = home / "drop"
        self.root.mkdir()
        self.study, self.person, self._ids = study, person, ids()
        self.pseudonym = person.joined.pseudonym

    def receipt(self, key: SigningKey | None = None, **change: object) -> str:
        told = Receipt(
            receipt_id=next(self._ids), study=STUDY, pseudonym=self.pseudonym,
            answers=next(self._ids), verdict="collected", code=0, created=WHEN,
        ).model_copy(update=change)  # fmt: skip
        data = (key or self.study.key).sign(told.payload(), RECEIPT_TYPE)
        return self.put("receipts", f"{told.receipt_id}.dsse.json", data)

    def use(self) -> str:
        told = Use(
            use_id=next(self._ids), study=STUDY, pseudonym=self.pseudonym, dataset="paper",
            purpose="learning", recipient_role="research team", bundles=(), delete_by=WHEN,
            created=WHEN,
        )  # fmt: skip
        data = self.study.key.sign(told.payload(), USE_TYPE)
        return self.put("uses", f"{told.use_id}.dsse.json", data)

    def put(self, kind: str, name: str, data: bytes) -> str:
        path = self.root / STUDY / kind / self.pseudonym / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return name


@pytest.fixture(scope="session")
def study() -> MadeStudy:
    return MadeStudy()


@pytest.fixture
def office(tmp_path: Path, study: MadeStudy) -> Office:
    return Office(tmp_path, study, Participant(tmp_path, study))


def test_good_rows_are_kept_and_fetched_once(office: Office) -> None:
    names = [office.receipt(), office.use()]
    person = office.person
    found = fetch_rows(person.folder, FolderDrop(office.root), person.whose)
    assert (len(found.new), found.left_out) == (2, {})
    assert sorted(path.name for path in rows_folder(person.folder, STUDY).iterdir()) == names
    assert not fetch_rows(person.folder, FolderDrop(office.root), person.whose).new
    assert kept_rows(person.folder, person.whose).new == found.new


def test_forged_foreign_and_odd_rows_are_named_and_left_out(office: Office) -> None:
    person = office.person
    forged = office.receipt(person.user)
    foreign = office.receipt(pseudonym="p" + "0" * 32)
    other = office.receipt(study="other-1")
    damaged = office.put("uses", f"{ulid(0, b'x' * 10)}.dsse.json", b"{}")
    data = (office.root / STUDY / "receipts" / office.pseudonym / office.receipt()).read_bytes()
    renamed = office.put("receipts", f"{ulid(0, b'y' * 10)}.dsse.json", data)
    office.put("receipts", "\x1b[31mevil.dsse.json", data)
    found = fetch_rows(person.folder, FolderDrop(office.root), person.whose)
    assert len(found.new) == 1
    assert found.left_out == {
        forged: "is not signed by the study's controller",
        damaged: "is not signed by the study's controller",
        foreign: "is about another participant",
        other: "is about another participant",
        renamed: "is another row under this name",
        "a row with an odd name": "is no row of this study",
    }
    assert len(list(rows_folder(person.folder, STUDY).iterdir())) == 1


def test_a_row_that_cannot_be_had_keeps_no_other(office: Office) -> None:
    person = office.person
    large = office.put("receipts", f"{ulid(0, b'l' * 10)}.dsse.json", bytes(ROW_BYTES + 1))
    linked = office.put("receipts", f"{ulid(0, b'm' * 10)}.dsse.json", b"")
    path = office.root / STUDY / "receipts" / office.pseudonym / linked
    path.unlink()
    path.symlink_to("/dev/zero")
    good = office.receipt()
    found = fetch_rows(person.folder, FolderDrop(office.root), person.whose)
    assert found.left_out == {large: "is larger than a row may be", linked: "cannot be read"}
    assert [path.name for path in rows_folder(person.folder, STUDY).iterdir()] == [good]


def test_a_kept_row_that_was_changed_is_left_out(office: Office) -> None:
    person, name = office.person, office.receipt()
    fetch_rows(person.folder, FolderDrop(office.root), person.whose)
    (rows_folder(person.folder, STUDY) / name).write_bytes(b"{}")
    found = kept_rows(person.folder, person.whose)
    assert (found.new, found.left_out) == ([], {name: "is no signed row"})


def test_more_rows_than_are_looked_at_in_one_run_are_left_and_counted(office: Office) -> None:
    person, drop = office.person, FolderDrop(office.root)
    names = {office.receipt() for _ in range(5)}
    limits = Limits(looked_at=2)
    left = [fetch_rows(person.folder, drop, person.whose, limits).more for _ in range(3)]
    assert left == [3, 1, 0]
    assert {path.name for path in rows_folder(person.folder, STUDY).iterdir()} == names


def test_rows_that_somebody_puts_before_the_good_ones_do_not_keep_them_away(
    office: Office,
) -> None:
    person, drop = office.person, FolderDrop(office.root)
    for _ in range(5):
        office.receipt(person.user)
    office.receipt()
    for _ in range(300):  # by chance; (5 / 6) ** 300 is 1e-24
        if fetch_rows(person.folder, drop, person.whose, Limits(looked_at=1)).new:
            return
    pytest.fail("the good row was never looked at")


@pytest.mark.parametrize("limits", [Limits(kept=1), Limits(kept_bytes=1_000)])
def test_a_study_that_sends_more_than_is_kept_fills_no_disk(office: Office, limits: Limits) -> None:
    person, drop = office.person, FolderDrop(office.root)
    for _ in range(3):
        office.receipt()
    for _ in range(2):
        found = fetch_rows(person.folder, drop, person.whose, limits)
        assert found.more == 2
        assert len(list(rows_folder(person.folder, STUDY).iterdir())) == 1


def test_bytes_that_are_read_in_one_run_have_an_end(office: Office) -> None:
    person, drop = office.person, FolderDrop(office.root)
    for number in range(3):
        office.put("receipts", f"{ulid(number * 10**9, b'l' * 10)}.dsse.json", bytes(ROW_BYTES))
    found = fetch_rows(person.folder, drop, person.whose, Limits(looked_at_bytes=2 * ROW_BYTES))
    assert (len(found.left_out), found.more) == (2, 1)


def test_answers_to_an_earlier_pseudonym_are_ones_own_too(office: Office) -> None:
    person = office.person
    earlier = "p" + "1" * 32
    office.pseudonym, now = earlier, office.pseudonym
    name = office.receipt()
    whose = replace(person.whose, earlier=(earlier,))
    assert whose.pseudonyms == (now, earlier)
    assert len(fetch_rows(person.folder, FolderDrop(office.root), whose).new) == 1
    assert kept_rows(person.folder, person.whose).left_out == {name: "is about another participant"}
    assert len(kept_rows(person.folder, whose).new) == 1
