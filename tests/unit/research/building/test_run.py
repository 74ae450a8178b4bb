"""A build: what is in it, what is left out, and what a second one does."""

import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PIL import Image

from recorder.core.errors import ExitCode
from recorder.research.access import accesses
from recorder.research.building.placing import PlaceTaken
from recorder.research.reduction.schema import STEPS
from tests.unit.research.building.house import House, content


def test_every_click_becomes_a_row_with_the_screen_before_it(house: House) -> None:
    (first,) = house.share(content(4, grey=40))
    report = house.build()
    assert report.rows == {"train": 4, "validation": 0, "test": 0}
    rows = house.table().to_pylist()
    assert [row["action_type"] for row in rows] == ["click"] * 4
    assert {row["participant_id"] for row in rows} == {first.pseudonym}
    assert {(row["split"], row["episode_id"]) for row in rows} == {("train", first.episode_id)}
    assert [row["frame_id"] for row in rows] == [1, 2, 1, 4]
    for row in rows:
        picture = Image.open(io.BytesIO(row["image"]["bytes"])).convert("RGB")
        assert picture.getpixel((3, 3)) == (40, 40, 40)
        assert row["image"]["path"] is None


def test_a_shard_has_one_participant_small_row_groups_and_what_loaders_ask_for(
    house: House,
) -> None:
    house.share(content(70), content(3, hour=1))
    house.share(content(5))
    report = house.build()
    assert len(report.dataset.shards) == 2
    for shard in report.dataset.shards:
        path = house.out / shard.file
        found = pq.ParquetFile(path)
        assert found.schema_arrow.equals(STEPS)
        assert b"huggingface" in found.schema_arrow.metadata
        groups = [found.metadata.row_group(n) for n in range(found.metadata.num_row_groups)]
        assert max(group.num_rows for group in groups) <= 64
        assert set(found.read(["participant_id"]).column(0).to_pylist()) == {shard.pseudonym}
        assert shard.size_bytes == path.stat().st_size
        assert (path.stat().st_mode & 0o777, house.out.stat().st_mode & 0o777) == (0o600, 0o700)
    assert sorted(len(shard.sources) for shard in report.dataset.shards) == [1, 2]


def test_a_second_build_writes_nothing_and_opens_nothing(house: House) -> None:
    house.share(content(4), content(5, hour=1))
    first = house.build()
    before = {path: path.stat().st_mtime_ns for path in house.out.rglob("*.parquet")}
    opened = len(list(accesses(house.lab.collection.folder)))
    second = house.build()
    assert (first.built, first.known, second.built, second.known) == (1, 0, 0, 1)
    assert {path: path.stat().st_mtime_ns for path in house.out.rglob("*.parquet")} == before
    assert len(list(accesses(house.lab.collection.folder))) == opened
    assert (first.told, second.told) == (1, 0)
    assert second.counts == first.counts


def test_the_same_input_gives_the_same_bytes_elsewhere(house: House) -> None:
    house.share(content(4), content(5, hour=1))
    house.build()
    other = house.lab.root / "other"
    house.build(name="again", out=str(other))
    assert house.files() == house.files(other)


def test_a_new_episode_joins_and_a_lost_file_is_built_again(house: House) -> None:
    person, joined = house.person()
    house.lab.share(person, joined, content(4))
    house.collect()
    house.build()
    house.lab.share(person, joined, content(6, hour=1))
    house.collect()
    assert house.build().rows["train"] == 10
    whole = house.files()
    next(house.out.rglob("*.parquet")).unlink()
    assert house.build().built == 1
    assert house.files() == whole


def test_each_opened_bundle_is_an_access_row_before_it_is_opened(house: House) -> None:
    told = house.share(content(4), content(5, hour=1))
    house.build()
    rows = list(accesses(house.lab.collection.folder))
    mine = [row for row in rows if row.purpose == "dataset build: steps"]
    assert {row.bundle_id for row in mine} == {one.bundle_id for one in told}
    assert {row.action for row in mine} == {"decrypt"}


def _damage(path: Path, at: int = -2000) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_a_damaged_bundle_is_listed_with_its_reason_and_the_rest_goes_on(house: House) -> None:
    told = house.share(content(4), content(5, hour=1), content(6, hour=2))
    held = {one.bundle_id: one.path for one in house.lab.collection.bundles()}
    _damage(held[told[1].bundle_id])
    report = house.build()
    assert report.rows["train"] == 10
    (left,) = report.left_out
    assert (left.bundle_id, left.code) == (told[1].bundle_id, ExitCode.HASH)
    (line,) = (house.out / "left_out.jsonl").read_text().splitlines()
    assert json.loads(line)["reason"] == "its payload is not what was signed"


def test_an_expired_consent_and_another_recipient_are_left_out_unopened(house: House) -> None:
    house.share(content(4))
    opened = len(list(accesses(house.lab.collection.folder)))
    late = house.lab.study.expect(house.lab.study.expect().now_ns + 40 * 86_400 * 10**9)
    report = house.build(expect=late)
    assert [one.reason for one in report.left_out] == ["the consent expired"]
    report = house.build(role="a company")
    assert [one.reason for one in report.left_out] == ["its notice names no such recipient"]
    assert report.rows["train"] == 0
    assert len(list(accesses(house.lab.collection.folder))) == opened


def test_an_episode_without_an_action_is_named_and_is_no_fault(house: House) -> None:
    house.share(content(0))
    report = house.build()
    (left,) = report.left_out
    assert (left.code, left.reason) == (0, "nobody does anything in it")


def test_a_folder_with_something_else_is_not_touched(house: House) -> None:
    house.share(content(4))
    (house.out / "data").mkdir(parents=True)
    (house.out / "data" / "mine.txt").write_text("mine")
    with pytest.raises(PlaceTaken, match="holds something else"):
        house.build()
    assert (house.out / "data" / "mine.txt").read_text() == "mine"
