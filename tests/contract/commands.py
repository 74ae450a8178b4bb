"""What tests of the command line share."""

import json
import sys
from typing import Any, Protocol

import pytest

from recorder.cli import main


class Run(Protocol):
    """Runs a command with --json; gives its code, its object and what it said on stderr."""

    def __call__(self, *words: str) -> tuple[int, dict[str, Any], str]: ...


def ran(
    patch: pytest.MonkeyPatch, out: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    """Run a command in this process; gives its code and both of its outputs."""
    patch.setattr(sys, "argv", ["recorder", *words])
    try:
        main.main()
        code = 0
    except SystemExit as left:
        code = int(left.code or 0)
    return code, *out.readouterr()


def ran_json(
    patch: pytest.MonkeyPatch, out: pytest.CaptureFixture[str], *words: str
) -> tuple[int, dict[str, Any], str]:
    """Run a command with --json; see `Run`."""
    code, told, said = ran(patch, out, *words, "--json")
    return code, json.loads(told or "{}"), said
