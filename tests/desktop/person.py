"""A person's commands, and the answers to the guide of a first start."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.episodes.homes import episode_homes
from recorder.episodes.identity import unlock
from recorder.episodes.reader import Episode, open_episode
from tests.pty_driver import PtyDriver

RECORDER = str(Path(sys.executable).parent / "recorder")
ALLOW = ("--allow-root", "--allow-ssh", "--allow-ci")
PASSPHRASE = "correct horse battery"


def environment(desk: VirtualDesktop, own_home: Path) -> dict[str, str]:
    """Give a person's environment on the desktop, with the test's own folders."""
    folders = {name: os.environ[name] for name in os.environ if name.startswith("XDG_")}
    home = {"HOME": str(own_home), "TERM": "xterm-256color", "COLUMNS": "120"}
    return {**desk.environment, **folders, **home}


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [RECORDER, *words], env=env, capture_output=True, text=True, timeout=60, check=False
    )


def status(env: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(run(env, "status", "--json").stdout)
    return found


def answer_the_guide(person: PtyDriver) -> None:
    person.answer("Folder for your recordings?")
    person.answer("Passphrase", PASSPHRASE)
    person.answer("The same again:", PASSPHRASE)
    for _ in range(4):
        person.answer("[N/yes", "yes")
    person.answer("Which?", "1")


def wait_for(what: Callable[[], bool], deadline_s: float = 20.0) -> None:
    end = time.monotonic() + deadline_s
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def episodes(folder: Path) -> list[Episode]:
    """Open all episodes, oldest first."""
    identity = unlock(folder, PASSPHRASE)
    return [open_episode(p, folder=folder, identity=identity) for p in episode_homes(folder)]
