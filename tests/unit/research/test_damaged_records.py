"""A damaged file of a collection is named with its fix; everything else goes on."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from recorder.consent.studies import Joined
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.research.auditing import Basis, audit_collection
from recorder.research.collection import Collection
from recorder.research.held import RecordDamaged, held_at, recovered_at
from tests.unit.research.bundles import AT, Content, Lab, new_id
from tests.unit.sharing.joining import Person

_LATER = timedelta(days=400)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def anothers(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(path.stem.encode(), new_id().encode()))


DAMAGES = (cut, anothers, Path.unlink)


def spoilt(lab: Lab, damage: Callable[[Path], object]) -> Path:
    """Damage the first record of those that are held; gives the sealed file beside it."""
    path = next(lab.collection.paths())
    damage(path.with_suffix(".json"))
    return path


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_damaged_record_stops_neither_collecting_nor_answers(
    lab: Lab, person: Person, joined: Joined, damage: Callable[[Path], object]
) -> None:
    for _ in range(3):
        lab.share(person, joined)
    lab.collect()
    before = {path: path.read_bytes() for path in lab.collection.paths()}
    path = spoilt(lab, damage)
    told = lab.share(person, joined)
    report = lab.collect()
    assert report.tally.states == {"known": 3, "new": 1}
    assert report.code is ExitCode.CHECKS_FAILED
    ((name, why),) = report.told().items()
    assert name == str(path.relative_to(lab.collection.folder))
    assert str(path.with_suffix(".json")) in why
    assert "put it back from a backup" in why
    assert {path: path.read_bytes() for path in before} == before
    assert told.bundle_id in {one.bundle_id for one in lab.collection.bundles(damaged=EachAlone())}
    assert report.delivery.sent == 1


def test_the_fix_that_is_named_mends_it(
    lab: Lab, person: Person, joined: Joined, tmp_path: Path
) -> None:
    lab.share(person, joined)
    lab.collect()
    path = spoilt(lab, cut)
    with pytest.raises(RecordDamaged, match=path.name):
        held_at(path)
    moved = path.rename(tmp_path / path.name)
    assert lab.collect(moved).tally.states == {"new": 1}
    assert held_at(path).duration_ns


def test_what_has_a_damaged_record_goes_in_time_and_is_answered(
    lab: Lab, person: Person, joined: Joined
) -> None:
    told = [lab.share(person, joined) for _ in range(2)]
    lab.collect()
    path = spoilt(lab, cut)
    assert recovered_at(path).manifest in told
    assert lab.collect(now=AT + timedelta(days=1)).expired == 0
    report = lab.collect(now=recovered_at(path).arrived + timedelta(days=30))
    assert (report.expired, report.failed.failed) == (2, [])
    assert not list(lab.collection.paths())


def test_a_bundle_damaged_with_its_record_is_named_and_stays(
    lab: Lab, person: Person, joined: Joined
) -> None:
    lab.share(person, joined)
    lab.collect()
    path = spoilt(lab, cut)
    path.write_bytes(b"no bundle")
    report = lab.collect(now=AT + _LATER)
    assert (report.expired, report.code) == (0, ExitCode.CHECKS_FAILED)
    assert path.exists()


def test_verify_names_every_damaged_record(lab: Lab, person: Person, joined: Joined) -> None:
    for _ in range(2):
        lab.share(person, joined)
    lab.collect()
    path = spoilt(lab, cut)
    notice = lab.study.notice
    basis = Basis(lab.name, lab.study.key.public.public, {notice.sha256: notice})
    found = [one for one in audit_collection(lab.collection, basis, lambda: None) if one.told]
    assert [(one.name, one.code) for one in found] == [("/".join(path.parts[-3:]), ExitCode.HASH)]
    assert "Fix: put it back" in found[0].told[0]


def test_two_bundles_of_an_episode_stay_while_nobody_can_tell_which_is_newer(
    lab: Lab, person: Person, joined: Joined
) -> None:
    episode = new_id()
    lab.share(person, joined, Content(episode))
    lab.collect()
    path = spoilt(lab, cut)
    lab.share(person, joined, Content(episode))
    report = lab.collect()
    assert report.tally.states == {"known": 1, "failed": 1}
    assert list(lab.collection.paths()) == [path]


def test_a_damaged_nonce_or_note_stops_one_bundle_only(
    lab: Lab, person: Person, joined: Joined
) -> None:
    for _ in range(2):
        lab.share(person, joined)
    lab.collect()
    (lab.collection.folder / "settled" / joined.pseudonym).mkdir(parents=True)
    first, second = lab.collection.paths()
    for nonce in (lab.collection.folder / "nonces").glob("*/*"):
        nonce.write_bytes(b"\xff")
    first.unlink()
    note = lab.collection.folder / "settled" / joined.pseudonym / new_id()
    note.write_bytes(b"\xff")
    report = lab.collect()
    assert report.tally.states == {"failed": 1, "known": 1}
    assert list(lab.collection.paths()) == [second]


def test_what_is_not_ours_in_a_collection_is_let_be(
    lab: Lab, person: Person, joined: Joined
) -> None:
    lab.share(person, joined)
    lab.collect()
    home = next(lab.collection.paths()).parent
    (home / "@eaDir").mkdir()
    (home / "notes.txt").write_text("of the researcher")
    assert lab.collect().tally.states == {"known": 1}
    assert (home / "notes.txt").exists()
    assert isinstance(Collection.open(lab.collection.folder), Collection)
