"""Connections to an X server: its unix socket only, never TCP.

python-xlib reaches for TCP when the unix socket refuses; naming the protocol in the
display name (`unix/:99`) makes it stay with the socket.
"""

import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recorder.core.ports import SourceUnavailable
from recorder.core.proofs import LiveGrant

if TYPE_CHECKING:
    from Xlib.display import Display

_NAME: Final = re.compile(
    r"(?:unix/)?(?P<host>unix)?:(?P<number>\d{1,5})(?:\.(?P<screen>\d{1,3}))?"
)
_LISTENS_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class DisplayName:
    """A display of this machine."""

    number: int
    screen: int = 0

    @property
    def xlib(self) -> str:
        """The name for python-xlib, which cannot lead to TCP."""
        return f"unix/:{self.number}.{self.screen}"

    @property
    def libx11(self) -> str:
        """The name for libX11, which cannot lead to TCP."""
        return f"unix:{self.number}.{self.screen}"

    @property
    def plain(self) -> str:
        """The name as `DISPLAY` has it."""
        return f":{self.number}"


def parse_display(name: str) -> DisplayName:
    """Give the parts of a `DISPLAY` value such as `:0` or `:0.0`.

    Raises:
        SourceUnavailable: It is empty, names a host, or is no display name.
    """
    if not name:
        raise SourceUnavailable(
            "There is no X display", "run it in a desktop session, or set DISPLAY"
        )
    found = _NAME.fullmatch(name)
    if found is None:
        raise SourceUnavailable(
            "DISPLAY names another machine or is malformed",
            "record on the machine whose screen it is, with DISPLAY like :0",
        )
    return DisplayName(int(found["number"]), int(found["screen"] or 0))


def connect(name: DisplayName) -> "Display":
    """Open a connection through the display's unix socket.

    Raises:
        SourceUnavailable: Nobody answers there, or the server refuses us.
    """
    from Xlib import error  # noqa: PLC0415 - importing this module needs no X library
    from Xlib.display import Display  # noqa: PLC0415

    unavailable = SourceUnavailable(
        f"The X display {name.plain} does not answer or refuses the connection",
        "check that the desktop runs and that XAUTHORITY is this session's",
    )
    if not _listens(name):
        raise unavailable
    try:
        return Display(name.xlib)
    except (error.DisplayError, error.ConnectionClosedError, error.XauthError, OSError) as cause:
        raise unavailable from cause


def close_quietly(connection: "Display") -> None:
    """Close a connection that may be gone already."""
    from Xlib.error import ConnectionClosedError  # noqa: PLC0415

    try:
        connection.close()
    except (ConnectionClosedError, OSError):
        connection.display.socket.close()


def require_display(grant: LiveGrant, name: DisplayName) -> None:
    """Check that a demonstration's grant opens its own display only.

    Raises:
        SourceUnavailable: The grant is bound to another display.
    """
    bound_to = grant.terms.display
    if bound_to and parse_display(bound_to) != name:
        raise SourceUnavailable(
            "The demonstration may not record this display",
            "run recorder demo, which starts its own",
        )


def _listens(name: DisplayName) -> bool:
    """Tell whether a server listens, on the file system or as an abstract name.

    Asked first because python-xlib leaves the socket of a refused connection open.
    """
    path = f"/tmp/.X11-unix/X{name.number}"  # noqa: S108 - where X servers listen
    with socket.socket(socket.AF_UNIX) as tried:
        tried.settimeout(_LISTENS_S)
        try:
            tried.connect(path if Path(path).exists() else f"\0{path}")
        except OSError:
            return False
    return True
