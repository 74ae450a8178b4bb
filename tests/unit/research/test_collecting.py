"""Collecting: idempotent, resumable, no faster than consent, and nothing is lost on the way."""

import errno
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from recorder.consent.keys import verify_envelope
from recorder.consent.studies import Joined
from recorder.core.errors import ExitCode
from recorder.research import participants
from recorder.research.access import accesses
from recorder.research.collect_run import CollectionUnwritable, Sources, collect
from recorder.research.collection import Collection, CollectionHeld, CollectionOfAnother
from recorder.research.quarantine import quarantined
from recorder.research.sources import open_sources
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.statements import RECEIPT_TYPE, Receipt
from tests.unit.research.bundles import AT, Content, Lab, bundle, bundle_of, files, in_order, new_id
from tests.unit.research.strangers import World, impostor, resigned
from tests.unit.sharing.joining import Person, make_person


def receipts(lab: Lab) -> list[Receipt]:
    """Give what lies in the drop for participants, each signature checked."""
    paths = sorted((lab.drop / lab.name / "receipts").glob("*/*.dsse.json"))
    return [
        Receipt.model_validate_json(
            verify_envelope(path.read_bytes(), lab.study.key.public, RECEIPT_TYPE)
        )
        for path in paths
    ]


def test_what_was_shared_is_held_as_it_came_and_answered(
    lab: Lab, person: Person, joined: Joined
) -> None:
    told = [lab.share(person, joined) for _ in range(3)]
    report = lab.collect(jobs=2)
    assert report.tally.states == {"new": 3}
    held = {one.bundle_id: one for one in lab.collection.bundles()}
    assert held.keys() == {one.bundle_id for one in told}
    for one in told:
        path = lab.drop / lab.name / "bundles" / one.pseudonym / f"{one.bundle_id}.tar"
        assert held[one.bundle_id].path.read_bytes() == path.read_bytes()
        assert held[one.bundle_id].duration_ns == 5 * 10**9
    assert {(one.answers, one.verdict) for one in receipts(lab)} == {
        (one.bundle_id, "collected") for one in told
    }
    assert [row.action for row in accesses(lab.collection.folder)] == ["decrypt"] * 3


def test_a_second_run_opens_and_changes_nothing(lab: Lab, person: Person, joined: Joined) -> None:
    lab.share(person, joined)
    lab.collect()
    before = files(lab.root)
    report = lab.collect()
    assert report.tally.states == {"known": 1}
    assert files(lab.root) == before
    assert len(list(accesses(lab.collection.folder))) == 1


def test_a_bundle_file_and_a_second_drop_bring_it_once(
    lab: Lab, person: Person, joined: Joined, tmp_path: Path
) -> None:
    data, manifest = bundle(person, joined, Content())
    path = lab.put(data, manifest)
    brought = shutil.copy(path, tmp_path / "brought.tar")
    second = shutil.copytree(lab.drop, tmp_path / "second")
    report = lab.collect(lab.drop, second, Path(brought))
    assert report.tally.states == {"new": 1, "known": 2}


def test_the_bundle_made_last_of_an_episode_stays(lab: Lab, person: Person, joined: Joined) -> None:
    episode, ids = new_id(), in_order()
    first = lab.share(person, joined, Content(episode, next(ids)))
    lab.collect()
    second = lab.share(person, joined, Content(episode, next(ids)))
    lab.collect()
    assert [one.bundle_id for one in lab.collection.bundles()] == [second.bundle_id]
    assert lab.collection.settled() == {(first.pseudonym, first.bundle_id): "replaced"}
    assert lab.collect().tally.states == {"known": 2}


