"""Checks run beside each other; one that hangs, crashes or breaks is told and holds up none."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.cli.checks import apart, running
from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, Verdict, ok
from recorder.cli.checks.inventory import CHECKS, Check
from recorder.cli.checks.libraries import Library, look_at

HANGS = 0.2


@pytest.fixture
def silent(root: Path) -> Iterator[Path]:
    """A unix socket that takes connections and never says a word."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(root / "silent"))
    listening.listen()
    yield root / "silent"
    listening.close()


def named(name: str) -> Check:
    return next(check for check in CHECKS if check.name == name)


def test_a_bus_that_hangs_is_a_failure_with_its_fix(
    silent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={silent}")
    (found,) = running.run_checks([named("accessibility")], Around(wait_s=HANGS))
    assert found.verdict is Verdict.FAIL
    assert found.told == "The session bus takes connections and does not answer"
    assert found.fix


def test_without_a_bus_it_is_a_warning() -> None:
    (found,) = running.run_checks([named("accessibility")], Around(wait_s=45))
    assert found.verdict is Verdict.WARN
    assert "Without a session bus" in found.told


def test_a_check_that_breaks_says_where_and_not_what() -> None:
    def broken(_around: Around) -> list[Finding]:
        raise ValueError("what was typed")

    checks = [Check("broken", broken), Check("fine", lambda _around: [ok("fine", "yes")])]
    first, second = running.run_checks(checks, Around())
    assert first.verdict is Verdict.FAIL
    assert "ValueError at " in first.told
    assert "typed" not in first.told
    assert second == ok("fine", "yes")


def test_a_process_that_dies_without_a_word_is_told_as_silent() -> None:
    unknown = Check("unknown", lambda _around: [], "It is silent", "wait")
    (found,) = running.run_checks([unknown], Around(wait_s=45))
    assert (found.verdict, found.told) == (Verdict.FAIL, "It is silent")


@pytest.mark.parametrize("line", [b"", b"nonsense", b'[{"name": "a"}]', b'["a"]'])
def test_what_is_no_finding_is_refused(line: bytes) -> None:
    assert apart.read_findings(line) is None


def test_libraries_are_told_with_their_version_and_a_crash_takes_down_only_itself() -> None:
    wanted = (
        Library("numpy", "import os; os.abort()"), Library("rich", "import rich"),
        Library("typer", "import typer"), Library("pyyaml", "import nothing_here"),
        Library("no-such-package", "pass"),
    )  # fmt: skip
    crashed, rich, typer, missing, unknown = look_at(wanted)
    assert "it crashed (signal 6)" in crashed.told
    assert [rich.verdict, typer.verdict] == [Verdict.OK, Verdict.OK]
    assert rich.told.startswith("rich 1")
    assert missing.told.endswith("does not load: ModuleNotFoundError")
    assert unknown.told == "no-such-package is not installed"


def test_checks_that_may_hang_say_what_then_is_wrong_and_have_names_of_their_own() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    for check in CHECKS:
        assert bool(check.silent) is bool(check.fix), check.name
