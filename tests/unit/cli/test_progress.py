"""The bar: on a terminal, after a while, gone at the end."""

import sys

import pytest

from recorder.cli import progress as module
from recorder.cli.progress import progress
from recorder.cli.virtual_processes import wait_until
from tests.unit.cli.terminals import FakeTerminal


def test_work_that_lasts_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = FakeTerminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(module, "PATIENCE_S", 0.0)
    with progress("Deleting", 4) as step:
        step()
        wait_until("the bar", lambda: "Deleting" in shown.getvalue())
        step()
    assert " 50%" in shown.getvalue()


def test_work_that_is_soon_done_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = FakeTerminal()
    monkeypatch.setattr(sys, "stderr", shown)
    with progress("Deleting", 1) as step:
        step()
    assert shown.getvalue() == ""


def test_no_terminal_no_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.0)
    with progress("Deleting", 1) as step:
        step()
    assert capsys.readouterr().err == ""
