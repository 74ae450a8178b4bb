"""Erasing and retention reach the datasets that were made of a collection."""

import json
from datetime import timedelta

import pytest

from recorder.research.collection import utc_now
from recorder.research.datasets import read_dataset
from recorder.research.retention import expire
from recorder.sharing.erasing import Scope
from tests.unit.research.erasing.lab import CANARY, FIRST, SECOND, THIRD, Lab
from tests.unit.sharing.shared_study import Participant


def test_a_dataset_whose_list_is_damaged_goes_whole(lab: Lab, person: Participant) -> None:
    folder = lab.dataset([("a.parquet", [lab.hold(person, FIRST)])])
    (folder / "dataset.json").write_text("{}")
    done = lab.erase(person)
    assert not folder.exists()
    assert done.datasets_lost == ("paper",)


@pytest.mark.parametrize("name", ["../x", "/x", "a/../x", ".hidden", "a//b", "a/.b"])
def test_a_dataset_that_names_files_elsewhere_is_no_dataset(
    lab: Lab, person: Participant, name: str
) -> None:
    outside = lab.home / "x"
    outside.write_bytes(b"of the researcher")
    folder = lab.dataset([("a.parquet", [lab.hold(person, FIRST)])])
    told = json.loads((folder / "dataset.json").read_text())
    told["derived"] = [name]
    (folder / "dataset.json").write_text(json.dumps(told))
    assert read_dataset(folder) is None
    lab.erase(person)
    assert outside.exists()


def test_what_waits_to_be_rebuilt_of_another_stays(
    lab: Lab, person: Participant, other: Participant
) -> None:
    mine = [lab.hold(person, one) for one in (FIRST, SECOND)]
    theirs = [lab.hold(other, one) for one in (FIRST, THIRD)]
    folder = lab.dataset([("a.parquet", mine), ("b.parquet", theirs)])
    lab.erase(other, Scope((THIRD,)))
    lab.erase(person, Scope((FIRST,)))
    left = read_dataset(folder)
    assert left is not None
    waiting = {(one.pseudonym, one.bundle_id) for one in left.to_rebuild}
    assert waiting == {(one.pseudonym, one.bundle_id) for one in (theirs[0], mine[1])}


def test_what_is_over_goes_from_datasets_too(lab: Lab, person: Participant) -> None:
    gone = lab.hold(person, FIRST)
    folder = lab.dataset([("a.parquet", [gone])])
    notices = {lab.study.notice.sha256: lab.study.notice}
    assert expire(lab.collection, notices, utc_now(), lab.study.key.sign) == []
    later = utc_now() + timedelta(days=31)
    assert len(expire(lab.collection, notices, later, lab.study.key.sign)) == 1
    assert [path.name for path in folder.iterdir()] == ["dataset.json"]
    assert not any(CANARY in data for data in lab.readable())
    assert [one.verdict for one in lab.receipts] == ["expired"]
