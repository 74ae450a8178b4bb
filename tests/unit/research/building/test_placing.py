"""Where a dataset may lie: nobody else reads it, and it gets in no other's way."""

import os
import shutil
from pathlib import Path

import pytest

from recorder.core.errors import ExitCode
from recorder.research.building import registry
from recorder.research.building.placing import PlaceTaken, true_place
from recorder.research.building.work import Task
from recorder.research.dataset_erasing import erase_from_datasets
from recorder.research.dataset_places import GONE
from recorder.research.datasets import ListTooLong, LostSource, read_dataset, write_dataset
from recorder.research.exports.handing import note_copy
from recorder.research.participants import CollectionDamaged
from tests.unit.research.building.house import House, content


@pytest.fixture
def shared(house: House) -> House:
    house.share(content(4))
    return house


def test_a_folder_that_others_can_read_is_made_the_owners_alone(shared: House) -> None:
    shared.out.mkdir(mode=0o755)
    shared.out.chmod(0o755)
    report = shared.build()
    modes = {path.stat().st_mode & 0o777 for path in shared.out.rglob("*")}
    assert shared.out.stat().st_mode & 0o777 == 0o700
    assert modes == {0o700, 0o600}
    assert report.rows["train"] == 4


def test_a_folder_that_was_opened_to_a_group_afterwards_stays_so(shared: House) -> None:
    shared.build()
    shared.out.chmod(0o750)
    shared.build()
    assert shared.out.stat().st_mode & 0o777 == 0o750


def test_the_datasets_own_folder_is_known_under_every_name(shared: House) -> None:
    collection = shared.lab.collection.folder
    link = shared.lab.root / "link"
    link.symlink_to(collection, target_is_directory=True)
    for out in (link / "datasets/steps", collection / "../collection/datasets/steps"):
        report = shared.build(out=str(out))
        assert report.dataset.place is None
        assert [one.file for one in report.dataset.shards if (shared.folder / one.file).exists()]


def test_a_place_in_the_collection_is_refused_and_not_made(shared: House) -> None:
    for below in ("bundles/mine", "datasets", "datasets/other", "mine"):
        out = shared.lab.collection.folder / below
        was_there = out.exists()
        with pytest.raises(PlaceTaken, match="lies in the collection"):
            shared.build(out=str(out))
        assert out.exists() == was_there


@pytest.mark.parametrize("below", ["", "data/train/mine", ".."])
def test_a_place_in_or_around_another_dataset_is_refused(shared: House, below: str) -> None:
    lower = shared.out / "lower"
    shared.build(out=str(lower))
    before = shared.files(lower)
    with pytest.raises(PlaceTaken, match="steps lies in"):
        shared.build(name="other", out=str(lower / below))
    assert shared.files(lower) == before


def test_addresses_and_folders_have_one_name_each(tmp_path: Path) -> None:
    assert true_place("s3://lab/steps/") == "s3://lab/steps"
    assert (
        true_place(f"file://{tmp_path}") == true_place(os.path.relpath(tmp_path)) == str(tmp_path)
    )


def test_a_list_that_would_be_too_long_is_refused_before_anything_is_written(
    shared: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "LIST_BYTES", 2_000)
    with pytest.raises(ListTooLong, match="more files and episodes") as refused:
        shared.build()
    assert refused.value.code is ExitCode.LIMITS
    assert "--into several collections" in refused.value.fix
    assert not shared.folder.exists()
    assert not shared.files()


def test_what_is_planned_for_a_part_is_more_than_it_takes(
    shared: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.share(content(0), content(2, hour=1), content(3, hour=2))
    told: list[int] = []
    of = registry._most_bytes

    def noted(task: Task) -> int:
        told.append(of(task))
        return told[-1]

    monkeypatch.setattr(registry, "_most_bytes", noted)
    shared.build()
    assert sum(told) > (shared.folder / "dataset.json").stat().st_size > sum(told) / 4


def test_an_erasure_never_writes_a_list_that_cannot_be_read(
    shared: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, second) = shared.share(content(5), content(6, hour=1))
    shared.build()
    length = (shared.folder / "dataset.json").stat().st_size
    lost = LostSource(
        bundle_id=second.bundle_id, episode_id=second.episode_id, pseudonym="p" + "0" * 32
    )
    monkeypatch.setattr("recorder.research.datasets.LIST_BYTES", length)
    write_dataset(shared.folder, shared.listed.model_copy(update={"to_rebuild": (lost,) * 9}))
    assert shared.listed.to_rebuild == ()
    with pytest.raises(ListTooLong):
        write_dataset(shared.folder, shared.listed.model_copy(update={"owed": ("a",) * 999}))
    erase_from_datasets(
        shared.lab.collection.folder, first.pseudonym, lambda bundle, _: bundle == first.bundle_id
    )
    found = read_dataset(shared.folder)
    assert found is not None
    assert not found.holds(first.pseudonym, {first.bundle_id})


def test_an_empty_folder_where_a_disk_is_not_mounted_passes_for_no_erasure(shared: House) -> None:
    shared.build()
    (who,) = {one.pseudonym for one in shared.listed.shards}
    disk = shared.out.rename(shared.lab.root / "disk")
    shared.out.mkdir()
    folder = shared.lab.collection.folder
    done = erase_from_datasets(folder, who, lambda *_: True)
    assert "is not mounted" in str(done.unreachable["steps"])
    assert shared.listed.owed
    shared.out.rmdir()
    disk.rename(shared.out)
    assert not erase_from_datasets(folder, who, lambda *_: True).unreachable
    assert not shared.files()


def test_a_copy_that_is_gone_for_good_is_owed_no_more_when_a_person_says_so(shared: House) -> None:
    shared.build()
    (who,) = {one.pseudonym for one in shared.listed.shards}
    shutil.rmtree(shared.out)
    shared.out.mkdir()
    (shared.out / GONE).touch()
    folder = shared.lab.collection.folder
    assert not erase_from_datasets(folder, who, lambda *_: True).unreachable
    assert not shared.listed.owed


def test_a_copy_is_not_said_to_be_noted_in_a_list_that_is_damaged(shared: House) -> None:
    shared.build(out=str(shared.folder))
    (shared.folder / "dataset.json").write_text("{")
    with pytest.raises(CollectionDamaged):
        note_copy(shared.folder, "hf copy in /elsewhere")


def test_copies_with_long_paths_are_each_noted_whole(shared: House) -> None:
    shared.build(out=str(shared.folder))
    told = [f"hf copy in /{'long/' * 100}{end}" for end in ("a", "b")]
    for one in told:
        note_copy(shared.folder, one)
    assert shared.listed.handed_to == tuple(told)
