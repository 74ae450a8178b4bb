"""`recorder doctor` on a real desktop, and where the display hangs or is missing."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from recorder.cli import wiring
from recorder.cli.checks.around import Around
from recorder.cli.checks.display import look_at_display
from recorder.cli.checks.finding import Verdict
from recorder.cli.checks.inventory import CHECKS
from recorder.cli.checks.running import run_checks
from recorder.cli.checks.signs import look_at_signs
from recorder.cli.virtual_desktop import VirtualDesktop
from tests.contract.commands import Run
from tests.contract.panel import remote_panel

ALLOW = ("--allow-root", "--allow-ssh", "--allow-ci")
PATIENT = ("--wait", "45s")


@pytest.fixture
def silent_display() -> Iterator[str]:
    """A display whose server takes connections and never says a word."""
    listening = socket.socket(socket.AF_UNIX)
    number = 20_000 + os.getpid() % 20_000
    path = Path(f"/tmp/.X11-unix/X{number}")  # noqa: S108 - where X servers listen
    path.parent.mkdir(exist_ok=True)
    listening.bind(str(path))
    listening.listen()
    yield f":{number}"
    listening.close()
    path.unlink()


def test_on_a_desktop_everything_but_folder_and_apps_is_well(
    desktop: VirtualDesktop, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.setenv(name, desktop.environment[name])
    code, told, _ = run("doctor", *ALLOW, *PATIENT)
    verdicts = {check["name"]: check["verdict"] for check in told["checks"]}
    assert (code, told["exit_code"], told["schema"]) == (8, 8, "recorder.doctor/1")
    assert {name for name, verdict in verdicts.items() if verdict == "fail"} == set()
    assert verdicts["folder"] == verdicts["settings"] == "warn"
    wanted = ("display", "extensions", "accessibility", "clock", "library pyarrow", "library mss")
    assert {verdicts[name] for name in (*wanted, "indicator", "hotkey")} == {"ok"}


def test_a_hotkey_that_another_program_has_is_told(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDER_INDICATOR", "window")
    found = look_at_signs(Around(environment={**os.environ, "DISPLAY": desktop.display}))
    assert [(f.name, f.verdict) for f in found] == [("indicator", "ok"), ("hotkey", "ok")]
    grab = wiring.hotkey(desktop.display, "ctrl+alt+p")
    assert grab is not None
    with closing(grab(lambda _t_ns: None)):
        _, found_key = look_at_signs(Around(environment={**os.environ, "DISPLAY": desktop.display}))
    assert found_key.verdict is Verdict.WARN
    assert "Another program" in found_key.told


def test_where_nothing_can_be_shown_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECORDER_INDICATOR", "tray")
    found = look_at_signs(Around(environment={**os.environ, "DISPLAY": ":49999"}))
    assert [(f.name, f.verdict) for f in found] == [("indicator", "fail"), ("hotkey", "warn")]


def test_a_bus_that_would_not_start_the_review_page_is_told(
    bus: dict[str, str], on_the_bus: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDER_INDICATOR", "tray")
    monkeypatch.setenv("RECORDER_PAUSE_HOTKEY", "")
    with closing(remote_panel(bus)) as panel:
        panel.do("own")
        *_, found = look_at_signs(Around(environment={**os.environ, "DISPLAY": ":49999"}))
    assert (found.name, found.verdict) == ("menu", "warn")
    assert "session bus" in found.told


def test_a_display_that_hangs_is_a_failure_with_its_fix(
    silent_display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", silent_display)
    check = next(check for check in CHECKS if check.name == "display")
    (found,) = run_checks([check], Around(wait_s=0.2))
    assert found.verdict is Verdict.FAIL
    assert found.told == "The X server takes connections and does not answer"
    assert found.fix == "log out and in again"


def test_a_display_that_is_not_there_is_a_failure_with_its_fix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISPLAY", ":49999")
    (found,) = look_at_display(Around())
    assert found.verdict is Verdict.FAIL
    assert "XAUTHORITY" in found.fix
