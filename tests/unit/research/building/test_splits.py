"""Splits hold participants, apps or times together, and judge on nothing that was taught."""

import numpy as np
import pyarrow.compute as pc
import pytest

from recorder.core.ids import ulid
from recorder.research.building.leaks import Leaks
from recorder.research.building.near import NEAR_BITS, NearSet, packed, unpacked
from recorder.research.building.splits import (
    SPLITS,
    Rule,
    SplitUnknown,
    parse_shares,
    rule_of,
    split_salt,
)
from tests.unit.research.building.house import House, content

SALT = "ab" * 32


def test_participants_fall_into_splits_by_share_and_stay_there() -> None:
    rule = Rule(by="participant", shares=(80, 10, 10), salt=SALT)
    names = [f"p{n:032x}" for n in range(2000)]
    found = [rule.of_name(name) for name in names]
    shares = [found.count(split) / 20 for split in SPLITS]
    assert shares == pytest.approx([80, 10, 10], abs=3)
    assert [rule.of_name(name) for name in names] == found
    other = Rule(by="participant", shares=(80, 10, 10), salt="cd" * 32)
    assert [other.of_name(name) for name in names] != found


@pytest.mark.parametrize("text", ["80,10", "80,10,20", "a,b,c", "-10,100,10", "", "80.5,9.5,10"])
def test_shares_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(SplitUnknown):
        parse_shares(text)


def test_the_salt_is_made_once(house: House) -> None:
    folder = house.lab.collection.folder
    first = split_salt(folder)
    assert len(first) == 64
    assert split_salt(folder) == first
    assert (folder / "split-salt").stat().st_mode & 0o777 == 0o600


def test_by_time_the_last_episodes_judge(house: House) -> None:
    told = house.share(*(content(3, hour=n) for n in range(4)))
    house.build(split_by="time", shares=(50, 25, 25))
    rows = house.table().to_pylist()
    by_episode = {row["episode_id"]: row["split"] for row in rows}
    expected = ["train", "train", "validation", "test"]
    assert [by_episode[one.episode_id] for one in told] == expected


def test_what_was_recorded_on_one_day_stays_together() -> None:
    day, later = (ulid(n * 86_400 * 10**9, bytes(10)) for n in (20_000, 20_001))
    rule = rule_of("time", (80, 10, 10), SALT, [day] * 5)
    assert rule.of_episode("p", day) == "train"
    rule = rule_of("time", (50, 0, 50), SALT, [day, day, later])
    assert [rule.of_episode("p", one) for one in (day, later)] == ["train", "test"]


def test_by_app_a_row_goes_where_its_app_goes(house: House) -> None:
    apps = ("xterm", "gimp", "inkscape", "libreoffice", "thunar", "zathura")
    house.share(*(content(3, hour=n, app=app) for n, app in enumerate(apps)))
    report = house.build(split_by="app", shares=(40, 30, 30))
    assert sum(rows > 0 for rows in report.rows.values()) >= 2
    table = house.table()
    for app in apps:
        splits = table.filter(pc.equal(table.column("app_id"), app)).column("split")
        assert len(set(splits.to_pylist())) == 1
    for file in house.files():
        split = file.split("/")[0]
        assert split in SPLITS


def test_near_hashes_are_those_of_which_few_bits_differ() -> None:
    known = NearSet([0x0F0F, -1])
    flipped = [0x0F0F ^ sum(1 << (17 * bit) for bit in range(n)) for n in range(5)]
    near = known.has_near(np.array(flipped, np.int64))
    assert near.tolist() == [n <= NEAR_BITS for n in range(5)]


def test_what_a_shard_tells_of_its_pictures_comes_back() -> None:
    found = unpacked(packed([(-5, "ab" * 32), (7, "cd" * 32), (7, "cd" * 32)]))
    assert found["phash"].tolist() == [-5, 7]


def _both(house: House) -> None:
    """Train shows twice what test shows: once to the last pixel, once nearly."""
    house.share(content(3, hour=0, grey=10, phash=0xFF), content(3, hour=1, grey=20, phash=0xFE))
    house.share(
        content(3, hour=2, grey=30, phash=0xFFFF0000), content(3, hour=3, grey=10, phash=0xFF)
    )


def test_what_train_shows_of_test_is_reported_and_left_out_when_asked(house: House) -> None:
    _both(house)
    report = house.build(split_by="time", shares=(75, 0, 25))
    assert report.rows == {"train": 9, "validation": 0, "test": 3}
    assert report.leaks == Leaks(pictures=3, same=1, near=2)
    report = house.build(split_by="time", shares=(75, 0, 25), dedup=True)
    assert report.rows == {"train": 3, "validation": 0, "test": 3}
    assert report.leaks == Leaks(pictures=1, same=0, near=0)
    assert report.counts["near_test"] == 6
    again = house.build(split_by="time", shares=(75, 0, 25), dedup=True)
    assert (again.built, again.known) == (0, report.built + report.known)
