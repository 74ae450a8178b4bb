"""The command line's edge: help with examples, wrong words, closed and full streams."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from recorder.cli.main import COMMANDS, main

GROUPS = {
    "apps": ("allow", "deny", "list"),
    "never": ("add", "remove", "list", "clear"),
    "consent": ("give", "show", "history", "withdraw", "verify", "lint"),
    "task": ("begin", "end"),
    "try-redaction": ("text", "image"),
}
EVERY = [
    *((command.name,) for command in COMMANDS),
    *((group, name) for group, names in GROUPS.items() for name in names),
]


def run_here(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command line in this process; give its exit code."""
    monkeypatch.setattr(sys, "argv", ["recorder", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_the_help_of_every_command_has_an_example(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert run_here(monkeypatch, *words, "--help") == 0
    assert f"Example: recorder {' '.join(words)}" in capsys.readouterr().out


def test_without_a_command_the_help_says_how_to_begin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_here(monkeypatch) == 0
    shown = capsys.readouterr().out
    assert "Begin with: recorder start" in shown
    assert all(group in shown for group in ("Recording", "Your recordings"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("staart",), "'start'"),
        (("start", "--fodler", "x"), "--folder"),
        (("list", "--jsn"), "--json"),
        (("export",), "--to"),
        (("forget",), "length"),
        (("pause", "--for"), "--for"),
        (("status", "--wach"), "--wach"),
        (("apps", "alow"), "'allow'"),
        (("export", "--to", "x", "--format", "csv"), "parquet"),
    ],
)
def test_wrong_words_are_one_sentence_with_the_fix(
    words: tuple[str, ...],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_here(monkeypatch, *words) == 2
    said = capsys.readouterr().err
    assert told in said
    assert ". Fix: " in said
    assert said.count("\n") == 1


def shell(line: str) -> subprocess.CompletedProcess[str]:
    program = f"{sys.executable} -m recorder.cli.main"
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        ["sh", "-c", line.replace("recorder ", f"{program} ")],
        capture_output=True, text=True, check=False, env={**buffered, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("recorder status >&-", 4),
        ("recorder pause <&- >&- 2>&-", 0),
        ("recorder start --allow-root --allow-ci --allow-ssh <&-", 14),
        ("recorder --help | head -1", 0),
        ("recorder consent lint | true", 0),
        ("PYTHONIOENCODING=ascii recorder --help", 0),
    ],
)
def test_closed_streams_and_pipes_show_no_traceback(line: str, code: int) -> None:
    done = shell(line)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_an_output_that_is_full_is_a_sentence() -> None:
    done = shell("recorder status >/dev/full")
    assert done.returncode == 13
    assert done.stderr.startswith("It is done, but the answer could not be printed")
    assert done.stderr.count("\n") == 1


def test_settings_that_cannot_be_written_are_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file" / "below"))
    assert run_here(monkeypatch, "apps", "allow", "xterm") in {2, 13}
    said = capsys.readouterr().err
    assert ". Fix: " in said
    assert "Traceback" not in said
