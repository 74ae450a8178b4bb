"""Shells complete subcommands, options and names of episodes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from recorder.consent.folder import remember_folder
from recorder.core.losses import Losses
from recorder.places import places
from tests.unit.episodes.studio import add, moves, owned_studio

COMMAND = [sys.executable, "-m", "recorder.cli.main"]


def said(words: str, shell: str) -> str:
    """Give what the completion of the last word says, asked as the shell's script asks."""
    asked = {
        "bash": {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": words},
        "fish": {"_TYPER_COMPLETE_ARGS": words, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    environment = {**os.environ, **asked, "_RECORDER_COMPLETE": f"complete_{shell}"}
    return subprocess.run(
        COMMAND, env=environment, capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_the_command(shell: str) -> None:
    script = subprocess.run(
        COMMAND, env={**os.environ, "_RECORDER_COMPLETE": f"source_{shell}"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert f"_RECORDER_COMPLETE=complete_{shell}" in script
    assert "doctor" in said("recorder doc", shell)


def test_a_shell_named_on_the_line_is_not_quietly_another_one() -> None:
    done = subprocess.run(
        [*COMMAND, "--install-completion", "zsh"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "in which it is typed" in done.stderr


def test_bash_itself_completes_a_subcommand_and_an_episode(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = owned_studio(root / "Recorder", monkeypatch)
    remember_folder(places(), studio.folder)
    writer = studio.begin()
    add(writer, events=moves(0, 3))
    home = writer.close(Losses())
    called = root / "recorder"
    called.write_text(f'#!/bin/sh\nexec {sys.executable} -m recorder.cli.main "$@"\n')
    called.chmod(0o700)
    program = (
        'eval "$(_RECORDER_COMPLETE=source_bash recorder)"\n'
        "complete -p recorder >/dev/null || exit 1\n"
        'ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _recorder_completion recorder; '
        'echo "${COMPREPLY[*]}"; }\n'
        "ask recorder auto; ask recorder show 01; ask recorder pause --for 4\n"
    )
    done = subprocess.run(
        ["bash", "-c", program], env={**os.environ, "PATH": f"{root}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split("\n")[:3] == ["autostart", home.name, "4s 4m 4h"]
