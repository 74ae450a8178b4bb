"""The question before something is deleted."""

import io
import sys

import pytest

from recorder.cli import output
from recorder.core.errors import ExitCode
from tests.unit.cli.terminals import FakeTerminal


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yess\n"])
def test_whoever_does_not_say_yes_keeps_everything_and_is_left_alone(
    answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", FakeTerminal(answer))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with pytest.raises(output.Declined) as said:
        output.confirm("Delete it?", yes=False)
    assert said.value.code == ExitCode.INTERRUPTED
    assert str(said.value) == "Nothing was deleted."


def test_yes_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", FakeTerminal("y\n"))
    monkeypatch.setattr(sys, "stderr", FakeTerminal())
    output.confirm("Delete it?", yes=False)


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(output.UsageError):
        output.confirm("Delete it?", yes=False)
