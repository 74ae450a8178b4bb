"""`recorder dataset export|stats|check|view` by their command lines."""

import json
from pathlib import Path
from typing import Any

import pytest

from recorder.cli.dataset_export import folders_to_complete
from recorder.core.errors import ExitCode
from recorder.files import private_folder
from recorder.research.collection import Collection, utc_now
from recorder.research.datasets import (
    DATASETS,
    Dataset,
    LostSource,
    Shard,
    read_dataset,
    write_dataset,
)
from tests.contract.commands import Run, ran
from tests.unit.research.made_dataset import ANNA, FIRST, SECOND, put, small, step, unpictured

DRAWN: Any = {
    "split_by": "app", "shares": [80, 10, 10], "dedup": False, "profile": "recorder",
    "reducer": "1", "builder": "1",
}  # fmt: skip


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
    assert told["split_by"] == "participant"


def test_check_reads_how_the_splits_were_drawn(tmp_path: Path, run: Run) -> None:
    other = step(SECOND, split="test", app_id="chromium")
    put(tmp_path / "steps", [unpictured(one) for one in (step(), other)])
    words = ("dataset", "check", str(tmp_path / "steps"))
    assert run(*words)[0] == ExitCode.CHECKS_FAILED
    figures = tmp_path / "steps" / "stats.json"
    figures.write_text(json.dumps({"drawn": DRAWN}))
    code, told, _ = run(*words)
    assert (code, told["split_by"]) == (0, "app")
    figures.write_text('{"drawn": {"split_by": "mood"}')
    assert run(*words)[1]["split_by"] == "participant"
    mine = Collection.create(tmp_path / "data", "typing-1", utc_now())
    listed = Dataset(
        name="paper", created="2026-11-22T00:00:00", place=str(tmp_path / "steps"), drawn=DRAWN
    )
    write_dataset(private_folder(mine.folder / DATASETS / "paper"), listed)
    assert run(*words, "--collection", str(mine.folder))[1]["split_by"] == "app"


def test_check_says_in_words_what_it_could_not_check(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = "How its splits were drawn is not known: each participant must be in one."
    consent = "Consent was not checked: add --collection and --study."
    words = ("dataset", "check", str(made))
    assert ran(monkeypatch, capsys, *words)[1].splitlines() == [
        "Its files were not compared with a list: add --collection.", unknown, consent,
        "No fault found.",
    ]  # fmt: skip
    mine = Collection.create(made.parent / "data", "typing-1", utc_now())
    said = ran(monkeypatch, capsys, *words, "--collection", str(mine.folder))[1].splitlines()
    assert said[0] == f"Its files were not compared with a list: {mine.folder} lists none there."


@pytest.mark.parametrize(
    "more",
    [
        ("export", "--to", "s3://lab/copy"),
        ("view", "--to", "s3://lab/copy"),
        ("stats", "--plots", "gs://lab/copy"),
    ],
)
def test_copies_pages_and_charts_are_not_written_to_a_store(
    made: Path, run: Run, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    monkeypatch.chdir(made.parent)
    code, _, said = run("dataset", more[0], str(made), *more[1:])
    assert (code, "written to this computer" in said) == (ExitCode.USAGE, True)
    assert [one.name for one in made.parent.iterdir()] == [made.name]


def test_list_shows_what_is_owed_and_names_a_damaged_list(tmp_path: Path, run: Run) -> None:
    mine = Collection.create(tmp_path / "data", "typing-1", utc_now())
    words = ("dataset", "list", str(mine.folder))
    code, told, _ = run(*words)
    assert (code, told["datasets"], told["schema"]) == (0, [], "recorder.dataset-list/1")
    source = {"bundle_id": FIRST, "episode_id": FIRST}
    paper = Dataset(
        name="paper", created="2026-11-22T00:00:00", place="s3://lab/paper",
        shards=(Shard(file=f"data/test/{ANNA}.parquet", pseudonym=ANNA, sources=(source,), rows=7),),
        to_rebuild=(LostSource(pseudonym=ANNA, **source),), owed=("README.md", "stats.json"),
        handed_to=("hf copy in /elsewhere",),
    )  # fmt: skip
    write_dataset(private_folder(mine.folder / DATASETS / "paper"), paper)
    code, told, _ = run(*words)
    assert (code, told["datasets"]) == (0, [{
        "name": "paper", "place": "s3://lab/paper", "created": "2026-11-22T00:00:00",
        "steps": {"test": 7}, "shards": 1, "participants": 1, "drawn": None, "to_rebuild": 1,
        "owed": 2, "copies": ["hf copy in /elsewhere"],
    }])  # fmt: skip
    (private_folder(mine.folder / DATASETS / "torn") / "dataset.json").write_text("{")
    code, told, said = run(*words)
    assert (code, [one["name"] for one in told["datasets"]]) == (9, ["paper"])
    assert "torn" in said


def test_list_is_read_by_people_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = Collection.create(tmp_path / "data", "typing-1", utc_now())
    words = ("dataset", "list", str(mine.folder))
    assert ran(monkeypatch, capsys, *words)[1] == "No dataset was built of it yet.\n"
    lost = LostSource(pseudonym=ANNA, bundle_id=FIRST, episode_id=FIRST)
    source = {"bundle_id": FIRST, "episode_id": FIRST}
    shards = tuple(
        Shard(file=f"data/{split}/{ANNA}.parquet", pseudonym=ANNA, sources=(source,), rows=rows)
        for split, rows in (("test", 3), ("train", 4))
    )
    drawn = {**DRAWN, "dedup": True}
    paper = Dataset(
        name="paper", created="2026-11-22T00:00:00", place="s3://lab/paper", owed=("README.md",),
        shards=shards, drawn=drawn, to_rebuild=(lost,), handed_to=("hf copy in /elsewhere",),
    )  # fmt: skip
    write_dataset(private_folder(mine.folder / DATASETS / "paper"), paper)
    assert ran(monkeypatch, capsys, *words)[1].splitlines() == [
        "paper  7 steps of 1 participant, in s3://lab/paper",
        "  train 4, test 3",
        "  built with --profile recorder --split 80,10,10 --split-by app --dedup",
        "  1 episode went with another's erasure: recorder dataset build",
        "  1 file of erased participants must go from there: recorder collect",
        "  copy: hf copy in /elsewhere",
    ]


def test_folders_are_completed_and_hidden_ones_only_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("steps", "stills", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "story").write_text("no folder")
    monkeypatch.chdir(tmp_path)
    assert folders_to_complete("ste") == ["steps"]
    assert folders_to_complete("") == ["steps", "stills"]
    assert folders_to_complete(f"{tmp_path}/.g") == [f"{tmp_path}/.git"]
    assert folders_to_complete("s3://lab/st") == []
    assert folders_to_complete("nowhere/st") == []


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
