"""A dataset in a store: built, opened, erased there; owed while the store is away."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from recorder.core.each_alone import EachAlone
from recorder.research import collecting, steps
from recorder.research.content_process import ContentProcess
from recorder.research.dataset_erasing import erase_from_datasets, pay_owed
from recorder.sharing.drops import open_drop
from tests.contract.stores import BUCKET, s3_server
from tests.unit.research.building.house import House, content
from tests.unit.research.bundles import Lab
from tests.unit.sharing.joining import make_study

PLACE = f"s3://{BUCKET}/sets/steps"


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
