"""Titles are written by strangers: control characters, bidi, broken UTF-8, secrets."""

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

from Xlib.display import Display

from recorder.cli.demo_agent import DemoAgent, DemoHome
from recorder.cli.demo_check import find_in_files, find_in_table
from recorder.cli.demo_scene import TERMINAL_TITLE, Scene
from recorder.cli.demo_secrets import make_secrets
from recorder.cli.virtual_processes import wait_until
from recorder.core.errors import ExitCode
from tests.desktop.recordings import home_on, newest, order

_RECORDER = str(Path(sys.executable).parent / "recorder")
_HOSTILE = (
    b"\x1b]0;owned\x07\x1b[2J\x00title",
    "admin\u202egnp.exe\u2066\u200b".encode(),
    b"broken \xff\xfe\xc3( utf-8",
    b"x" * 100_000,
    b"'; drop table events; --",
    b"",
)


def test_hostile_titles_are_stored_harmlessly(scene: Scene, root: Path) -> None:
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        for number, title in enumerate(_HOSTILE):
            _retitle(scene, title)
            scene.desktop.hands.click(300 + number, 400)
            wait_until("events on disk", lambda: _events(agent) >= 3 * (number + 1))  # noqa: B023 - asked at once
            assert agent.ask("status")["state"] == "recording"
        agent.stop()
    _retitle(scene, TERMINAL_TITLE.encode())
    rows = newest(agent.home).context.to_pylist()
    titles = [row["window_title"] for row in rows if row["window_title"]]
    assert len(set(titles)) >= len(_HOSTILE) - 1
    assert all(len(found) < 10_000 for found in titles)
    assert not [char for found in titles for char in found if unicodedata.category(char) == "Cs"]
    for words in (("show",), ("list",)):
        shown = _shown(agent.home, *words)
        assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf"} and c != "\n"]


def test_secrets_in_a_title_are_redacted(scene: Scene, root: Path) -> None:
    secrets = make_secrets()
    title = f"Mail from {secrets.email.text}, card {secrets.card.text}"
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        _retitle(scene, title.encode())
        scene.desktop.hands.click(300, 400)
        wait_until("events on disk", lambda: agent.ask("status")["events"])
        agent.stop()
    _retitle(scene, TERMINAL_TITLE.encode())
    episode = newest(agent.home)
    assert find_in_table(secrets.all(), episode.context, "context") == []
    assert find_in_files(secrets.all(), agent.home.searched) == []
    assert "EMAIL_1" in json.dumps(episode.context.column("window_title").to_pylist())


def _events(agent: DemoAgent) -> int:
    found = agent.ask("status")["events"]
    assert isinstance(found, int)
    return found


def _retitle(scene: Scene, title: bytes) -> None:
    display = Display(scene.desktop.display)
    try:
        window = display.create_resource_object("window", scene.terminal)
        utf8 = display.get_atom("UTF8_STRING")
        for name in ("WM_NAME", "_NET_WM_NAME"):
            window.change_property(display.get_atom(name), utf8, 8, title)
        display.sync()
    finally:
        display.close()


def _shown(home: DemoHome, *words: str) -> str:
    secret = home.root / "passphrase"
    secret.write_text(home.passphrase.text)
    secret.chmod(0o600)
    unlock = ["--passphrase-file", str(secret)] if words[0] == "show" else []
    done = subprocess.run(
        [_RECORDER, *words, "--folder", str(home.folder), *unlock],
        env=dict(home.environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == ExitCode.OK, done.stderr
    return done.stdout
