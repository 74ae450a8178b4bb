"""`recorder dataset build` where it cannot: one sentence, the fix, the code."""

import sys
from pathlib import Path

import pytest

from recorder.research.collection import Collection, utc_now
from recorder.research.collection_errors import CollectionAway
from recorder.research.studies import Study as StudyFolder
from tests.contract.commands import Run
from tests.contract.test_collect_commands import study_folder
from tests.unit.sharing.joining import make_study


@pytest.fixture
def words(tmp_path: Path) -> tuple[str, ...]:
    """A study, its empty collection, and where a dataset would go."""
    made = make_study()
    folder = study_folder(tmp_path / "study", made)
    study = StudyFolder.open(folder)
    Collection.create(tmp_path / "data", study.id, utc_now())
    return (
        "dataset", "build", str(tmp_path / "data"), "--study", str(folder),
        "--out", str(tmp_path / "steps"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--split", "80,30,10"), 2, "three shares that sum to 100"),
        (("--for", "a company"), 2, "--for with one of: the lab"),
        (("--address", "auto"), 2, "add --engine ray"),
        (("--split-by", "mood"), 2, "--split-by"),
        (("--dry-run",), 0, ""),
    ],
)
def test_an_order_that_makes_no_sense_is_one_sentence(
    words: tuple[str, ...], run: Run, more: tuple[str, ...], code: int, said: str
) -> None:
    found, told, err = run(*words, *more)
    assert (found, said in err) == (code, True), err
    assert not Path(words[-1]).exists()
    assert told.get("episodes", 0) == 0


def test_a_collection_in_a_store_is_refused_with_the_way_to_bring_it_here(
    words: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run("dataset", "build", "s3://lab/data", *words[3:], "--dry-run")
    assert code == 2
    assert "Fix: bring bundles here with recorder collect s3://bucket/folder --into data" in err
    into = ("--into", "s3://lab/data")
    code, _, err = run("collect", str(tmp_path), *into, *words[3:5], "--dry-run")
    assert (code, "A collection is a folder" in err) == (2, True)
    with pytest.raises(CollectionAway):
        Collection.create(Path(into[1]), "typing-1", utc_now())
    assert not (tmp_path / "s3:").exists()


def test_without_ray_the_extra_is_named(
    words: tuple[str, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    code, _, err = run(*words, "--engine", "ray", "--dry-run")
    assert code == 14
    assert "pip install 'opt-in-recorder[research]'" in err
