"""Names and titles as windows give them, made safe: bounded, printable, one line."""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from recorder.capture.scope_lists import ALIASES

TITLE_LENGTH: Final = 512
"""Characters of a title that are kept; longer ones are cut."""
_NAME_LENGTH: Final = 64
_NOT_ID: Final = re.compile(r"[^a-z0-9._-]+")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_title(data: bytes) -> str:
    """Give a title's text: UTF-8 with bad bytes replaced, no control or bidi characters.

    Total: every byte string gives a string of at most `TITLE_LENGTH` characters.
    """
    text = data[: TITLE_LENGTH * 4].decode("utf-8", "replace")
    shown = (" " if unicodedata.category(c) in _INVISIBLE else c for c in text)
    return " ".join("".join(shown).split())[:TITLE_LENGTH]


def app_id(name: str) -> str:
    """Give a WM_CLASS class or a process name as an id of `[a-z0-9._-]`; "" for none."""
    plain = _NOT_ID.sub("-", name.lower()).strip("-")[:_NAME_LENGTH]
    return ALIASES.get(plain, plain)


def app_name(name: str) -> str:
    """Give a program's name as people read it, bounded and printable."""
    return clean_title(name.encode("utf-8", "replace"))[:_NAME_LENGTH]


def url_host(url: str) -> str:
    """Give the host of a web address in lower case, "" when it has none."""
    try:
        parts = urlsplit(url[:4096])
        host = parts.hostname if parts.scheme in {"http", "https"} else None
    except ValueError:
        return ""
    return (host or "").rstrip(".").lower()
