"""Who may come in: a link that works once, then a cookie; both random, both in memory only."""

import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from recorder.core.own_page import OWN_PATH

COOKIE: Final = "recorder_review"
_TCP: Final = Path("/proc/net/tcp")
_UID_FIELD: Final = 7


class Door:
    """One link and one cookie for the life of the server.

    Attributes:
        base: The path under which everything lies; random, so that a page on another port
            of this machine, which gets the cookies of this host, does not get this one.
    """

    def __init__(self) -> None:
        self.base = OWN_PATH + secrets.token_urlsafe(12)
        self._token: str | None = secrets.token_urlsafe(32)
        self._cookie = secrets.token_urlsafe(32)

    def link(self, port: int) -> str:
        """Give the address that opens the page; empty once it was used."""
        return "" if self._token is None else f"{self.home(port)}enter?token={self._token}"

    def renew(self) -> None:
        """Make another link that works once; for the person who asks for the page again."""
        self._token = secrets.token_urlsafe(32)

    def home(self, port: int) -> str:
        """Give the page's address, which opens for the browser that came in before."""
        return f"http://127.0.0.1:{port}{self.base}/"

    def enter(self, token: str) -> str | None:
        """Give the header that sets the cookie for the right token, once; None otherwise."""
        if self._token is None or not hmac.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token = None
        return f"{COOKIE}={self._cookie}; Path={self.base}/; HttpOnly; SameSite=Strict"

    def knows(self, header: str) -> bool:
        """Tell whether a Cookie header holds our cookie.

        Other servers on this machine set cookies for the same host: theirs may be malformed,
        or have the name of ours, and must not shut the person out.
        """
        wanted = f"{COOKIE}={self._cookie}".encode()
        return any(hmac.compare_digest(one.strip().encode(), wanted) for one in header.split(";"))


def is_own_user(port: int, peer_port: int, table: Path = _TCP) -> bool:
    """Tell whether a loopback connection is this user's, by the kernel's table of them.

    Another user of this machine may read a link off a command line. True where the system
    has no such table.

    Args:
        port: The server's.
        peer_port: The other end's.
        table: As of proc(5), /proc/net/tcp.
    """
    try:
        lines = table.read_text().splitlines()[1:]
    except OSError:
        return True
    wanted = (f":{peer_port:04X}", f":{port:04X}")
    for line in lines:
        fields = line.split()
        if fields[1].endswith(wanted[0]) and fields[2].endswith(wanted[1]):
            return int(fields[_UID_FIELD]) == os.getuid()
    return False
