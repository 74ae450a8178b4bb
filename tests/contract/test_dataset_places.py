"""A dataset in a store: built, opened, erased there; owed while the store is away."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.research import collecting, steps
from recorder.research.content_process import ContentProcess
from recorder.research.dataset_erasing import erase_from_datasets, pay_owed
from recorder.sharing.drops import open_drop
from tests.contract.commands import Run
from tests.contract.stores import BUCKET, put_empty, s3_server
from tests.unit.research.building.house import House, content
from tests.unit.research.bundles import Lab
from tests.unit.research.loaders import datasets
from tests.unit.sharing.joining import make_study

PLACE = f"s3://{BUCKET}/sets/steps"
STRANGE = ("data/../evil.parquet", "data/train//a.parquet", "data/train/*.parquet")
"""Names that a store takes and no folder has, or that would lead out of a copy."""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with ContentProcess() as process:
        monkeypatch.setattr(collecting, "ContentProcess", lambda: nullcontext(process))
        yield House(Lab.make(tmp_path, make_study()))


def test_a_store_holds_the_same_files_and_loses_what_is_erased(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = house.share(content(4))
    (other,) = house.share(content(6))
    house.build(name="here")
    with s3_server() as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        report = house.build(out=PLACE)
        assert house.listed.place == PLACE
        assert "made-up" not in house.listed.model_dump_json()
        here = {f"data/{name}": len(data) for name, data in house.files().items()}
        place = open_drop(PLACE)
        assert {name: place.size(name) for name in place.names("data")} == here
        assert {shard.file: shard.size_bytes for shard in report.dataset.shards} == here
        found = steps(PLACE)
        assert found.dataset.count_rows() == 10
        assert found.relation().filter("image is null").count("*").fetchall() == [(0,)]
        assert house.build(out=PLACE).known == 2
        erase_from_datasets(house.lab.collection.folder, first.pseudonym, lambda *_: True)
        assert [other.pseudonym in name for name in place.names("data")] == [True]
        assert place.size("README.md") is None
    done = erase_from_datasets(house.lab.collection.folder, other.pseudonym, lambda *_: True)
    assert set(done.unreachable) == {"steps"}
    assert PLACE in done.unreachable["steps"].message
    failed = EachAlone()
    pay_owed(house.lab.collection.folder, failed)
    assert [name for name, _ in failed.failed] == ["dataset steps"]


@pytest.fixture
def stored(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Give a house whose dataset lies in a store, split by app."""
    house.share(content(4), content(5, hour=1, app="writer"))
    with s3_server() as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        house.build(out=f"s3://{BUCKET}/{house.lab.root.name}", split_by="app")
        yield house


def test_a_dataset_in_a_store_has_all_its_pages_and_its_figures_are_told(
    stored: House, run: Run
) -> None:
    at = str(stored.listed.place)
    place = open_drop(at)
    assert "| steps | 9 |" in place.read("README.md", 100_000).decode()
    assert "A university" in place.read("datasheet.md", 100_000).decode()
    code, told, _ = run("dataset", "stats", at)
    kept = json.loads(place.read("stats.json", 100_000))
    assert (code, told["steps"], told["drawn"]["split_by"]) == (0, 9, "app")
    assert {name: told[name] for name in kept.keys() - {"reduced"}} == {
        name: kept[name] for name in kept.keys() - {"reduced"}
    }
    code, told, _ = run("dataset", "list", str(stored.lab.collection.folder))
    assert (code, told["datasets"][0]["place"]) == (0, at)


def test_a_dataset_in_a_store_is_checked_where_it_lies(stored: House, run: Run) -> None:
    at = str(stored.listed.place)
    words = ("dataset", "check", at, "--collection", str(stored.lab.collection.folder))
    code, told, said = run(*words)
    assert (code, told["ok"], told["listed"], told["split_by"]) == (0, True, True, "app"), said
    place = open_drop(at)
    (name,) = place.names("data")
    data = place.read(name, 10_000_000)
    with place.writing(name) as file:
        file.write(data[:-100])
    code, told, _ = run(*words)
    assert code == ExitCode.FORMAT
    assert [one["found"] for one in told["faults"]] == [
        f"{name} cannot be read as Parquet", f"{name} was changed after it was built",
    ]  # fmt: skip


def test_pages_and_copies_are_made_of_a_dataset_in_a_store(
    stored: House, run: Run, tmp_path: Path
) -> None:
    at = str(stored.listed.place)
    episode = stored.listed.shards[0].sources[0].episode_id
    pages = str(tmp_path / "pages")
    code, told, _ = run("dataset", "view", at, "--to", pages, "--episode", episode)
    assert (code, told["episodes"]) == (0, [episode])
    collection = str(stored.lab.collection.folder)
    copy = str(tmp_path / "copy")
    code, told, _ = run("dataset", "export", at, "--to", copy, "--collection", collection)
    assert (code, told["steps"], told["listed"]) == (0, 9, True)
    found = datasets.load_dataset(copy, split="train", streaming=True)
    assert next(iter(found))["image"].size == (32, 20)
    code, told, _ = run("dataset", "export", at, "--to", f"{copy}-2", "--format", "anthropic")
    assert (code, told["steps"]) == (0, 9)


def test_a_store_without_the_dataset_or_that_is_away_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    with s3_server() as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code, _, said = run("dataset", "stats", f"s3://{BUCKET}/nothing")
        assert (code, f"s3://{BUCKET}/nothing holds no steps" in said) == (ExitCode.NO_FOLDER, True)
        for place, name in enumerate(STRANGE):
            put_empty(environment, f"{place}/{name}")
            code, _, said = run("dataset", "stats", f"s3://{BUCKET}/{place}")
            assert (code, f"{name} has a name that no" in said) == (ExitCode.FORMAT, True)
    code, _, said = run("dataset", "stats", PLACE)
    assert (code, f"{PLACE} cannot be used" in said) == (ExitCode.UNWRITABLE, True)
