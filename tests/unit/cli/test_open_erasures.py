"""What `recorder status` says of erasures that nobody confirmed yet."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recorder.cli import fast
from recorder.cli.open_erasures import OpenErasures, open_erasures
from recorder.places import places
from recorder.sharing.erasing import Scope, ask_erasure
from tests.unit.sharing.shared_study import MadeStudy, Participant


@pytest.fixture
def person(tmp_path: Path) -> Participant:
    return Participant(tmp_path, MadeStudy())


def ask(person: Participant) -> None:
    ask_erasure(person.folder, person.asker, Scope(), person.user, ["drop"])


def test_open_and_late_ones_are_counted(person: Participant) -> None:
    assert str(open_erasures(person.folder)) == ""
    ask(person)
    ask(person)
    now = datetime.now(UTC)
    assert open_erasures(person.folder, now) == OpenErasures(2, 0, 0)
    found = open_erasures(person.folder, now + timedelta(days=17, hours=1))
    assert found == OpenErasures(2, 2, 3)
    assert "2 of them late by up to 3 days" in str(found)


def test_a_damaged_record_counts_as_open(person: Participant) -> None:
    ask(person)
    next(person.folder.glob("shared/*/erasures/*.json")).write_bytes(b"\xff")
    assert open_erasures(person.folder).open == 1


def test_status_says_so(person: Participant, capsys: pytest.CaptureFixture[str]) -> None:
    ask(person)
    pointer = places().folder_pointer
    pointer.parent.mkdir(parents=True)
    pointer.write_text(f"{person.folder}\n")
    fast.run(["status"])
    assert "1 erasure is not confirmed by the study. See: recorder trace" in capsys.readouterr().out
