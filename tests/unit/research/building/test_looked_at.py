"""A dataset as it is really built: its card, figures, checks, copies, and what an erasure names."""

import json
import re
from pathlib import Path

import pytest
import yaml

from recorder.core.errors import ExitCode
from recorder.research.collection import utc_now
from recorder.research.datasets import read_dataset
from recorder.research.exports.exporting import FORMS, Form, export_dataset
from recorder.research.exports.handing import listed_in, note_copy
from recorder.research.looking.card import card, datasheet
from recorder.research.looking.checking import Asked, check
from recorder.research.looking.consent_faults import Basis
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.stats import stats
from recorder.research.looking.trajectories import write_pages
from recorder.research.reduction.schema import REDUCER_VERSION
from recorder.sharing.drops import open_drop
from tests.unit.research.building.house import House, content
from tests.unit.research.loaders import datasets


@pytest.fixture
def built(house: House) -> House:
    house.share(content(4), content(5, hour=1, app="writer"))
    house.build()
    return house


def test_the_card_opens_the_dataset_and_its_figures_are_those_of_the_steps(built: House) -> None:
    text = (built.out / "README.md").read_text()
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["configs"][0]["data_files"] == [{"split": "train", "path": "data/train/*.parquet"}]
    assert front["size_categories"] == ["n<1K"]
    assert "| steps | 9 |" in text
    assert "train an agent" in text
    found = datasets.load_dataset(str(built.out), split="train", streaming=True)
    assert next(iter(found))["image"].size == (32, 20)


def test_the_datasheet_has_the_headings_of_the_paper_and_what_the_notice_says(
    built: House,
) -> None:
    text = (built.out / "datasheet.md").read_text()
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    for head in (
        "Motivation", "Composition", "Collection process", "Preprocessing, cleaning, labeling",
        "Uses", "Distribution", "Maintenance",
    ):  # fmt: skip
        assert head in heads
    assert "A university" in text
    assert "age1" not in text


def test_the_build_notes_hours_and_what_became_of_events(built: House) -> None:
    told = json.loads((built.out / "stats.json").read_text())
    assert told["schema"] == "recorder.dataset-stats/1"
    assert told["reduced"]["steps"] == told["steps"] == 9
    assert told["recorded_hours"] == pytest.approx(9.1 / 3600)
    assert [one["app_id"] for one in told["bias"]] == ["writer", "xterm"]
    listed = built.listed
    assert {"README.md", "datasheet.md", "stats.json", "left_out.jsonl"} == set(listed.derived)


def test_the_figures_tell_what_this_build_left_out(house: House) -> None:
    house.share(content(4), content(0, hour=1))
    house.build()
    told = json.loads((house.out / "stats.json").read_text())
    assert told["left_out"] == DatasetFolder.open(house.out).left_out()
    assert told["left_out"] == {"nobody does anything in it": 1}


def test_the_list_the_figures_and_the_card_say_how_the_splits_were_drawn(built: House) -> None:
    drawn = built.listed.drawn
    assert drawn is not None
    assert (drawn.split_by, drawn.shares, drawn.dedup) == ("participant", (100, 0, 0), False)
    assert (drawn.profile, drawn.reducer) == ("recorder", REDUCER_VERSION)
    assert DatasetFolder.open(built.out).drawn() == drawn
    assert "Drawn by participant: 100 % train" in (built.out / "README.md").read_text()
    built.build(split_by="app", dedup=True)
    assert built.listed.drawn == drawn.model_copy(update={"split_by": "app", "dedup": True})
    text = (built.out / "README.md").read_text()
    assert "Drawn by app" in text
    assert "left out of it" in text


def test_without_a_notice_the_pages_ask_instead_of_making_something_up(built: House) -> None:
    found = stats(DatasetFolder.open(built.out))
    assert "To be answered by whoever publishes it" in datasheet("x", found)
    assert "Study" not in card("x", found)


def test_a_built_dataset_passes_its_checks_until_someone_is_erased(built: House) -> None:
    basis = Basis(built.lab.collection, built.lab.study.expect(), utc_now())
    asked = Asked("participant", built.listed, basis, lambda: None)
    assert list(check(DatasetFolder.open(built.out), asked)) == []
    held = next(basis.collection.bundles())
    basis.collection.remove(held, "erased")
    (fault,) = check(DatasetFolder.open(built.out), asked)
    assert (fault.code, held.episode_id in fault.told) == (ExitCode.ERASED, True)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_takes_a_built_dataset(built: House, tmp_path: Path, form: Form) -> None:
    done = export_dataset(DatasetFolder.open(built.out), tmp_path / "copy", form, lambda: None)
    assert (done.steps, done.left_out) == (9, {})
    assert ((tmp_path / "copy").stat().st_mode & 0o777) == 0o700


def test_a_copy_is_noted_in_the_list_and_an_erasure_names_the_dataset(built: House) -> None:
    collection = built.lab.collection.folder
    assert listed_in(open_drop(built.out), None) is None
    assert listed_in(open_drop(built.lab.root), collection) is None
    listed = listed_in(open_drop(built.out), collection)
    assert listed == built.folder
    for _ in range(2):
        note_copy(listed, "hf copy in /somewhere")
    found = read_dataset(listed)
    assert found is not None
    assert found.handed_to == ("hf copy in /somewhere",)
    assert len(found.shards) == 1
    assert found.holds(found.shards[0].pseudonym, [found.shards[0].sources[0].bundle_id])


def test_pages_show_every_step_of_every_episode(built: House, tmp_path: Path) -> None:
    found = write_pages(DatasetFolder.open(built.out), tmp_path / "pages", lambda: None, most=100)
    assert [page.steps for page in found] == [4, 5]
    assert len(list((tmp_path / "pages/images").iterdir())) == 7
