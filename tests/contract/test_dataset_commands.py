"""`recorder dataset export|stats|check|view` by their command lines."""

from pathlib import Path

import pytest

from recorder.core.errors import ExitCode
from recorder.files import private_folder
from recorder.research.collection import Collection, utc_now
from recorder.research.datasets import DATASETS, Dataset, read_dataset, write_dataset
from tests.contract.commands import Run
from tests.unit.research.made_dataset import put, small, step


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return small(tmp_path / "steps")


def test_stats_counts_and_draws(made: Path, tmp_path: Path, run: Run) -> None:
    charts = tmp_path / "charts"
    code, told, said = run("dataset", "stats", str(made), "--plots", str(charts))
    assert (code, told["schema"]) == (0, "recorder.dataset-stats/1")
    assert (told["steps"], told["trainable"]) == (8, 5)
    assert {path.name for path in charts.iterdir()} == {
        "actions.png", "apps.png", "splits.png", "frame_age.png",
    }  # fmt: skip
    assert "Wrote" in said


@pytest.mark.parametrize("form", ["hf", "agentnet", "openai", "anthropic"])
def test_export_tells_what_it_wrote_and_that_no_list_names_it(
    made: Path, tmp_path: Path, run: Run, form: str
) -> None:
    copy = tmp_path / "copy"
    code, told, said = run("dataset", "export", str(made), "--to", str(copy), "--format", form)
    assert (code, told["format"], told["listed"]) == (0, form, False)
    assert told["steps"] + sum(told["left_out"].values()) == 8
    assert "--collection" in said
    code, told, _ = run("dataset", "export", str(made), "--to", str(copy), "--format", form)
    assert (code, told["fix"]) == (ExitCode.USAGE, "choose another folder with --to")


def test_a_collection_that_is_none_or_lists_another_dataset_is_refused(
    made: Path, tmp_path: Path, run: Run
) -> None:
    words = ("dataset", "export", str(made), "--to", str(tmp_path / "copy"), "--collection")
    assert run(*words, str(tmp_path))[0] == ExitCode.NO_FOLDER
    mine = Collection.create(tmp_path / "data", "typing-1", utc_now())
    code, told, _ = run(*words, str(mine.folder))
    assert (code, told["fix"]) == (ExitCode.USAGE, "name the collection that it was built from")
    listed = Dataset(name="paper", created="2026-11-22T00:00:00", place=str(made))
    folder = private_folder(mine.folder / DATASETS / "paper")
    write_dataset(folder, listed)
    code, told, _ = run(*words, str(mine.folder))
    assert (code, told["listed"]) == (0, True)
    found = read_dataset(folder)
    assert found is not None
    assert found.handed_to == (f"hf copy in {tmp_path / 'copy'}",)


def test_pictures_in_lines_are_for_forms_that_have_lines(
    made: Path, tmp_path: Path, run: Run
) -> None:
    words = ("dataset", "export", str(made), "--to", str(tmp_path / "copy"), "--embed")
    assert run(*words)[0] == ExitCode.USAGE
    assert run(*words, "--format", "anthropic")[0] == 0


def test_check_finds_nothing_wrong_and_says_what_it_could_not_check(made: Path, run: Run) -> None:
    code, told, _ = run("dataset", "check", str(made))
    assert (code, told["ok"], told["listed"], told["consent_checked"]) == (0, True, False, False)


def test_check_gives_each_fault_with_its_fix_and_the_first_ones_code(
    tmp_path: Path, run: Run
) -> None:
    put(tmp_path / "steps", [step(frame_lag_ms=-1.0)])
    code, told, _ = run("dataset", "check", str(tmp_path / "steps"))
    assert code == ExitCode.CHECKS_FAILED
    assert [set(one) for one in told["faults"]] == [{"code", "found", "fix"}]


def test_consent_cannot_be_checked_without_a_collection(
    made: Path, tmp_path: Path, run: Run
) -> None:
    code, told, _ = run("dataset", "check", str(made), "--study", str(tmp_path))
    assert (code, told["fix"]) == (ExitCode.USAGE, "add --collection FOLDER")


def test_view_writes_pages_and_tells_where(made: Path, tmp_path: Path, run: Run) -> None:
    code, told, said = run("dataset", "view", str(made), "--to", str(tmp_path / "pages"))
    assert (code, told["steps"], told["not_shown"]) == (0, 8, 0)
    assert Path(told["index"]).is_file()
    assert "not encrypted" in said


@pytest.mark.parametrize(
    "words", [("stats",), ("check",), ("export", "--to", "x"), ("view", "--to", "x")]
)
def test_a_folder_that_is_no_dataset_is_refused(
    tmp_path: Path, run: Run, words: tuple[str, ...]
) -> None:
    code, told, _ = run("dataset", words[0], str(tmp_path), *words[1:])
    assert (code, told["fix"]) == (
        ExitCode.NO_FOLDER, "name the folder or address of recorder dataset build --out",
    )  # fmt: skip
