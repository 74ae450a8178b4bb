"""`recorder start` where it must not begin: one sentence, the fix, the exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pty_driver import PtyDriver

ALLOW = ("--allow-root", "--allow-ssh", "--allow-ci")


def start(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "recorder.cli.main", "start", *words],
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "environment", "code", "sentence"),
    [
        (ALLOW[1:], {"SSH_TTY": "/dev/pts/1"}, 25, "does not run"),
        ((ALLOW[0], ALLOW[2]), {"SSH_CONNECTION": "1 2 3 4"}, 25, "over SSH"),
        (ALLOW[:2], {"CI": "true"}, 25, "in CI"),
        (ALLOW, {}, 14, "There is no display"),
        (ALLOW, {"DISPLAY": "host:0"}, 14, "another machine"),
        (ALLOW, {"DISPLAY": "localhost:10.0"}, 14, "another machine"),
        (ALLOW, {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, 14, "Wayland"),
        (ALLOW, {"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, 14, "Wayland"),
        (ALLOW, {"DISPLAY": ":0"}, 10, "no folder"),
        ((*ALLOW, "--folder", "/nowhere/at/all"), {"DISPLAY": ":0"}, 10, "not there"),
        ((*ALLOW, "--source", "evdev"), {"DISPLAY": ":0"}, 2, "source"),
    ],
)
def test_a_place_where_it_must_not_begin_is_refused(
    words: tuple[str, ...], environment: dict[str, str], code: int, sentence: str
) -> None:
    if words == ALLOW[1:] and os.geteuid() != 0:
        words = (ALLOW[0], ALLOW[2])  # not root: the SSH check speaks instead
    done = start(*words, **environment)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Fix: " in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    done = start(*ALLOW, "--folder", str(folder), DISPLAY=":0")
    assert done.returncode in {10, 13}
    assert "chmod 700" in done.stderr


def test_an_unknown_setting_names_the_nearest(own_home: Path) -> None:
    config = Path(os.environ["XDG_CONFIG_HOME"]) / "recorder"
    config.mkdir(parents=True)
    (config / "recorder.toml").write_text("stop_second = 3\n")
    done = start(*ALLOW)
    assert done.returncode == 2
    assert "stop_seconds" in done.stderr


def test_a_display_that_does_not_answer_is_told_before_anything_is_asked() -> None:
    environment = {**os.environ, "DISPLAY": ":98765"}
    with PtyDriver(
        [sys.executable, "-m", "recorder.cli.main", "start", *ALLOW], environment
    ) as person:
        assert person.wait() == 14
        assert "Fix: " in person.output
        assert "Folder for your recordings?" not in person.output
