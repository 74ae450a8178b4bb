"""What is said when a command cannot do it: one short sentence, with a fix that works."""

import io
import json
import sys
from pathlib import Path
from typing import Protocol

import pytest

from recorder.cli import never
from recorder.cli.main import main
from recorder.cli.never_file import KEY_NAME
from recorder.cli.terminal import Terminal
from recorder.consent.folder import FolderFile, make_folder, remember_folder
from recorder.places import places


class Run(Protocol):
    """Runs a command; gives its code, its results and what it said on stderr."""

    def __call__(self, *words: str, given: str = "") -> tuple[int, str, str]: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*words: str, given: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["recorder", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return run_command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Recorder"
    make_folder(folder, FolderFile(folder_id="0" * 26, plain=True, secret="none"))
    remember_folder(places(), folder)
    return folder


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("apps", "Name one of its commands. Fix: recorder apps --help"),
        ("pause --fro 3m", "No such option: --fro. Fix: recorder pause --help"),
        ("status later", "Got unexpected extra argument (later). Fix: recorder status --help"),
        (
            "list --limit x",
            "Invalid value for '--limit': it must be a valid integer. Fix: recorder list --help",
        ),
        (
            "export --to x --format csv",
            (
                "Invalid value for '--format': 'csv' is not one of 'parquet', 'jsonl', 'html'. "
                "Fix: recorder export --help"
            ),
        ),
        (
            "open safari",
            "safari cannot be opened. Fix: recorder open chromium, or recorder open firefox",
        ),
    ],
)
def test_a_slip_on_the_command_line_is_told_in_plain_words(
    run: Run, words: str, sentence: str
) -> None:
    code, _, said = run(*words.split())
    assert (code, said) == (2, sentence + "\n")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("never", "standard input"),
        ("sql", "column `image`"),
        ("start", "Ctrl-C stops it"),
        ("apps", "Choose the apps"),
    ],
)
def test_the_help_of_a_command_is_the_whole_one(run: Run, command: str, told: str) -> None:
    code, shown, _ = run(command, "--help")
    assert code == 0
    assert told in " ".join(shown.split())
    assert f"Example: recorder {command}" in shown


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("query", ["", "  ", "/* nothing */"])
def test_an_empty_query_is_wrong_usage(run: Run, query: str) -> None:
    code, _, said = run("sql", query)
    assert code == 2
    assert said.startswith("The query failed: it is empty. Fix: ")


@pytest.mark.usefixtures("folder")
def test_a_copy_that_cannot_go_there_names_the_right_option(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for target in (file, file / "below"):
        code, _, said = run("export", "--to", str(target))
        assert code == 13
        assert said.endswith("not a directory. Fix: name another folder with --to\n")


def test_words_that_were_not_on_the_list_change_nothing(run: Run) -> None:
    run("never", "add", given="Solberg\n")
    assert run("never", "remove", given="Heron\n")[1] == "Nothing changed. 1 personal entry.\n"
    assert run("never", "list")[1] == "1 personal entry.\n"


def test_a_typed_word_that_is_too_short_costs_none_of_the_others() -> None:
    lines = iter(["Solberg", "ab", "Blue Heron"])
    shown: list[str] = []

    def read(_question: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None  # Ctrl-D ends the list

    found = never._typed(b"k" * 32, Terminal(lambda: "", shown.append, read))
    assert len(found) == 2
    assert shown == [
        "That word cannot be used: it has fewer than 3 letters or digits. The others stay.\n"
    ]


def test_trying_without_the_key_of_the_own_words_says_so(run: Run) -> None:
    run("never", "add", given="Solberg\n")
    (places().state / KEY_NAME).unlink()
    code, shown, said = run("try-redaction", "text", given="Solberg\n")
    assert (code, shown) == (2, "")
    assert said.startswith("The list of personal words has lost its key. Fix: ")


def test_a_text_without_an_end_is_refused_at_once(run: Run) -> None:
    code, shown, said = run("try-redaction", "text", "/dev/zero")
    assert (code, shown) == (30, "")
    assert said == "The text is longer than 200,000 characters. Fix: give it in parts\n"


def test_a_lost_folder_path_is_mended_by_what_the_sentence_says(run: Run, folder: Path) -> None:
    places().folder_pointer.write_text("no path\n")
    code, shown, _ = run("list", "--json")
    found = json.loads(shown)
    assert (code, found["exit_code"]) == (10, 10)
    assert found["fix"] == "remove it, then recorder start asks for the folder"
    assert run("list", "--folder", str(folder))[0] == 0


@pytest.mark.parametrize("command", ["show ", "delete ", "export ", "sql --episode "])
def test_a_shell_completes_the_names_of_episodes(
    monkeypatch: pytest.MonkeyPatch, run: Run, folder: Path, command: str
) -> None:
    names = ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ")
    for name in names:
        (folder / "episodes" / "2026-01-02" / name).mkdir(parents=True)
    monkeypatch.setenv("_RECORDER_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", f"recorder {command}")
    monkeypatch.setenv("COMP_CWORD", str(len(command.split()) + 1))
    assert run()[1].split() == ["last", *reversed(names)]
    monkeypatch.setenv("COMP_WORDS", f"recorder {command}01B")
    assert run()[1].split() == [names[1]]
    places().folder_pointer.unlink()
    assert run()[1].strip() == ""
