"""`recorder autostart`: what it writes, what it takes away, and what it leaves alone."""

import configparser
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from recorder.cli.autostart import unit_path
from recorder.cli.autostart_unit import (
    UNIT,
    WANTS,
    CommandUnnamable,
    is_untouched,
    own_command,
    unit_text,
)
from recorder.core.errors import ExitCode
from tests.contract.commands import Run

COMMAND = Path("/opt/a folder/100%/recorder")


@pytest.fixture(params=["made up", *(["real"] if shutil.which("systemctl") else [])])
def systemctl(request: pytest.FixtureRequest, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Systemd's own, which reaches no manager from a test's home, and one that links as it does."""
    if request.param == "real":
        return
    wants = unit_path().parent / WANTS
    program = root / "systemctl"
    program.write_text(
        "#!/bin/sh\n"
        'case "$3" in\n'
        f"enable) mkdir -p {wants} && ln -sf ../{UNIT} {wants}/{UNIT} ;;\n"
        f"disable) rm -f {wants}/{UNIT} ;;\n"
        "is-failed | is-active) exit 3 ;;\n"
        "esac\n"
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{root}:{os.environ['PATH']}")


def everything(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_symlink() or path.is_file()}


def test_on_writes_a_unit_and_off_takes_away_exactly_that(
    systemctl: None, own_home: Path, run: Run
) -> None:
    before = everything(own_home)
    code, told, _ = run("autostart", "on")
    assert (code, told["on"], told["unit"]) == (0, True, str(unit_path()))
    assert "recorder start" in told["notes"][0], "there is no folder and no consent yet"
    assert everything(own_home) - before == {unit_path(), unit_path().parent / WANTS / UNIT}
    assert run("autostart", "status")[1]["on"] is True
    assert run("autostart", "off")[1]["on"] is False
    assert everything(own_home) == before
    assert run("autostart", "status")[1] == {
        "schema": "recorder.autostart/1", "on": False, "unit": None, "edited": False,
        "failed": False,
    }  # fmt: skip
    assert run("autostart", "off")[1]["done"] == []


def test_an_edited_unit_is_kept_and_not_written_over(systemctl: None, run: Run) -> None:
    run("autostart", "on")
    edited = unit_path().read_text().replace("RestartSec=10", "RestartSec=60")
    unit_path().write_text(edited)
    assert run("autostart", "status")[1]["edited"] is True
    code, told, _ = run("autostart", "on")
    assert code == ExitCode.NOT_PERMITTED
    assert "left alone" in told["error"]
    assert run("autostart", "off")[1]["kept"] is True
    assert unit_path().read_text() == edited
    assert run("autostart", "status")[1]["on"] is False, "it no longer starts"


def test_without_systemd_it_says_what_to_add_where(
    root: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.setenv("PATH", str(root))
    code, told, _ = run("autostart", "on")
    assert code == ExitCode.NOT_PERMITTED
    assert "recorder start --paused` to the startup programs" in told["fix"]
    assert not unit_path().exists()


def test_a_desktop_that_systemd_does_not_know_is_told_what_to_add(
    systemctl: None, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert "does not tell systemd" in run("autostart", "on")[1]["notes"][-1]


def parsed(text: str) -> configparser.RawConfigParser:
    found = configparser.RawConfigParser(strict=True)
    found.read_string(text)
    return found


def test_the_unit_starts_it_paused_and_again_after_a_crash_only() -> None:
    unit = parsed(unit_text(COMMAND))
    service = unit["Service"]
    assert service["ExecStart"] == '"/opt/a folder/100%%/recorder" start --paused'
    assert service["ExecStop"] == '"/opt/a folder/100%%/recorder" stop'
    assert unit["Unit"]["PartOf"] == unit["Install"]["WantedBy"] == "graphical-session.target"
    assert (service["Type"], service["Restart"]) == ("forking", "on-abnormal")
    assert service["RestartForceExitStatus"] == str(int(ExitCode.BUG))
    assert "RestartPreventExitStatus" not in service, "of no use for a command that fails to start"


@pytest.mark.parametrize("path", ["recorder", "/opt/$HOME/recorder", '/opt/"/recorder', "/a\n/b"])
def test_a_path_that_systemd_would_read_otherwise_is_refused(path: str) -> None:
    with pytest.raises(CommandUnnamable):
        unit_text(Path(path))


def test_systemd_takes_the_unit(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = root / "recorder"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o700)
    unit = root / UNIT
    unit.write_text(unit_text(command))
    assert is_untouched(unit)
    if shutil.which("systemd-analyze") is not None:
        done = subprocess.run(
            ["systemd-analyze", "verify", "--user", "--man=no", str(unit)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")


def test_the_command_is_the_one_that_was_called_else_that_of_the_interpreter(root: Path) -> None:
    (root / "recorder").write_text("")
    assert own_command(str(root / "recorder"), "/venv/bin/python") == root / "recorder"
    assert own_command("/x/main.py", "/venv/bin/python") == Path("/venv/bin/recorder")
