"""A desktop's keyring without a desktop: a bus of its own and a real, unlocked Secret Service."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from recorder.cli.virtual_processes import OwnProcesses, find_program, wait_until

_START_S: Final = 20.0
_PASSWORD: Final = b"of the desktop"
_BUS: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>
"""


@contextmanager
def secret_service(root: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Give the environment in which programs find the keyring; it ends with the block.

    Args:
        root: A private folder with a short path; the keyring's file lies there.
        environment: What the programs have else.
    """
    socket, config, homes = root / "bus", root / "bus.conf", root / "keyrings"
    config.write_text(_BUS.format(socket=socket))
    homes.mkdir(mode=0o700)
    found = {
        **environment, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={socket}",
        "XDG_DATA_HOME": str(homes), "XDG_RUNTIME_DIR": str(homes),
    }  # fmt: skip
    processes = OwnProcesses()
    try:
        processes.start(
            ("dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"), found
        )
        wait_until("the session bus", socket.exists, _START_S)
        with _keeper(found):
            yield found
    finally:
        processes.end_all()


@contextmanager
def _keeper(environment: Mapping[str, str]) -> Iterator[None]:
    """Run the daemon, its collection unlocked with a password from standard input."""
    command = [str(find_program("gnome-keyring-daemon")), "--foreground", "--components=secrets"]
    daemon = subprocess.Popen(
        [*command, "--unlock"], env=dict(environment), stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert daemon.stdin is not None
        daemon.stdin.write(_PASSWORD)
        daemon.stdin.close()
        control = Path(environment["XDG_RUNTIME_DIR"]) / "keyring" / "control"
        wait_until("the keyring", control.exists, _START_S)
        yield
    finally:
        daemon.kill()
        daemon.wait()
