"""Processes that one block starts and ends: nothing else is ever signalled."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final, TypeVar

from recorder.core.errors import ExitCode, RecorderError

T = TypeVar("T")

_APT_PACKAGES: Final = {
    "Xvfb": "xvfb",
    "chromium": "chromium",
    "dbus-daemon": "dbus",
    "dbus-uuidgen": "dbus",
    "dunst": "dunst",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "xterm": "xterm",
    "zenity": "zenity",
    "at-spi-bus-launcher": "at-spi2-core",
}
"""Debian packages of the programs on a virtual desktop."""
_OFF_PATH: Final = (Path("/usr/libexec"), Path("/usr/lib/at-spi2-core"))
"""Where distributions keep helper programs that are on nobody's PATH."""
_END_GRACE_S: Final = 3.0
_POLL_S: Final = 0.02


class ProgramMissing(RecorderError):
    """A program that the virtual desktop needs is not installed."""

    def __init__(self, programs: Sequence[str]) -> None:
        packages = " ".join(sorted({_APT_PACKAGES.get(name, name) for name in programs}))
        are = "is" if len(programs) == 1 else "are"
        super().__init__(
            f"{', '.join(programs)} {are} not installed",
            f"apt-get install --no-install-recommends {packages}",
            ExitCode.NOT_PERMITTED,
        )


class DesktopSilent(RecorderError):
    """The virtual desktop did not do something in time."""

    def __init__(self, waited_for: str, timeout_s: float) -> None:
        super().__init__(
            f"The virtual desktop: {waited_for} did not happen within {timeout_s:.0f} s",
            "run it again on a machine that is less busy",
            ExitCode.DEGRADED,
        )


def find_program(name: str) -> Path | None:
    """Give the path of a program, None when it is not installed."""
    found = shutil.which(name, path=os.environ.get("PATH") or os.defpath)
    if found:
        return Path(found)
    return next((folder / name for folder in _OFF_PATH if (folder / name).exists()), None)


def require_programs(names: Sequence[str]) -> None:
    """Check that all programs are there.

    Raises:
        ProgramMissing: Names all that are not, and the line that installs them.
    """
    missing = [name for name in names if find_program(name) is None]
    if missing:
        raise ProgramMissing(missing)


def wait_until(what: str, probe: Callable[[], T | None], timeout_s: float = 20.0) -> T:
    """Ask again and again until the probe gives something true; give that.

    Raises:
        DesktopSilent: It did not within the time.
    """
    deadline = time.monotonic() + timeout_s
    while not (found := probe()):
        if time.monotonic() > deadline:
            raise DesktopSilent(what, timeout_s)
        time.sleep(_POLL_S)
    return found


def family(pid: int) -> list[int]:
    """Give a process and all its descendants that live, the process first."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := stat_fields(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def stat_fields(pid: int) -> list[str]:
    """Give the fields of /proc/PID/stat from the state on (proc(5)); [] when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


class OwnProcesses:
    """Child processes of one block, each in a group of its own, ended newest first.

    The kernel ends them too when this process is killed (PR_SET_PDEATHSIG through
    `setpriv`, where that is installed).
    """

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[bytes]] = []

    def start(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        output: int | IO[bytes] = subprocess.DEVNULL,
        keep: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        """Start a program.

        Args:
            command: Program and arguments.
            environment: The whole environment; nothing is inherited.
            output: Where its standard output goes; the error output goes nowhere.
            keep: File descriptors that it inherits.

        Raises:
            ProgramMissing: It is not installed.
        """
        program = find_program(command[0])
        if program is None:
            raise ProgramMissing([command[0]])
        setpriv = find_program("setpriv")
        leash = [str(setpriv), "--pdeathsig", "KILL"] if setpriv else []
        process = subprocess.Popen(  # noqa: S603 -- programs named in this package, no shell
            [*leash, str(program), *command[1:]],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=tuple(keep),
        )
        self._started.append(process)
        return process

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """End one program and what it started in its group."""
        _signal_group(process, signal.SIGTERM)
        try:
            process.wait(_END_GRACE_S)
        except subprocess.TimeoutExpired:
            _signal_group(process, signal.SIGKILL)
            process.wait(_END_GRACE_S)
        _signal_group(process, signal.SIGKILL)
        if process.stdout is not None:
            process.stdout.close()
        self._started.remove(process)

    def end_all(self) -> None:
        """End everything that still runs, the newest first."""
        for process in reversed(self._started.copy()):
            self.end(process)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal the group; it may be gone already, or hold children of an ended leader."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
