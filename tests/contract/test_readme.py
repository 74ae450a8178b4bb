"""The README's commands parse, its exit codes are those of the code, its links exist."""

import re
import shlex
from pathlib import Path

import pytest

from recorder.cli import fast
from recorder.cli.main import COMMANDS, build
from recorder.core.errors import ExitCode

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def lines() -> list[str]:
    """Give every `recorder …` line: in code blocks and between backticks."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    rest = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
    found = [line for block in blocks for line in block.splitlines()]
    found += [code.replace("\\|", "|") for code in re.findall(r"`([^`]+)`", rest)]
    commands = [line.rpartition("| ")[2] for line in found]
    return sorted({line for line in commands if line.startswith("recorder ")})


@pytest.mark.parametrize("line", lines())
def test_a_command_of_the_readme_parses(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    if words[0] in {"pause", "resume", "status"}:
        fast._parse(words)
        return
    from typer.main import get_command  # noqa: PLC0415 - costs its import

    command = get_command(build(frozenset(words)))
    if words[0].startswith("--"):
        assert words[0] in {option for param in command.params for option in param.opts}
        return
    with command.make_context("recorder", list(words), resilient_parsing=False) as context:
        _descend(context, words)


def _descend(context: object, words: list[str]) -> None:
    """Parse group by group, running nothing."""
    group = getattr(context, "command")  # noqa: B009 - Typer's own Click is not typed here
    while words and hasattr(group, "commands"):
        if words[0] not in group.commands:
            words = [group.usual, *words]
        name, *words = words
        group = group.commands[name]
        child = group.make_context(name, list(words), parent=context)
        context = child


def test_the_table_of_exit_codes_is_that_of_the_code() -> None:
    table = README.partition("## Exit codes")[2]
    told = {int(code) for code in re.findall(r"\| (\d+) \| [a-z]", table)}
    assert told == {int(code) for code in ExitCode}


def test_the_readme_names_every_command_that_a_beginner_needs() -> None:
    named = {line.split()[1] for line in lines()}
    left_out = {command.name for command in COMMANDS} - named
    assert left_out <= {"init", "demo"}


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
