"""A session bus of our own, without a desktop."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from recorder.cli.virtual_processes import OwnProcesses, wait_until

_START_S: Final = 45.0
_BUS: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>
"""


@contextmanager
def session_bus(root: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Give the environment in which programs find the bus; it ends with the block.

    Args:
        root: A private folder with a short path.
        environment: What the programs have else.
    """
    socket, config = root / "bus", root / "bus.conf"
    config.write_text(_BUS.format(socket=socket))
    found = {**environment, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={socket}"}
    processes = OwnProcesses()
    try:
        processes.start(
            ("dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"), found
        )
        wait_until("the session bus", socket.exists, _START_S)
        yield found
    finally:
        processes.end_all()
