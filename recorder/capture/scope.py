"""Scope: which windows are taken, how they are painted, when the gate is shut. Pure."""

import unicodedata
from dataclasses import dataclass, field
from typing import Final

from recorder.capture.labels import CUT
from recorder.capture.scope_lists import (
    BROWSERS,
    CONVERSATION_HOSTS,
    CONVERSATIONS,
    LOCK_SCREENS,
    PASSWORD_MANAGERS,
    PRIVATE_MARKS,
    PROMPTS,
)
from recorder.core.own_page import OWN_HOST, OWN_TITLE, OWN_WINDOW
from recorder.core.scenes import Gate, Paint


@dataclass(frozen=True, slots=True)
class Page:
    """What accessibility told about a browser window.

    Attributes:
        host: Host of the active document, "" when it has none or it is not known.
        is_private: The frame's name says so.
        margins: From the window's sides to the document's: left, top, right, bottom
            pixels; None when it is not known.
    """

    host: str = field(default="", repr=False)
    is_private: bool = False
    margins: tuple[int, int, int, int] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """What is known about a window before it is decided upon.

    Attributes:
        app_id: Program by `labels.app_id`, "" when the owner is unknown.
        names: Other names it goes by (WM_CLASS instance, process name), as ids.
        title: Raw title.
        page: Of a browser window; None while accessibility does not answer.
    """

    app_id: str
    names: tuple[str, ...] = ()
    title: str = field(default="", repr=False)
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a window's pixels are treated and what its focus does to the gate.

    `degraded`: fixed words on what could not be told.
    """

    paint: Paint
    gate: Gate
    degraded: tuple[str, ...] = ()


_NARROW: Final = str.maketrans("\uff08\uff09", "()")
_EXCLUDED: Final = Verdict(Paint.HIDE, Gate.EXCLUDED)
_PROMPT: Final = Verdict(Paint.HIDE, Gate.SECURE)


class Scope:
    """The apps and hosts that may be recorded.

    Args:
        allowed: What the person picked: `app`, `app:host` or `app:*.domain`.
        grant_apps: The widest list of the consent, in the same form; "*" for any app.
    """

    def __init__(self, allowed: tuple[str, ...], grant_apps: tuple[str, ...]) -> None:
        granted = [_split(entry) for entry in grant_apps]
        entries = {
            both
            for entry in allowed
            for limit in granted
            if (both := _narrow(_split(entry), limit)) is not None
        }
        self._hosts: dict[str, set[str]] = {}
        for app, host in entries:
            self._hosts.setdefault(app, set()).add(host)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scope) and self._hosts == other._hosts

    def __hash__(self) -> int:
        return hash(frozenset(self._hosts))

    @property
    def apps(self) -> frozenset[str]:
        """The apps of which anything at all is allowed."""
        return frozenset(self._hosts)

    @property
    def entries(self) -> tuple[str, ...]:
        """What is left of the person's list within the consent's, sorted."""
        return tuple(
            sorted(
                f"{app}:{host}" if host else app
                for app, hosts in self._hosts.items()
                for host in hosts
            )
        )

    def is_limited(self, app: str) -> bool:
        """Tell whether the app is allowed on some hosts only: its tabs name others."""
        return app in self._hosts and "" not in self._hosts[app]

    def decide(self, facts: WindowFacts) -> Verdict:
        """Give paint and gate of a window; whatever is not known is hidden."""
        names = {facts.app_id, *facts.names} - {""}
        if names & (PROMPTS | LOCK_SCREENS):
            return _PROMPT
        is_barred = names & (PASSWORD_MANAGERS | {OWN_WINDOW})
        if not facts.app_id or is_barred or facts.app_id not in self._hosts:
            return _EXCLUDED
        if names & BROWSERS:
            return self._decide_browser(facts)
        is_talk = bool(names & CONVERSATIONS)
        return Verdict(Paint.LAYOUT if is_talk else Paint.REDACT, Gate.OPEN)

    def _decide_browser(self, facts: WindowFacts) -> Verdict:
        if is_private_title(facts.title):
            return _EXCLUDED
        if facts.page is None:
            return Verdict(Paint.HIDE, Gate.EXCLUDED, ("no_accessibility",))
        if facts.page.is_private or not self._host_allowed(facts.app_id, facts.page.host):
            return _EXCLUDED
        is_talk = any(_covers(host, facts.page.host) for host in CONVERSATION_HOSTS)
        return Verdict(Paint.LAYOUT if is_talk else Paint.REDACT, Gate.OPEN)

    def _host_allowed(self, app: str, host: str) -> bool:
        if host == OWN_HOST:
            return False
        return any(entry == "" or _covers(entry, host) for entry in self._hosts[app])


def is_browser(app: str) -> bool:
    """Tell whether the app is a browser."""
    return app in BROWSERS


def is_lock_screen(names: tuple[str, ...]) -> bool:
    """Tell whether one of the names is a lock screen's."""
    return bool(LOCK_SCREENS.intersection(names))


def is_private_title(title: str) -> bool:
    """Tell whether a title or accessible name is a private window's, or may be: it was cut.

    Also of the recorder's own page, which shows what was recorded.
    """
    lower = unicodedata.normalize("NFC", title.lower()).translate(_NARROW)
    own = OWN_TITLE.lower() in lower
    return own or lower.endswith(CUT) or any(mark in lower for mark in PRIVATE_MARKS)


def _split(entry: str) -> tuple[str, str]:
    app, _, host = entry.strip().lower().partition(":")
    return app, host.strip().rstrip(".")


def _narrow(wish: tuple[str, str], limit: tuple[str, str]) -> tuple[str, str] | None:
    """Give what both entries allow, None for nothing."""
    if not wish[0] or limit[0] not in {wish[0], "*"}:
        return None
    if not limit[1] or _covers(limit[1], wish[1]):
        return wish
    if not wish[1] or _covers(wish[1], limit[1]):
        return wish[0], limit[1]
    return None


def _covers(pattern: str, host: str) -> bool:
    """Tell whether a host, or a pattern of hosts, lies within the pattern."""
    if pattern.startswith("*."):
        return host == pattern[2:] or host.endswith(pattern[1:])
    return bool(pattern) and pattern == host