def test_what_was_kept_long_enough_goes_by_itself_and_does_not_come_back(
    lab: Lab, person: Person, joined: Joined
) -> None:
    told = lab.share(person, joined)
    lab.collect()
    assert lab.collect(now=AT + timedelta(days=29)).expired == 0
    report = lab.collect(now=AT + timedelta(days=30))
    assert report.expired == 1
    assert report.tally.states == {"known": 1}
    assert lab.collect(now=AT + timedelta(days=30)).found == 0
    assert not list(lab.collection.bundles())
    assert not list((lab.collection.folder / "bundles").rglob("*"))
    assert {one.verdict for one in receipts(lab)} == {"collected", "expired"}
    assert lab.collection.settled() == {(told.pseudonym, told.bundle_id): "expired"}
    assert not list(lab.drop.rglob("*.tar"))
    assert [row.action for row in accesses(lab.collection.folder)] == ["decrypt", "delete"]


def test_who_takes_anothers_id_does_not_keep_it_out(
    lab: Lab, person: Person, joined: Joined, tmp_path: Path
) -> None:
    hers, told = bundle(person, joined, Content())
    thief = make_person(tmp_path)
    stolen = Content(bundle_id=told.bundle_id)
    lab.put(*bundle(thief, thief.join(lab.study), stolen))
    assert lab.collect().tally.states == {"new": 1}
    lab.put(hers, told)
    assert lab.collect().tally.states == {"known": 1, "new": 1}


def test_who_sends_first_in_anothers_name_does_not_keep_it_out(
    lab: Lab, person: Person, joined: Joined, tmp_path: Path
) -> None:
    lab.put(*bundle_of(impostor(World(lab, tmp_path / "persons"), joined), Content()))
    refused = {(31, "its keys are not those of its pseudonym"): 1}
    assert lab.collect().tally.refused == refused
    assert not lab.collection.participants()
    lab.share(person, joined)
    assert lab.collect().tally.states == {"new": 1, "refused before": 1}


def test_who_uses_anothers_nonce_first_does_not_keep_it_out(
    lab: Lab, person: Person, joined: Joined, tmp_path: Path
) -> None:
    hers, told = bundle(person, joined, Content())
    sender = World(lab, tmp_path / "persons").sender()
    data, manifest = bundle_of(sender, Content())
    copied = manifest.model_copy(update={"nonce": told.nonce})
    lab.put(resigned(data, copied, sender.user), copied)
    assert lab.collect().tally.states == {"new": 1}
    lab.put(hers, told)
    assert lab.collect().tally.states == {"known": 1, "new": 1}


def test_answers_wait_while_no_drop_can_be_reached(
    lab: Lab, person: Person, joined: Joined, tmp_path: Path
) -> None:
    data, _ = bundle(person, joined, Content())
    (tmp_path / "brought.tar").write_bytes(data)
    report = lab.collect(tmp_path / "brought.tar")
    assert (report.delivery.sent, report.delivery.waiting) == (0, 1)
    report = lab.collect()
    assert (report.delivery.sent, report.delivery.waiting) == (1, 0)
    assert len(receipts(lab)) == 1


def test_nobody_can_take_the_place_of_an_answer_that_is_to_come(
    lab: Lab, person: Person, joined: Joined
) -> None:
    told = lab.share(person, joined)
    data = (lab.drop / drop_path("bundles", lab.name, told.pseudonym, told.bundle_id)).read_bytes()
    lab.collect()
    (answer,) = receipts(lab)
    shutil.rmtree(lab.root / "collection")
    (again,) = (lab.drop / lab.name / "receipts").glob("*/*")
    again.write_bytes(data)
    report = lab.collect()
    assert (report.delivery.sent, report.delivery.waiting) == (1, 0)
    names = {path.name.partition(".")[0] for path in again.parent.iterdir()}
    assert len(names) == 2
    assert answer.receipt_id in names


def test_an_answer_that_is_delivered_again_is_the_same(
    lab: Lab, person: Person, joined: Joined
) -> None:
    lab.share(person, joined)
    lab.collect()
    before = receipts(lab)
    sent = lab.collection.folder / "sent"
    shutil.copytree(sent, lab.collection.folder / "outbox", dirs_exist_ok=True)
    shutil.rmtree(sent)
    report = lab.collect()
    assert (report.delivery.sent, report.delivery.waiting) == (1, 0)
    assert receipts(lab) == before


