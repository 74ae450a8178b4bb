"""What `--help` and the fast commands import, and what they say when nothing runs."""

import json
import os
import subprocess
import sys

import pytest

_HEAVY = {"typer", "pydantic", "pyarrow", "pynput", "numpy", "rich", "Xlib", "cryptography"}


def imported_by(*words: str) -> set[str]:
    """Run the command line and give the top-level modules it left loaded."""
    program = (
        "import sys; sys.argv = ['recorder', *sys.argv[1:]]\n"
        "from recorder.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('MODULES', *{m.partition('.')[0] for m in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
    )
    return set(done.stdout.rpartition("MODULES ")[2].split())


@pytest.mark.parametrize("words", [["status"], ["pause"], ["resume"], ["status", "--json"]])
def test_fast_commands_import_the_standard_library_only(words: list[str]) -> None:
    assert not imported_by(*words) & _HEAVY


def test_help_imports_neither_pyarrow_nor_capture_libraries() -> None:
    assert not imported_by("--help") & (_HEAVY - {"typer", "rich"})


def test_a_check_of_doctor_loads_nothing_that_other_checks_need() -> None:
    program = "import recorder.cli.checks.apart, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & _HEAVY


def test_help_names_every_command() -> None:
    from recorder.cli.main import COMMANDS  # noqa: PLC0415 - what is tested is its import

    done = run("--help")
    assert all(command.name in done.stdout for command in COMMANDS)


@pytest.mark.parametrize(
    ("words", "code", "state"),
    [(["status"], 4, "stopped"), (["pause"], 0, "stopped"), (["stop"], 0, "stopped")],
)
def test_nothing_running_is_a_sentence_and_its_code(
    words: list[str], code: int, state: str
) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (code, "Not recording.\n")
    told = json.loads(run(*words, "--json").stdout)
    assert told == {"schema": f"recorder.{words[0]}/1", "state": state}


def test_resume_without_an_agent_is_an_error_with_its_fix() -> None:
    done = run("resume")
    assert done.returncode == 4
    assert done.stderr == "The recorder is not running. Fix: recorder start\n"
    assert json.loads(run("resume", "--json").stdout)["exit_code"] == 4


def test_a_length_that_is_none_is_refused() -> None:
    assert run("pause", "--for", "ten").returncode == 2


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "recorder.cli.main", *words],
        capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "100"},
    )  # fmt: skip
