"""`recorder open`: what is started, and what is told when it cannot be."""

import os
import socket
from pathlib import Path

import pytest

from recorder.cli import open_browser
from recorder.cli.open_browser import BROWSERS, BrowserMissing, BrowserRuns, NoDisplay, start
from recorder.core.errors import ExitCode

CHROMIUM, FIREFOX = BROWSERS["chromium"], BROWSERS["firefox"]
SHOWN = {"DISPLAY": ":99", "PATH": "/nowhere"}


def test_only_root_gives_up_the_sandbox() -> None:
    program = Path("/usr/bin/chromium")
    ours = open_browser.command(CHROMIUM, program, "https://a.example", is_root=False)
    roots = open_browser.command(CHROMIUM, program, None, is_root=True)
    assert ours == [str(program), "--force-renderer-accessibility", "https://a.example"]
    assert "--no-sandbox" in roots


def test_without_a_display_it_says_so() -> None:
    with pytest.raises(NoDisplay):
        start(CHROMIUM, None, {})


def test_a_browser_that_is_not_installed_has_a_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BrowserMissing, match=r"apt-get install firefox-esr") as raised:
        start(FIREFOX, None, SHOWN)
    assert raised.value.code is ExitCode.NOT_PERMITTED


def test_a_browser_that_runs_without_accessibility_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / ".config" / "chromium" / "SingletonLock"
    lock.parent.mkdir(parents=True)
    lock.symlink_to(f"{socket.gethostname()}-{os.getpid()}")
    program = tmp_path / "chromium"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrowserRuns):
        start(CHROMIUM, None, {"DISPLAY": ":99", "HOME": str(tmp_path)})


def test_a_lock_of_another_machine_or_of_an_ended_process_is_none(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    lock = tmp_path / ".mozilla" / "firefox" / "p.default" / "lock"
    lock.parent.mkdir(parents=True)
    lock.symlink_to(f"127.0.1.1:+{os.getpid()}")
    assert open_browser.running_pid(FIREFOX, home) == os.getpid()
    lock.unlink()
    lock.symlink_to("127.0.1.1:+999999999")
    assert open_browser.running_pid(FIREFOX, home) is None
    other = tmp_path / ".config" / "chromium" / "SingletonLock"
    other.parent.mkdir(parents=True)
    other.symlink_to(f"elsewhere-{os.getpid()}")
    assert open_browser.running_pid(CHROMIUM, home) is None


def test_nothing_but_an_address_goes_on_its_command_line() -> None:
    for text in ("https://a.example/x?y", "jira.example.com/b", "about:blank", "localhost:80"):
        assert open_browser._URL.fullmatch(text)
    for text in ("--no-sandbox", "-P", "javascript:alert(1)", "a b", ""):
        assert not open_browser._URL.fullmatch(text)
