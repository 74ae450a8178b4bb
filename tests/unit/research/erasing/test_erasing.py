"""Erasing from a collection: what goes, what stays, what is said, in any order."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.core.ids import ulid
from recorder.research import erasing, participants
from recorder.research.access import accesses
from recorder.research.datasets import read_dataset
from recorder.research.erasing import applied_erasures, erase_for, is_done
from recorder.research.erasure_runs import erase_each, look_at_each, notices_in
from recorder.research.participants import MOST_EPISODES, CollectionDamaged, Erased
from recorder.research.quarantine import Quarantined, quarantine
from recorder.sharing.drop_errors import DropUnreachable
from recorder.sharing.erasing import Scope, ask_erasure, deliver_erasures
from recorder.sharing.erasure_notice import MOST_BYTES, NoticeRefused
from recorder.sharing.statements import Use
from tests.unit.research.erasing.lab import CANARY, FIRST, SECOND, THIRD, Lab, notice
from tests.unit.sharing.shared_study import STUDY, Participant


def test_everything_of_a_participant_goes_and_nothing_of_another(
    lab: Lab, person: Participant, other: Participant
) -> None:
    mine = [lab.hold(person, one) for one in (FIRST, SECOND)]
    theirs = lab.hold(other, FIRST, b"of another")
    in_drop, of_other = [lab.hand_over(one) for one in mine], lab.hand_over(theirs)
    folder = lab.dataset([("a.parquet", mine), ("b.parquet", [theirs])])
    (folder / "b.parquet").write_bytes(b"of another")
    cache = lab.collection.folder / "cache" / mine[0].pseudonym / FIRST
    cache.mkdir(parents=True)
    (cache / "steps").write_bytes(CANARY)
    assert any(CANARY in data for data in lab.readable())
    done = lab.erase(person)
    assert not any(CANARY in data for data in lab.readable())
    assert lab.held == [theirs.bundle_id]
    left = read_dataset(folder)
    assert left is not None
    assert [shard.file for shard in left.shards] == ["b.parquet"]
    assert sorted(path.name for path in folder.iterdir()) == ["b.parquet", "dataset.json"]
    assert (done.shards, len(done.bundles)) == (1, 2)
    assert lab.receipts == [done.receipt]
    assert [row.action for row in accesses(lab.collection.folder)] == ["delete", "delete"]
    assert [path.exists() for path in (*in_drop, of_other)] == [False, False, True]


def test_an_episode_goes_and_the_others_stay(lab: Lab, person: Participant) -> None:
    gone, kept = lab.hold(person, FIRST), lab.hold(person, SECOND)
    folder = lab.dataset([("a.parquet", [gone, kept])])
    lab.erase(person, Scope((FIRST,)))
    assert lab.held == [kept.bundle_id]
    left = read_dataset(folder)
    assert left is not None
    assert (left.shards, left.derived) == ((), ())
    assert [one.bundle_id for one in left.to_rebuild] == [kept.bundle_id]
    assert lab.collection.is_erased(gone.pseudonym, FIRST, "2030-01-01T00:00:00+00:00")
    assert not lab.collection.is_erased(gone.pseudonym, SECOND, gone.created)


def test_a_range_takes_the_whole_bundle_and_the_rest_may_come_again(
    lab: Lab, person: Participant
) -> None:
    gone = lab.hold(person, FIRST)
    done = lab.erase(person, Scope((FIRST,), ((5, 10),)))
    assert lab.held == []
    assert done.receipt is not None
    assert "may be shared again" in done.receipt.reason
    later = (datetime.now(UTC) + timedelta(seconds=2)).isoformat(timespec="seconds")
    assert lab.collection.is_erased(gone.pseudonym, FIRST, gone.created)
    assert not lab.collection.is_erased(gone.pseudonym, FIRST, later)


def test_what_is_remembered_of_erasures_never_grows_beyond_what_is_read(
    lab: Lab, person: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(participants, "MOST_EPISODES", 2)
    ids = [ulid(number * 10**9, b"m" * 10) for number in range(5)]
    held = lab.hold(person, FIRST)
    for number in range(9):
        lab.erase(person, Scope((ids[0],), ((number, number + 1),)))
    lab.erase(person, Scope((ids[1],)))
    with pytest.raises(NoticeRefused, match="one for everything is taken") as refused:
        lab.erase(person, Scope(tuple(ids)))
    assert refused.value.code == ExitCode.LIMITS
    assert lab.held == [held.bundle_id]
    found = lab.collection.participant(held.pseudonym).erased
    assert (list(found.parts), list(found.episodes)) == ([ids[0]], [ids[1]])
    lab.erase(person)
    assert lab.held == []
    found = lab.collection.participant(held.pseudonym).erased
    assert (list(found.parts), list(found.episodes)) == ([], [ids[1]])
    assert found.covers(FIRST, held.created)


def test_the_longest_memory_of_erasures_can_be_read() -> None:
    ids = [f"{number:026d}" for number in range(MOST_EPISODES)]
    longest = "2026-11-22T00:00:00.000000+00:00".ljust(40)
    erased = Erased.model_construct(episodes=dict.fromkeys(ids, longest))
    assert not erased.is_too_long
    assert len(erased.model_dump_json(by_alias=True)) < participants._LIMIT_BYTES / 2


def test_a_notice_that_comes_twice_is_done_once(lab: Lab, person: Participant) -> None:
    lab.hold(person, FIRST)
    data = notice(person)
    first, again = (erase_for(lab.office, data, lab.drop) for _ in range(2))
    assert first == again
    assert lab.receipts == [first.receipt]
    assert is_done(lab.collection.folder, first.notice.pseudonym, first.notice.notice_id)
    assert len(list(applied_erasures(lab.collection.folder))) == 1


def test_a_notice_that_comes_first_keeps_its_bundle_out(lab: Lab, person: Participant) -> None:
    early = person.bundle(lab.home / "late.tar", FIRST)
    done = lab.erase(person)
    assert done.bundles == ()
    assert lab.collection.is_erased(early.pseudonym, FIRST, early.created)
    keys = lab.collection.participant(early.pseudonym).keys
    assert keys is not None
    assert keys.user_key == early.user_key


def test_a_notice_by_a_stranger_changes_nothing(
    lab: Lab, person: Participant, other: Participant
) -> None:
    held = lab.hold(person, FIRST)
    forged = other.asker.__class__(
        STUDY, held.pseudonym, lab.study.public, other.asker.keys, b"", "0" * 64, 14
    )
    ask_erasure(other.folder, forged, Scope(), other.user, ["d"])
    found: list[bytes] = []
    deliver_erasures(other.folder, STUDY, lambda _, __, data: found.append(data))
    before = sorted(lab.collection.folder.rglob("*"))
    with pytest.raises(NoticeRefused) as refused:
        erase_for(lab.office, found[0], lab.drop)
    assert refused.value.code == ExitCode.SIGNATURE
    assert sorted(lab.collection.folder.rglob("*")) == before
    assert lab.receipts == []


def test_after_a_withdrawal_the_ledger_says_so_here_too(lab: Lab, person: Participant) -> None:
    lab.hold(person, FIRST)
    person.withdraw()
    done = lab.erase(person, key=person.device)
    assert lab.held == []
    kept = lab.collection.participant(done.notice.pseudonym).ledger
    assert kept == person.place.ledger.read_bytes()


def test_what_others_have_is_named(lab: Lab, person: Participant) -> None:
    held = lab.hold(person, FIRST)
    use = Use(
        use_id=THIRD, study=STUDY, pseudonym=held.pseudonym, dataset="thesis", purpose="learning",
        recipient_role="partner", bundles=(held.bundle_id,), delete_by="2027-01-01T00:00:00+00:00",
        created="2026-11-22T00:00:00+00:00",
    )  # fmt: skip
    strange = use.model_copy(update={"dataset": "of-others", "bundles": (SECOND,)})
    lines = [one.model_dump_json(by_alias=True) for one in (use, strange)]
    (lab.collection.folder / "uses.jsonl").write_text("\n".join(lines) + '\n{"cut')
    lab.dataset([("a.parquet", [held])], handed_to=["partner"])
    done = lab.erase(person)
    assert done.receipt is not None
    assert done.receipt.exports == ("paper", "thesis")


@pytest.mark.parametrize(
    "dies_at", ["erase_from_datasets", "erase_from_cache", "note_access", "_receipt"]
)
def test_an_erasure_that_dies_is_finished_by_the_next_run(
    lab: Lab, person: Participant, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    held = lab.hold(person, FIRST)
    lab.dataset([("a.parquet", [held])], handed_to=["partner"])
    data = notice(person)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasing, dies_at, die)
        with pytest.raises(KeyboardInterrupt):
            erase_for(lab.office, data, lab.drop)
    assert lab.collection.is_erased(held.pseudonym, FIRST, held.created)
    done = erase_for(lab.office, data, lab.drop)
    assert not any(CANARY in one for one in lab.readable())
    assert done.receipt is not None
    assert (done.bundles, done.receipt.exports) == ((held.bundle_id,), ("paper",))
    assert done.receipt.removed_bundles == 1


def test_kept_bytes_of_what_was_refused_go_unless_they_are_somebody_elses(
    lab: Lab, person: Participant
) -> None:
    mine, place = person.joined.pseudonym, lab.collection.folder / "quarantine"
    names = [f"{STUDY}/bundles/{owner}/{FIRST}.tar" for owner in (mine, "p" + "0" * 32)]
    for number, name in enumerate([*names, "brought.tar"]):
        kept = lab.home / "kept"
        kept.write_bytes(CANARY)
        row = Quarantined(
            name=name, source="drop", code=30, reason="", size_bytes=number, refused="2026-11-22T00:00:00+00:00",
        )  # fmt: skip
        quarantine(lab.collection.folder, row, kept)
    assert len(list(place.glob("*.refused"))) == 3
    lab.erase(person)
    assert [path.stem for path in place.glob("*.refused")] == [f"p{'0' * 32}.{FIRST}"]
    assert len(list(place.glob("*.json"))) == 3


def test_a_drop_that_is_away_leaves_the_receipt_unwritten(lab: Lab, person: Participant) -> None:
    lab.hand_over(lab.hold(person, FIRST))
    data = notice(person)
    lab.drop_folder.rename(lab.home / "away")
    with pytest.raises(DropUnreachable):
        erase_for(lab.office, data, lab.drop)
    assert (lab.held, lab.receipts) == ([], [])
    (lab.home / "away").rename(lab.drop_folder)
    done = erase_for(lab.office, data, lab.drop)
    assert lab.receipts == [done.receipt]
    assert not list(lab.drop_folder.rglob("*.tar"))


def test_one_notice_that_cannot_be_done_keeps_no_other(
    lab: Lab, person: Participant, other: Participant
) -> None:
    for one in (person, other):
        lab.hold(one, FIRST)
    paths = [f"{STUDY}/erasures/{who.joined.pseudonym}" for who in (person, other)]
    good, damaged = f"{paths[0]}/{FIRST}.tar", f"{paths[1]}/{SECOND}.tar"
    lab.drop.put(good, notice(person))
    lab.drop.put(damaged, b"no notice")
    lab.drop.put(f"{paths[1]}/{THIRD}.tar", notice(other))
    broken = lab.collection.folder / "participants" / other.joined.pseudonym / "erased.json"
    broken.write_text("[]")
    failed = EachAlone()
    steps: list[int] = []
    tally = erase_each(lab.office, notices_in(lab.drop, STUDY), failed, lambda: steps.append(1))
    assert [one.notice.pseudonym for one in tally.done] == [person.joined.pseudonym]
    assert [(one.name, one.code) for one in tally.refused] == [(damaged, ExitCode.FORMAT)]
    assert [type(error) for _, error in failed.failed] == [CollectionDamaged]
    assert len(steps) == 3
    asked = look_at_each(lab.collection, [lab.study.public], notices_in(lab.drop, STUDY))
    assert {one.notice.pseudonym for one in asked} == {
        one.joined.pseudonym for one in (person, other)
    }


def test_a_bundle_whose_record_is_damaged_goes_too(lab: Lab, person: Participant) -> None:
    for one in (FIRST, SECOND):
        lab.hold(person, one)
    for path in lab.collection.paths():
        path.with_suffix(".json").write_text("{}")
    done = lab.erase(person)
    assert len(done.bundles) == 2
    assert not list(lab.collection.paths())
    assert not any(CANARY in data for data in lab.readable())


def test_what_is_no_notice_by_its_size_or_kind_is_refused_and_keeps_no_other(
    lab: Lab, person: Participant
) -> None:
    lab.hold(person, FIRST)
    place = lab.drop_folder / STUDY / "erasures" / person.joined.pseudonym
    place.mkdir(parents=True)
    with (place / f"{FIRST}.tar").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    os.mkfifo(place / f"{SECOND}.tar")
    (place / f"{THIRD}.tar").write_bytes(notice(person))
    failed = EachAlone()
    tally = erase_each(lab.office, notices_in(lab.drop, STUDY), failed, lambda: None)
    assert len(tally.done) == 1
    assert [(one.code, one.reason) for one in tally.refused] == [
        (ExitCode.FORMAT, "it is larger than a notice can be"),
        (ExitCode.FORMAT, "it is no regular file"),
    ]
    assert failed.failed == []
