"""Erasing reaches what was built, wherever it lies; what cannot be reached is owed."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from recorder.core.each_alone import EachAlone
from recorder.research.building.engines import BuildFailed, Prepare
from recorder.research.building.work import Done, Task
from recorder.research.dataset_erasing import Cleaned, erase_from_datasets, pay_owed
from recorder.research.dataset_places import PlaceUnreachable
from recorder.research.datasets import LIST_FILE, read_dataset
from recorder.sharing.statements import BundleManifest
from tests.unit.research.building.house import House, InProcess, content


def _erase(house: House, told: BundleManifest) -> Cleaned:
    """Erase one bundle as an erasure does."""
    collection = house.lab.collection
    held = next(one for one in collection.bundles() if one.bundle_id == told.bundle_id)
    collection.remove(held, "erased")
    return erase_from_datasets(
        collection.folder, told.pseudonym, lambda bundle, _: bundle == told.bundle_id
    )


def _person(files: dict[str, bytes], told: BundleManifest) -> list[str]:
    return [name for name in files if told.pseudonym in name]


def test_shards_and_what_was_derived_go_from_the_place_and_the_rest_is_built_anew(
    house: House,
) -> None:
    first, second = house.share(content(4), content(5, hour=1))
    (other,) = house.share(content(6))
    house.build()
    done = _erase(house, first)
    assert (done.shards, done.unreachable) == (1, {})
    assert not _person(house.files(), first)
    assert _person(house.files(), other)
    assert not (house.out / "README.md").exists()
    assert [one.bundle_id for one in house.listed.to_rebuild] == [second.bundle_id]
    report = house.build()
    assert (report.built, report.known, report.rows["train"]) == (1, 1, 11)
    episodes = set(house.table().column("episode_id").to_pylist())
    assert first.episode_id not in episodes
    assert not house.listed.to_rebuild


def test_what_lies_in_a_place_that_is_away_is_owed_and_goes_when_it_is_back(house: House) -> None:
    (first,) = house.share(content(4))
    house.build()
    away = house.out.rename(house.lab.root / "away")
    done = _erase(house, first)
    assert isinstance(done.unreachable["steps"], PlaceUnreachable)
    assert house.listed.owed
    failed = EachAlone()
    pay_owed(house.lab.collection.folder, failed)
    assert len(failed.failed) == 1
    away.rename(house.out)
    pay_owed(house.lab.collection.folder, EachAlone())
    assert not house.files()
    assert not house.listed.owed


def test_a_damaged_list_forgets_no_place(house: House) -> None:
    (first,) = house.share(content(4))
    house.build()
    (house.folder / LIST_FILE).write_text("{")
    away = house.out.rename(house.lab.root / "away")
    assert "steps" in _erase(house, first).unreachable
    away.rename(house.out)
    done = erase_from_datasets(house.lab.collection.folder, first.pseudonym, lambda *_: True)
    assert done.lost_whole == ["steps"]
    assert not house.files()
    assert not house.folder.exists()


class Killed(InProcess):
    """An engine that dies at its second task, as a machine does."""

    def run(self, tasks: Sequence[Task], prepare: Prepare) -> Iterator[tuple[Task, Done]]:
        yield from super().run(tasks[:1], prepare)
        unlisted = (
            Path(prepare(tasks[1]).place)
            / "data"
            / "train"
            / f"{tasks[1].pseudonym}-00000-001.parquet"
        )
        unlisted.write_bytes(b"more than was planned")
        unlisted.with_name(f"{unlisted.name}.0123.tmp").write_bytes(b"half of it")
        raise BuildFailed("the machine died", "nothing")


def test_a_killed_build_is_found_by_an_erasure_and_goes_on(house: House) -> None:
    (first,) = house.share(content(4))
    (second,) = house.share(content(5))
    with pytest.raises(BuildFailed):
        house.build(Killed())
    assert {shard.pseudonym for shard in house.listed.shards} == {first.pseudonym, second.pseudonym}
    assert len(house.files()) == 3
    late = max(first, second, key=lambda one: one.pseudonym)
    _erase(house, late)
    assert not _person(house.files(), late)
    report = house.build()
    assert (report.known, report.built) == (1, 0)
    assert not _person(house.files(), late)


def test_another_dataset_of_the_collection_keeps_its_place(house: House) -> None:
    house.share(content(4))
    house.build()
    other = house.lab.root / "other"
    house.build(name="other", out=str(other))
    shutil.rmtree(house.out)
    assert house.build().built == 1
    found = read_dataset(house.folder.parent / "other")
    assert found is not None
    assert found.place == str(other)
