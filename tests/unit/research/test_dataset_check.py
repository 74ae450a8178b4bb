"""What is wrong with a dataset is told, each fault by its own sentence; a good one has none."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recorder.core.errors import ExitCode
from recorder.research.building.splits import SplitBy
from recorder.research.collection import utc_now
from recorder.research.datasets import Dataset, Shard, Source
from recorder.research.looking.checking import Asked, check
from recorder.research.looking.consent_faults import Basis, sources_of
from recorder.research.looking.faults import Fault
from recorder.research.looking.folder import DatasetFolder
from tests.unit.research.bundles import Content, Lab
from tests.unit.research.made_dataset import (
    ANNA,
    BERT,
    FIRST,
    SECOND,
    THIRD,
    put,
    screen,
    small,
    step,
    typed,
    unpictured,
    write_shard,
)
from tests.unit.sharing.joining import NOW, Person


def faults(
    folder: Path,
    by: SplitBy = "participant",
    listed: Dataset | None = None,
    basis: Basis | None = None,
) -> list[Fault]:
    return list(check(DatasetFolder.open(folder), Asked(by, listed, basis, lambda: None)))


def told(folder: Path, **more: Any) -> list[str]:  # noqa: ANN401 - as faults
    return [fault.told for fault in faults(folder, **more)]


def test_a_good_dataset_has_no_fault(tmp_path: Path) -> None:
    assert faults(small(tmp_path)) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"frame_lag_ms": -3.0}, "taken after the action"),
        ({"frame_lag_ms": None}, "of unknown age"),
        ({"n_events": 1}, "never released"),
        ({"action_type": "double_click", "clicks": 2, "n_events": 3}, "never released"),
        ({"action_type": "drag", "clicks": None}, "a drag to no place"),
        ({"t_end_ns": 0}, "end before its beginning"),
        ({"x_norm": 1.01}, "outside of the picture"),
        ({"action_type": "dance"}, "not known"),
    ],
)
def test_a_step_that_cannot_be_is_told(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    put(tmp_path, [step(index=0), step(index=1, **changed)])
    (found,) = faults(tmp_path)
    assert found.told.startswith("1 step ")
    assert words in found.told
    assert found.code is ExitCode.CHECKS_FAILED


def test_typing_without_text_must_be_marked_as_redacted(tmp_path: Path) -> None:
    put(tmp_path, [typed(None, redacted=False)])
    assert told(tmp_path) == ["1 step with typing that has no text and is not marked as redacted"]


def test_a_step_that_stands_in_it_twice_is_told(tmp_path: Path) -> None:
    put(tmp_path, [step(index=0), step(index=0)])
    assert told(tmp_path) == ["1 step stands in it twice"]


def test_a_participant_in_two_splits_is_a_leak_unless_it_was_split_by_app(tmp_path: Path) -> None:
    put(tmp_path, [
        unpictured(step(index=0)),
        unpictured(step(SECOND, 0, split="test", app_id="chromium")),
    ])  # fmt: skip
    assert told(tmp_path) == [f"The participant {ANNA} is in test and train"]
    assert told(tmp_path, by="app") == []
    assert told(tmp_path, by="time") == []


def test_an_app_in_two_splits_is_a_leak_where_it_was_split_by_app(tmp_path: Path) -> None:
    put(tmp_path, [unpictured(step()), unpictured(step(SECOND, split="test"))])
    assert told(tmp_path, by="app") == ["The app writer is in test and train"]


def test_the_same_picture_in_two_splits_is_a_leak(tmp_path: Path) -> None:
    put(tmp_path, [step(), step(THIRD, participant_id=BERT, split="test")])
    assert told(tmp_path) == [
        "1 of 1 picture of train can be seen, or nearly, in another split (1 to the last pixel)"
    ]


def test_a_picture_that_looks_the_same_in_two_splits_is_a_leak(tmp_path: Path) -> None:
    like = {"bytes": screen(201), "path": None}
    put(tmp_path, [step(), step(THIRD, participant_id=BERT, split="test", image=like)])
    (only,) = told(tmp_path)
    assert only.endswith("in another split (0 to the last pixel)")


def test_a_file_in_the_folder_of_another_split_is_told(tmp_path: Path) -> None:
    path = put(tmp_path, [step()])[0]
    (tmp_path / "data/test").mkdir()
    path.rename(tmp_path / "data/test" / path.name)
    assert told(tmp_path) == [f"data/test/{path.name} holds steps of another split"]


def test_a_file_of_two_participants_is_told(tmp_path: Path) -> None:
    path = put(tmp_path, [step()])[0]
    write_shard(path, [step(), step(SECOND, participant_id=BERT)], ())
    (only,) = told(tmp_path)
    assert "2 participants" in only


def test_other_columns_and_missing_metadata_are_told_by_name(tmp_path: Path) -> None:
    folder = small(tmp_path)
    pq.write_table(pa.table({"episode_id": [1], "mine": [2]}), folder / "data/test/p.parquet")
    (folder / "data/test/q.parquet").write_bytes(b"no")
    found = faults(folder)
    assert {one.code for one in found} == {ExitCode.FORMAT}
    assert any(
        "other columns than steps: episode_id, participant_id, split and" in f.told for f in found
    )
    assert any("does not tell huggingface and recorder.pictures" in f.told for f in found)
    assert any("q.parquet cannot be read as Parquet" in f.told for f in found)


def list_of(folder: Path, source: Source | None = None) -> Dataset:
    shards = []
    for one in DatasetFolder.open(folder).shards:
        data = (folder / one.name).read_bytes()
        some = (source or Source(bundle_id=FIRST, episode_id=FIRST),)
        shards.append(Shard(
            file=one.name, pseudonym=one.file[:33], sources=some,
            sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data), rows=1,
        ))  # fmt: skip
    return Dataset(name="paper", created="2026-11-22T00:00:00+00:00", shards=tuple(shards))


def test_files_are_held_against_their_list(tmp_path: Path) -> None:
    folder = small(tmp_path)
    listed = list_of(folder)
    assert faults(folder, listed=listed) == []
    test = folder / DatasetFolder.open(folder).shards[0].name
    put(folder, [unpictured(step())])
    put(folder, [unpictured(step(SECOND, 0))], number=9)
    test.unlink()
    found = faults(folder, listed=listed)
    assert [one.code for one in found] == [ExitCode.HASH] * 3
    assert "was changed after it was built" in found[0].told
    assert "stands in no list" in found[1].told
    assert "is missing" in found[2].told


@pytest.fixture
def used(lab: Lab, person: Person, joined: Any, tmp_path: Path) -> tuple[Path, Dataset, Basis]:  # noqa: ANN401 - of the package
    """Give a dataset made of one bundle that is held, its list, and what it is checked against."""
    told = lab.share(person, joined, Content(episode_id=FIRST))
    lab.collect()
    folder = tmp_path / "made"
    put(folder, [step(FIRST, participant_id=told.pseudonym)])
    source = Source(bundle_id=told.bundle_id, episode_id=told.episode_id)
    return folder, list_of(folder, source), Basis(lab.collection, lab.study.expect(), utc_now())


def test_what_may_be_used_has_no_fault(used: tuple[Path, Dataset, Basis]) -> None:
    folder, listed, basis = used
    assert faults(folder, listed=listed, basis=basis) == []


def test_an_erased_episode_in_an_old_build_is_told(used: tuple[Path, Dataset, Basis]) -> None:
    folder, listed, basis = used
    held = next(basis.collection.bundles())
    person = basis.collection.participant(held.pseudonym)
    now = datetime.fromtimestamp(NOW // 10**9, UTC).isoformat()
    person.keep_erased(person.erased.with_episodes([FIRST], now))
    (still,) = faults(folder, listed=listed, basis=basis)
    assert (still.code, "the participant had it erased" in still.told) == (ExitCode.ERASED, True)
    basis.collection.remove(held, "erased")
    (gone,) = faults(folder, listed=listed, basis=basis)
    assert gone.code is ExitCode.ERASED
    assert gone.told.endswith("which its participant had erased")
    (copy,) = faults(folder, basis=basis)
    assert (copy.code, copy.told) == (ExitCode.ERASED, gone.told)


def test_everything_of_a_participant_erased_is_told_of_a_copy_without_a_list(
    used: tuple[Path, Dataset, Basis],
) -> None:
    folder, _, basis = used
    held = next(basis.collection.bundles())
    person = basis.collection.participant(held.pseudonym)
    basis.collection.remove(held, "erased")
    person.keep_erased(person.erased.with_everything("2026-11-30T00:00:00+00:00"))
    assert [one.code for one in faults(folder, basis=basis)] == [ExitCode.ERASED]


def test_an_episode_that_nobody_shared_is_told(used: tuple[Path, Dataset, Basis]) -> None:
    folder, listed, basis = used
    path = folder / DatasetFolder.open(folder).shards[0].name
    write_shard(path, [step(THIRD, participant_id=listed.shards[0].pseudonym)], ())
    found = [
        one.told
        for one in faults(folder, listed=list_of(folder, listed.shards[0].sources[0]), basis=basis)
    ]
    assert [words.endswith("which the collection does not hold") for words in found] == [True]


def test_consent_that_ended_and_time_that_is_over_are_told(
    used: tuple[Path, Dataset, Basis],
) -> None:
    folder, listed, basis = used
    expect = replace(basis.expect, now_ns=basis.expect.now_ns + 40 * 86_400 * 10**9)
    late = replace(basis, expect=expect, now=basis.now + timedelta(days=40))
    found = faults(folder, listed=listed, basis=late)
    assert any("should be gone since" in one.told for one in found)
    assert any("the consent expired" in one.told for one in found)
    assert ExitCode.CONSENT_MISMATCH in {one.code for one in found}


def test_sources_are_gathered_by_participant() -> None:
    one, other = (Source(bundle_id=name, episode_id=name) for name in (FIRST, SECOND))
    shards = tuple(
        Shard(file=f"data/{n}.parquet", pseudonym=ANNA, sources=(source,))
        for n, source in enumerate((one, other))
    )
    assert sources_of(shards) == {ANNA: {one, other}}
