"""The man page says what the commands' help says, in roff that every man reads."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from recorder.cli.main import COMMANDS
from recorder.cli.man import man_page, roff

PAGE = Path(__file__).parents[2] / "docs" / "recorder.1"
MACROS = frozenset({"TH", "SH", "SS", "TP", "PP", "B", "I", "BR", "BI"})


def test_the_page_in_the_package_is_that_of_the_commands() -> None:
    assert PAGE.read_text() == man_page(), "python -m recorder.cli.man > docs/recorder.1"


def test_every_command_is_on_the_page() -> None:
    named = set(
        re.findall(r'^\.SS "recorder ([a-z-]+)', PAGE.read_text().replace("\\-", "-"), re.MULTILINE)
    )
    assert named == {command.name for command in COMMANDS}


def test_it_holds_plain_macros_and_groff_has_nothing_to_say() -> None:
    lines = PAGE.read_text().splitlines()
    used = {line[1:].split()[0] for line in lines if line.startswith(".") and line[1:2] != "\\"}
    assert used <= MACROS
    assert all(line.isascii() and line for line in lines)
    if shutil.which("groff") is not None:
        done = subprocess.run(
            ["groff", "-man", "-ww", "-Tutf8", str(PAGE)], capture_output=True, check=True
        )
        assert done.stderr == b""


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (".5", r"\&.5"), ("'s", r"\&'s"), ("a-b", r"a\-b"), ("~/x", r"\(ti/x"), ("\\", r"\e"),
        ("é", r"\[u00E9]"), ('say "a"', r"say \(dqa\(dq"),
    ],
)  # fmt: skip
def test_what_roff_reads_otherwise_is_escaped(text: str, escaped: str) -> None:
    assert roff(text) == escaped
