"""One run of collecting: who left is heard before anything new is taken."""

from pathlib import Path

from recorder.cli.collect import _text
from recorder.cli.study_status import _told
from recorder.consent.giving import withdraw
from recorder.consent.keys import load_device_key
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.research.totals import totals
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.drops import open_drop
from recorder.sharing.erasing import asker_of
from recorder.sharing.leaving_notice import LeavingNotice, pack_leaving
from tests.unit.research.bundles import AT, Lab
from tests.unit.sharing.joining import NOW, Clock, make_person


def test_what_comes_after_its_participant_left_is_refused_and_they_are_counted(
    lab: Lab, tmp_path: Path
) -> None:
    person = make_person(tmp_path / "leaver")
    joined = person.join(lab.study)
    lab.share(person, joined)
    assert lab.collect().tally.states == {"new": 1}
    lab.share(person, joined)
    withdraw(joined.place, Clock(NOW + 5))
    asker = asker_of(joined)
    told = LeavingNotice(
        study=lab.name, pseudonym=asker.pseudonym, user_key=asker.keys.user_key,
        device_key=asker.keys.device_key, ledger_head=asker.ledger_head,
    )  # fmt: skip
    name = drop_path("leavings", lab.name, asker.pseudonym, asker.ledger_head)
    open_drop(lab.drop).put(
        name, pack_leaving(told, load_device_key(person.folder, lab.name), asker.ledger)
    )
    dry = lab.collect(secrets=None)
    assert dry.withdrew.new == []
    report = lab.collect()
    assert report.withdrew.new == [joined.pseudonym]
    ((code, _),) = report.tally.refused
    assert code == ExitCode.CONSENT_MISMATCH
    assert "1 participant left the study." in _text(report, dry_run=False)
    found = totals(lab.collection, {}, AT, EachAlone())
    assert (found.left, found.sessions) == (1, 1)
    assert "  Left the study: 1 participant" in _told(found)


def test_a_refused_word_is_named_and_ends_with_a_warning(lab: Lab) -> None:
    path = lab.drop / lab.name / "leavings" / "p0" / "x.tar"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"nothing")
    report = lab.collect()
    assert report.code is ExitCode.WARNINGS
    assert "word of leaving refused 1 x, code 30" in _text(report, dry_run=False)


def test_nobody_left_is_not_told(lab: Lab) -> None:
    found = totals(lab.collection, {}, AT, EachAlone())
    assert found.left == 0
    assert not any("Left" in line for line in _told(found))
