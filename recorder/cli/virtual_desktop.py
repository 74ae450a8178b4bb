"""A desktop of our own: X server, session bus, accessibility, window manager, programs.

Used by `recorder demo`, the desktop tests and the benchmarks. Needs no terminal, locale,
machine id or runtime directory, and no privilege; 64 MB of /dev/shm are enough.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final, Self

from recorder.cli.virtual_hands import Hands
from recorder.cli.virtual_processes import (
    DesktopSilent,
    OwnProcesses,
    find_program,
    require_programs,
    wait_until,
)

DESKTOP_PROGRAMS: Final = ("Xvfb", "dbus-daemon", "at-spi-bus-launcher", "openbox", "xdotool")
_START_S: Final = 20.0
_INHERITED: Final = ("PATH", "TZ")

_BUS_CONFIG: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <standard_session_servicedirs/>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_NO_SERVICES: Final = (
    "org.freedesktop.secrets", "org.freedesktop.impl.portal.Secret", "org.gnome.keyring",
    "org.kde.kwalletd5", "org.kde.kwalletd6",
)  # fmt: skip
"""Keyrings of the machine: on a desktop that nobody unlocked a browser waits for them."""
_NO_SERVICE: Final = "[D-BUS Service]\nName={name}\nExec=/bin/false\n"


class VirtualDesktop:
    """A desktop that lasts as long as the `with` block.

    Attributes:
        display: Its name, for example ":23".
        workspace: Temporary folder of the programs on it (profiles, histories); private,
            removed at the end.
        environment: What a program needs to appear on it; complete, nothing is inherited.
        hands: Types, clicks and looks for windows on it.
    """

    def __init__(self, width_px: int = 1920, height_px: int = 1080) -> None:
        self._size = f"{width_px}x{height_px}x24"
        self._processes = OwnProcesses()
        self._server: subprocess.Popen[bytes] | None = None
        self.display = ""
        self.environment: dict[str, str] = {}
        self.workspace = Path()
        self.hands = Hands({})

    def __enter__(self) -> Self:
        require_programs(DESKTOP_PROGRAMS)
        self.workspace = Path(tempfile.mkdtemp(prefix="recorder-desk-"))
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def close(self) -> None:
        """End every program of this desktop and remove its workspace."""
        self._processes.end_all()
        shutil.rmtree(self.workspace, ignore_errors=True)

    def run(self, *command: str, output: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start a program on this desktop; it ends with the desktop at the latest.

        Raises:
            ProgramMissing: It is not installed.
        """
        return self._processes.start(command, self.environment, output=output)

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """End one program that `run` started."""
        self._processes.end(process)

    def kill_server(self) -> None:
        """Kill the X server, as a crash would; for fault tests."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def _start(self) -> None:
        self.environment = self._make_environment()
        self.display = self.environment["DISPLAY"] = self._start_server()
        self.hands = Hands(self.environment)
        self._start_bus()
        launcher = find_program("at-spi-bus-launcher")
        self.run(str(launcher), "--launch-immediately")
        self._start_window_manager()

    def _start_window_manager(self) -> None:
        """Start openbox; a window that is mapped before it says that it is ready is lost."""
        ready = self.workspace / "window-manager"
        self.run("openbox", "--sm-disable", "--startup", f"touch {ready}")
        wait_until("the start of the window manager", ready.exists, _START_S)

    def _make_environment(self) -> dict[str, str]:
        """Give the programs' environment: folders of their own, no trace of the caller's."""
        folders = {
            name: self.workspace / name.lower()
            for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
        }
        for folder in folders.values():
            folder.mkdir(mode=0o700)
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return {
            "PATH": os.defpath,
            **inherited,
            **{name: str(folder) for name, folder in folders.items()},
            "LANG": "C.UTF-8",
            "GSETTINGS_BACKEND": "memory",
            "GIO_USE_VFS": "local",
            "SHELL": "/bin/bash",
            "ACCESSIBILITY_ENABLED": "1",  # Chromium looks for it at its start only
        }

    def _start_server(self) -> str:
        """Start Xvfb on the first free number and give the display's name.

        Without its screen saver, which counts as a lock.
        """
        reading, writing = os.pipe()
        try:
            self._server = self._processes.start(
                ("Xvfb", "-displayfd", str(writing), "-screen", "0", self._size,
                 "-nolisten", "tcp", "-noreset", "-ac", "-dpi", "96", "-s", "0"),
                self.environment, keep=(writing,),
            )  # fmt: skip
        finally:
            os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            number = pipe.readline().strip().decode("ascii")
        if not number:
            raise DesktopSilent("the start of the X server", _START_S)
        return f":{number}"

    def _start_bus(self) -> None:
        """Start a session bus; with a configuration of its own it needs no machine id."""
        socket = self.workspace / "bus"
        config = self.workspace / "bus.conf"
        services = self.workspace / "services"
        services.mkdir()
        for name in _NO_SERVICES:
            (services / f"{name}.service").write_text(_NO_SERVICE.format(name=name))
        config.write_text(_BUS_CONFIG.format(socket=socket, services=services))
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={socket}"
        self.run("dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile")
        wait_until("the session bus", socket.exists, _START_S)
