"""A grant for demonstrations, bound to a virtual display that we started ourselves.

It stands for nobody's consent: it opens one Xvfb and no other display.
"""

import os
import re
import socket
import struct
from pathlib import Path

from recorder.core.clocks import Clock
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.levels import Levels
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant

_DISPLAY = re.compile(r":(\d{1,5})(?:\.0)?")
_CREDENTIALS = struct.Struct("3i")
_TIMEOUT_S = 2.0


class NotOurDisplay(RecorderError):
    """The display is no Xvfb, or somebody else started it."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"A demonstration records its own virtual display only: {why}",
            "recorder demo, which starts one",
            ExitCode.NOT_PERMITTED,
        )


class DemoGate:
    """Stands where a person's gate stands, for one virtual display."""

    def __init__(self, display: str, clock: Clock, levels: Levels | None = None) -> None:
        self._display = display
        self._clock = clock
        self._levels = levels or Levels()
        self._server: tuple[int, str] = (0, "")

    def open(self) -> LiveGrant:
        """Give a grant for the display.

        Raises:
            NotOurDisplay: It is no Xvfb that an ancestor of this process started.
        """
        grant = open_demo_grant(self._display, self._clock, self._levels)
        pid = _server_pid(self._display)
        self._server = (pid, _born(pid))
        return grant

    def agreed(self) -> GrantTerms:
        """Give what a grant would allow now; raises as `open`."""
        return open_demo_grant(self._display, self._clock, self._levels).terms

    def renew(self, grant: LiveGrant) -> LiveGrant:
        """Check that the same server still runs.

        Raises:
            NotOurDisplay: It ended, or the grant is not this display's.
        """
        terms = grant.terms
        if terms.kind is not GrantKind.DEMO or terms.display != self._display:
            raise NotOurDisplay("the grant is for something else")
        pid, born = self._server
        if not pid or _born(pid) != born:
            raise NotOurDisplay("the virtual display ended")
        return grant


def open_demo_grant(display: str, clock: Clock, levels: Levels | None = None) -> LiveGrant:
    """Give a grant that opens this display alone.

    Args:
        display: `:N`; a display with a host is refused.
        clock: Dates nothing here; taken so that both gates are called alike.
        levels: What to record; the defaults of the notice unless given.

    Raises:
        NotOurDisplay: It is no Xvfb that an ancestor of this process started.
    """
    _ = clock
    pid = _server_pid(display)
    if _name(pid) != "Xvfb":
        raise NotOurDisplay(f"{display} is no Xvfb")
    if not _ours(_parent(pid)):
        raise NotOurDisplay(f"{display} was started by someone else")
    return mint_grant(
        GrantTerms(
            consent_id="demo", notice_sha256="", ledger_head="", kind=GrantKind.DEMO,
            levels=levels or Levels(), apps=("*",), expires_wall_ns=0, display=display,
        )
    )  # fmt: skip


def _server_pid(display: str) -> int:
    """Give the process that listens on the display's socket, as the kernel tells."""
    found = _DISPLAY.fullmatch(display)
    if found is None:
        raise NotOurDisplay("it needs a display like :99")
    path = f"/tmp/.X11-unix/X{found[1]}"  # noqa: S108 - where X servers listen
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_TIMEOUT_S)
        try:
            connection.connect(path)
        except OSError as cause:
            raise NotOurDisplay(f"nothing listens on {display}") from cause
        data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, uid, _gid = _CREDENTIALS.unpack(data)
    if uid != os.getuid() or pid <= 0:
        raise NotOurDisplay(f"{display} belongs to another user")
    return int(pid)


def _ours(parent: int) -> bool:
    """Tell whether the parent is this process or one above it, and a recorder like it.

    A whole desktop can run below the shell that started its Xvfb, and orphans hang from
    the first process: neither may be taken for a demonstration.
    """
    return _program(parent) == _program(os.getpid()) and _is_ancestor(parent)


def _is_ancestor(wanted: int) -> bool:
    pid = os.getpid()
    while pid > 0:
        if pid == wanted:
            return True
        pid = _parent(pid)
    return False


def _program(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/exe").readlink())
    except OSError:
        return f"unknown {pid}"


def _name(pid: int) -> str:
    return _stat(pid)[0]


def _parent(pid: int) -> int:
    return int(_stat(pid)[2])


def _born(pid: int) -> str:
    """Give when the process started, in clock ticks; "" when it is gone or a zombie."""
    try:
        fields = _stat(pid)
    except NotOurDisplay:
        return ""
    return "" if fields[1] == "Z" else fields[20]


def _stat(pid: int) -> tuple[str, ...]:
    """Give name, state, parent … of proc(5)'s stat, without the pid."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError as cause:
        raise NotOurDisplay("the virtual display ended") from cause
    name, _, rest = text.partition("(")[2].rpartition(")")
    return (name, *rest.split())
