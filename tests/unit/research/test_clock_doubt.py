"""A clock that jumped far ahead deletes nothing until a person says that it is right."""

from datetime import datetime, timedelta

import pytest

from recorder.consent.studies import Joined
from recorder.core.errors import ExitCode
from recorder.research.clock_doubt import (
    LAST_RUN,
    MOST_AHEAD,
    ClockDoubtful,
    check_clock,
    note_run,
)
from tests.unit.research.bundles import AT, Lab
from tests.unit.sharing.joining import Person

YEAR = timedelta(days=365)


@pytest.fixture
def held(lab: Lab, person: Person, joined: Joined) -> Lab:
    lab.share(person, joined)
    assert lab.collect().code is ExitCode.OK
    return lab


def test_a_clock_a_year_ahead_deletes_nothing_however_often_it_is_asked(held: Lab) -> None:
    for _ in range(2):
        report = held.collect(now=AT + YEAR)
        assert (report.expired, report.code) == (0, ExitCode.CHECKS_FAILED)
        assert "--clock-is-right" in report.told()["clock"]
    assert len(list(held.collection.paths())) == 1
    report = held.collect(now=AT + timedelta(days=1))
    assert (report.expired, report.code) == (0, ExitCode.OK)


def test_a_person_who_looked_at_the_clock_is_believed_from_then_on(held: Lab) -> None:
    report = held.collect(now=AT + YEAR, is_clock_right=True)
    assert (report.expired, report.code) == (1, ExitCode.OK)
    assert held.collect(now=AT + YEAR + timedelta(days=9)).code is ExitCode.OK


def test_a_run_a_month_never_asks_and_deletes_by_itself(held: Lab) -> None:
    reports = [held.collect(now=AT + timedelta(days=31 * n)) for n in range(1, 4)]
    assert [report.code for report in reports] == [ExitCode.OK] * 3
    assert sum(report.expired for report in reports) == 1


def test_a_dry_run_notes_nothing(held: Lab) -> None:
    before = (held.collection.folder / LAST_RUN).read_bytes()
    assert held.collect(now=AT + MOST_AHEAD, secrets=None).expired == 1
    assert held.collect(now=AT + YEAR, secrets=None).expired == 0
    assert (held.collection.folder / LAST_RUN).read_bytes() == before


def test_without_a_note_the_collections_own_date_decides(held: Lab) -> None:
    folder = held.collection.folder
    for text in (None, "{", '{"schema": "recorder.last-run/1", "time": "later"}'):
        (folder / LAST_RUN).unlink(missing_ok=True)
        if text is not None:
            (folder / LAST_RUN).write_text(text)
        check_clock(folder, AT + MOST_AHEAD, held.collection.created)
        with pytest.raises(ClockDoubtful, match="nothing is deleted for its age"):
            check_clock(folder, AT + YEAR, held.collection.created)


def test_a_clock_that_was_ahead_and_is_right_again_is_noted(held: Lab) -> None:
    folder = held.collection.folder
    note_run(folder, AT + YEAR)
    held.collect(now=AT)
    with pytest.raises(ClockDoubtful):
        check_clock(folder, AT + YEAR, datetime.max.replace(tzinfo=AT.tzinfo))