def test_a_drop_that_takes_no_answers_loses_none(lab: Lab, person: Person, joined: Joined) -> None:
    lab.share(person, joined)
    blocked = lab.drop / lab.name / "receipts"
    blocked.write_text("in the way")
    report = lab.collect()
    assert report.tally.states == {"new": 1}
    assert (report.delivery.sent, report.delivery.waiting) == (0, 1)
    assert report.failed.failed[0][1].code is ExitCode.UNWRITABLE
    blocked.unlink()
    assert lab.collect().delivery.sent == 1


def test_a_drop_that_disappears_does_not_stop_the_other(
    lab: Lab, person: Person, joined: Joined, tmp_path: Path
) -> None:
    lab.share(person, joined)
    gone = tmp_path / "gone"
    gone.mkdir()
    mine = lab.collection
    drops, _ = open_sources([str(gone), str(lab.drop)])
    gone.rmdir()
    with mine.held():
        report = collect(
            mine, lab.order, Sources(drops, []), mine.incoming, lambda *_: lambda: None
        )
    assert report.tally.states == {"new": 1}
    assert report.failed.failed[0][0] == str(gone)


def test_one_collection_is_changed_by_one_program_at_a_time(lab: Lab) -> None:
    with lab.collection.held(), pytest.raises(CollectionHeld) as refused, lab.collection.held():
        pass
    assert refused.value.code is ExitCode.FOLDER_HELD


def test_another_study_has_another_collection(lab: Lab) -> None:
    assert lab.collection.study == lab.name
    with pytest.raises(CollectionOfAnother):
        Collection.create(lab.root / "collection", "other-2", AT)


def test_what_is_refused_is_noted_and_its_bytes_kept_only_when_asked(
    lab: Lab, person: Person, joined: Joined
) -> None:
    told = lab.share(person, joined, Content(index={"grant": "demo"}))
    report = lab.collect()
    assert report.tally.refused == {(33, "it is a demonstration, to which nobody consented"): 1}
    place = lab.collection.folder / "quarantine"
    assert [path.name for path in place.iterdir()] == [f"{told.pseudonym}.{told.bundle_id}.json"]
    lab.collect(keep_refused=True)
    assert (place / f"{told.pseudonym}.{told.bundle_id}.refused").stat().st_size > 0
    assert [(one.verdict, one.code) for one in receipts(lab)] == [("refused", 33)]


def test_a_refusal_is_forgotten_when_the_bundle_is_taken(
    lab: Lab, person: Person, joined: Joined
) -> None:
    data, manifest = bundle(person, joined, Content())
    path = lab.put(data[:-600], manifest)
    assert lab.collect().tally.states == {"refused": 1}
    path.write_bytes(data)
    assert lab.collect().tally.states == {"new": 1}
    assert not list(quarantined(lab.collection.folder))


def test_a_dry_run_opens_nothing_and_changes_nothing(
    lab: Lab, person: Person, joined: Joined
) -> None:
    lab.share(person, joined)
    lab.share(person, joined, Content(index={"grant": "demo"}))
    lab.collection.participants()
    before = files(lab.root)
    report = lab.collect(secrets=None)
    assert report.tally.states == {"new": 2}
    assert files(lab.root) == before


def test_a_full_disk_ends_the_run_and_the_next_goes_on(
    lab: Lab, person: Person, joined: Joined
) -> None:
    lab.share(person, joined)

    def full(path: Path, _: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(participants, "write_whole", full)
        with pytest.raises(CollectionUnwritable, match="no space"):
            lab.collect()
    assert not list(lab.collection.bundles())
    assert lab.collect().tally.states == {"new": 1}
    assert not lab.collection.incoming.exists()
