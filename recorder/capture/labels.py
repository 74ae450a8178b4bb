"""Names and titles as windows give them, made safe: bounded, printable, one line."""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from recorder.capture.scope_lists import ALIASES
from recorder.core.own_page import OWN_HOST, OWN_PATH

TITLE_LENGTH: Final = 2048
"""Characters of a title that are read, four times as many as are stored: a value that is cut
in two would not be known, and what says that a window is private stands at the end."""
CUT: Final = "\u2026"
"""At the end of a title that is longer."""
_NAME_LENGTH: Final = 64
_NOT_ID: Final = re.compile(r"[^a-z0-9._-]+")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_title(data: bytes) -> str:
    """Give a title's text: UTF-8 with bad bytes replaced, no control or bidi characters.

    Total: every byte string gives at most `TITLE_LENGTH` characters; a longer text ends in `CUT`.
    """
    text = data[: TITLE_LENGTH * 4].decode("utf-8", "replace")
    shown = (" " if unicodedata.category(c) in _INVISIBLE else c for c in text)
    plain = " ".join("".join(shown).split())
    is_cut = len(data) > TITLE_LENGTH * 4 or len(plain) > TITLE_LENGTH
    return plain[: TITLE_LENGTH - 1] + CUT if is_cut else plain


def app_id(name: str) -> str:
    """Give a WM_CLASS class or a process name as an id of `[a-z0-9._-]`; "" for none."""
    plain = _NOT_ID.sub("-", name.lower()).strip("-")[:_NAME_LENGTH]
    return ALIASES.get(plain, plain)


def app_name(name: str) -> str:
    """Give a program's name as people read it, bounded and printable."""
    return clean_title(name.encode("utf-8", "replace"))[:_NAME_LENGTH]


def url_host(url: str) -> str:
    """Give the host of a web address in lower case, "" when it has none.

    The recorder's own page has a host of its own, whatever else this machine serves.
    """
    try:
        parts = urlsplit(url[:4096])
        host = parts.hostname if parts.scheme in {"http", "https"} else None
    except ValueError:
        return ""
    plain = (host or "").rstrip(".").lower()
    return OWN_HOST if plain in _LOOPBACK and parts.path.startswith(OWN_PATH) else plain
