"""A desktop's keyring without a desktop: a bus of its own and a real, unlocked Secret Service."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from recorder.cli.virtual_processes import find_program, wait_until
from tests.contract.session_bus import session_bus

_START_S: Final = 20.0
_PASSWORD: Final = b"of the desktop"


@contextmanager
def secret_service(root: Path, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Give the environment in which programs find the keyring; it ends with the block.

    Args:
        root: A private folder with a short path; the keyring's file lies there.
        environment: What the programs have else.
    """
    homes = root / "keyrings"
    homes.mkdir(mode=0o700)
    own = {**environment, "XDG_DATA_HOME": str(homes), "XDG_RUNTIME_DIR": str(homes)}
    with session_bus(root, own) as found, _keeper(found):
        yield found


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
