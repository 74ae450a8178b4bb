"""`recorder autostart on|off|status`: a systemd user unit that starts the recorder paused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.autostart_unit import UNIT, WANTS, is_untouched, own_command, unit_text
from recorder.cli.opening import JsonOption
from recorder.cli.system_clock import SystemClock
from recorder.consent.folder import chosen_folder
from recorder.consent.gate import Gate
from recorder.core.errors import ExitCode, RecorderError
from recorder.files import write_whole
from recorder.places import places

_ANSWER_S: Final = 20.0
_SESSION: Final = "graphical-session.target"

app = typer.Typer(no_args_is_help=True)
Folder = Annotated[Path | None, typer.Option("--folder", help="Accepted everywhere.")]


class NoSystemd(RecorderError):
    """Nothing here starts user units."""

    def __init__(self, command: Path) -> None:
        super().__init__(
            "This computer has no systemd, so nothing was set up",
            f"add `{command} start --paused` to the startup programs of your desktop",
            ExitCode.NOT_PERMITTED,
        )


class UnitEdited(RecorderError):
    """A unit of that name is somebody's own work."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is not as autostart wrote it, so it is left alone",
            f"systemctl --user enable {UNIT} uses it; or move it away and try again",
            ExitCode.NOT_PERMITTED,
        )


class NotEnabled(RecorderError):
    """The unit is written, and systemd does not take it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is written, but systemd did not enable it",
            f"systemctl --user enable {UNIT}, which says why",
            ExitCode.NOT_PERMITTED,
        )


@app.command(epilog="Example: recorder autostart on")
def on(*, folder: Folder = None, as_json: JsonOption = False) -> None:
    """Start the recorder with your desktop, paused: nothing is captured before you resume."""
    path, command = unit_path(), own_command(sys.argv[0])
    text = unit_text(command)
    if shutil.which("systemctl") is None:
        raise NoSystemd(command)
    if os.path.lexists(path) and not is_untouched(path):
        raise UnitEdited(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    if _systemctl("enable", UNIT) != 0:
        raise NotEnabled(path)
    notes = [note for note in (_consent_note(folder), _session_note(command)) if note]
    told = "It starts paused when you next log in; recorder resume then begins."
    payload: output.Payload = {"on": True, "unit": str(path), "notes": notes}
    output.emit("autostart", payload, as_json, "\n".join([f"Wrote {path}.", told, *notes]))


@app.command(epilog="Example: recorder autostart off")
def off(*, folder: Folder = None, as_json: JsonOption = False) -> None:
    """Take away what `on` wrote. A recorder that runs goes on."""
    _ = folder
    path = unit_path()
    is_there, is_ours = os.path.lexists(path), is_untouched(path)
    link = path.parent / WANTS / UNIT
    done = _disable(link)
    if is_there and is_ours:
        path.unlink()
        _systemctl("daemon-reload")
        done.append(f"Removed {path}.")
    elif is_there:
        done.append(f"Kept {path}, which is not as autostart wrote it.")
    told = "\n".join(done) or "Autostart is off already; there was nothing to remove."
    payload: output.Payload = {"on": False, "kept": is_there and not is_ours, "done": done}
    output.emit("autostart", payload, as_json, told)


@app.command(epilog="Example: recorder autostart status")
def status(*, folder: Folder = None, as_json: JsonOption = False) -> None:
    """Say whether the recorder starts with your desktop."""
    _ = folder
    path = unit_path()
    is_there = os.path.lexists(path)
    is_on = is_there and os.path.lexists(path.parent / WANTS / UNIT)
    is_edited = is_there and not is_untouched(path)
    has_failed = is_on and _systemctl("is-failed", UNIT) == 0
    payload: output.Payload = {
        "on": is_on, "unit": str(path) if is_there else None, "edited": is_edited,
        "failed": has_failed,
    }  # fmt: skip
    lines = ["Autostart is on." if is_on else "Autostart is off."]
    lines += [f"{path} is not as autostart wrote it."] if is_edited else []
    lines += [f"Its last start failed. See: journalctl --user -u {UNIT}"] if has_failed else []
    lines += [note] if is_on and (note := _session_note(own_command(sys.argv[0]))) else []
    output.emit("autostart", payload, as_json, "\n".join(lines))


def unit_path() -> Path:
    """Give where systemd looks for this user's units."""
    return places().config.parent / "systemd" / "user" / UNIT


def _disable(link: Path) -> list[str]:
    """Take the unit from what starts with the desktop; says what was done."""
    if not os.path.lexists(link):
        return []
    _systemctl("disable", UNIT)
    link.unlink(missing_ok=True)  # where systemctl is missing, or did not know the unit
    return ["It no longer starts with your desktop."]


def _consent_note(folder: Path | None) -> str:
    """Say what stands in the way of the start, "" for nothing."""
    where = places()
    try:
        Gate(chosen_folder(where, folder), where.state, SystemClock()).agreed()
    except RecorderError as error:
        return f"It will not start yet. {error}"
    return ""


def _session_note(command: Path) -> str:
    """Say that a running desktop does not start what belongs to it; "" where it does."""
    if not os.environ.get("DISPLAY") or _systemctl("is-active", _SESSION) == 0:
        return ""
    return (
        "Your desktop does not tell systemd when it begins, so nothing will start by itself. "
        f"Fix: add `{command} start --paused` to its startup programs"
    )


def _systemctl(*words: str) -> int:
    """Run `systemctl --user`; gives its exit code, 1 where it is missing or hangs."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            ["systemctl", "--user", "--quiet", *words],  # noqa: S607 - on PATH, as the person's
            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_ANSWER_S,
        )  # fmt: skip
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return 1
    return done.returncode
