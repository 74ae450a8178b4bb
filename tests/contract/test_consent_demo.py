"""A demonstration's grant opens a virtual display that we started, and no other."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.cli.system_clock import SystemClock
from recorder.consent.demo import DemoGate, NotOurDisplay, open_demo_grant
from recorder.core.proofs import GrantKind

SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where X servers listen
ORPHAN = "Xvfb -displayfd 1 -screen 0 64x64x24 -nolisten tcp & echo pid $!; exec 1>&-"


@pytest.fixture
def xvfb() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """An Xvfb that this process started."""
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "64x64x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert server.stdout is not None
    with server, server.stdout as out:
        yield f":{out.readline().decode().strip()}", server
        server.terminate()


def test_our_own_virtual_display_opens(xvfb: tuple[str, subprocess.Popen[bytes]]) -> None:
    display, server = xvfb
    gate = DemoGate(display, SystemClock())
    grant = gate.open()
    assert grant.terms.kind is GrantKind.DEMO
    assert grant.terms.display == display
    assert gate.renew(grant) is grant
    server.terminate()
    server.wait()
    with pytest.raises(NotOurDisplay, match="ended"):
        gate.renew(grant)
    with pytest.raises(NotOurDisplay, match="nothing listens"):
        gate.open()


def test_a_grant_is_for_one_display_only(xvfb: tuple[str, subprocess.Popen[bytes]]) -> None:
    display, _ = xvfb
    grant = open_demo_grant(display, SystemClock())
    with pytest.raises(NotOurDisplay, match="something else"):
        DemoGate(":99999", SystemClock()).renew(grant)


def test_a_display_that_somebody_else_started_is_refused() -> None:
    shell = subprocess.Popen(
        ["sh", "-c", ORPHAN], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert shell.stdout is not None
    with shell.stdout as out:
        found = [out.readline().decode().strip() for _ in range(2)]
        shell.wait()
    pid = next(int(line.split()[1]) for line in found if line.startswith("pid "))
    display = next(f":{line}" for line in found if line.isdigit())
    try:
        with pytest.raises(NotOurDisplay, match="someone else"):
            open_demo_grant(display, SystemClock())
    finally:
        os.kill(pid, 15)


_DESKTOP = (
    "import subprocess, sys\n"
    "number = input()\n"
    "sys.exit(subprocess.run([sys.executable, '-c', sys.argv[1], ':' + number]).returncode)"
)
_ASK = (
    "import sys; from recorder.cli.system_clock import SystemClock\n"
    "from recorder.consent.demo import NotOurDisplay, open_demo_grant\n"
    "try: open_demo_grant(sys.argv[1], SystemClock())\n"
    "except NotOurDisplay as error: print(error)"
)


def test_a_desktop_that_a_shell_put_on_an_xvfb_is_no_demonstration(tmp_path: Path) -> None:
    """As xvfb-run and remote desktops do: everything hangs below the shell of the Xvfb."""
    script = (
        'Xvfb -displayfd 3 -screen 0 64x64x24 -nolisten tcp 3>"$3" 2>/dev/null & server=$!\n'
        '"$0" -c "$1" "$2" <"$3"; kill $server; wait'
    )
    pipe = tmp_path / "number"
    os.mkfifo(pipe)
    done = subprocess.run(
        ["sh", "-c", script, sys.executable, _DESKTOP, _ASK, str(pipe)],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert "started by someone else" in done.stdout, done.stderr


def test_what_is_no_xvfb_is_refused() -> None:
    SOCKETS.mkdir(mode=0o1777, exist_ok=True)
    number = next(n for n in range(9000, 9999) if not (SOCKETS / f"X{n}").exists())
    path = SOCKETS / f"X{number}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        try:
            with pytest.raises(NotOurDisplay, match="is no Xvfb"):
                open_demo_grant(f":{number}", SystemClock())
        finally:
            path.unlink()


@pytest.mark.parametrize("display", ["", "host:0", "unix:0", ":", ":0; rm", "localhost:10.0", "0"])
def test_a_display_with_a_host_is_refused(display: str) -> None:
    with pytest.raises(NotOurDisplay, match="like :99"):
        open_demo_grant(display, SystemClock())
