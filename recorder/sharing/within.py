"""Whether rows lie within a consent: streams, levels, apps and sites. Pure; fails closed.

Recording and sharing are two consents, and what is recorded for oneself may be more than a
study may have. Nothing is narrowed behind its owner's back: what is more is not approved.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.events import KEY_KINDS, POINTER_KINDS, SHORTCUT_MODS, KeyClass, Kind, Mods
from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
)
from recorder.episodes.columns import column
from recorder.episodes.marks import SECOND_NS
from recorder.episodes.names import Table
from recorder.episodes.selection import END_NS, WINDOW_KINDS, TimeRange

_KEYS: Final = column(sorted(kind.value for kind in KEY_KINDS), pa.string())
_POINTER: Final = column(sorted(kind.value for kind in POINTER_KINDS), pa.string())
_TARGETS: Final = tuple(f"target_{name}" for name in ("role", "name", "x", "y", "w", "h"))
_HIDDEN: Final = {
    TitlesLevel.OFF: ("app_id", "app_name", "window_title", "url_host"),
    TitlesLevel.APP: ("window_title", "url_host"),
    TitlesLevel.TITLE: ("url_host",),
    TitlesLevel.HOST: (),
}


class BeyondConsent(RecorderError):
    """It holds more than its owner agreed that the study may have."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(
            f"That is more than you agreed to share with the study: {what}",
            fix,
            ExitCode.CONSENT_MISMATCH,
        )


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a study may have.

    Attributes:
        apps: `app`, `app:host` or `app:*.domain`; `*` stands for any app.
    """

    levels: Levels
    apps: tuple[str, ...]


@dataclass(slots=True)
class WithinCheck:
    """Looks at the rows of an episode, table by table, and remembers its windows.

    Attributes:
        windows: `app` or `app:host` of every window seen.
    """

    bounds: Bounds | None
    windows: set[str] = field(default_factory=set)
    _rows: list[tuple[int, bool]] = field(default_factory=list)
    """Begin of each window, and whether it is within."""

    def look(self, table: Table, rows: pa.Table) -> None:
        """Look at some rows.

        Raises:
            BeyondConsent: They are at a higher level than was agreed to.
        """
        found = None if self.bounds is None else beyond(table, rows, self.bounds.levels)
        if found is not None:
            fix = "record it at the levels that you agreed to, or agree anew: recorder consent give"
            raise BeyondConsent(found, fix)
        if table == "context":
            self._see(rows)
        if table == "frames":
            self._see_frames(rows.column("apps").to_pylist())

    def end(self) -> None:
        """Tell of the windows, when all was looked at.

        Raises:
            BeyondConsent: Some are of apps or sites beyond; the fix names the times.
        """
        spans = _outside(sorted(self._rows))
        if spans:
            told = ", ".join(map(_span_text, spans[:3])) + (" …" if spans[3:] else "")
            raise BeyondConsent(
                f"apps or sites that it does not name, at {told}",
                f"approve the ranges beside it: recorder approve ID --range {_beside(spans[0])}",
            )

    def may_show(self, apps: Sequence[str] | None) -> bool:
        """Tell whether a frame may be had; see `may_show`."""
        return self.bounds is None or may_show(self.bounds.apps, apps)

    def _see(self, rows: pa.Table) -> None:
        names = ("t_ns", "kind", "app_id", "url_host")
        for t_ns, kind, app, host in zip(*(rows.column(n).to_pylist() for n in names), strict=True):
            if app or host:
                self.windows.add(f"{app or ''}:{host}" if host else app)
            is_within = not (app or host) or self._covers(app, host)
            if kind in WINDOW_KINDS or not is_within:
                self._rows.append((t_ns, is_within))

    def _see_frames(self, shown: Sequence[Sequence[str] | None]) -> None:
        """Look at what is in the pictures.

        Raises:
            BeyondConsent: Some show what the study may not have: approving leaves them out.
        """
        if not all(map(self.may_show, shown)):
            raise BeyondConsent(
                "pictures that also show windows of other programs",
                "approve it again, which leaves them out: recorder approve ID --study NAME",
            )
        self.windows.update(name for names in shown for name in names or ())

    def _covers(self, app: str | None, host: str | None) -> bool:
        return self.bounds is None or covers(self.bounds.apps, app or "", host or "")


def beyond(table: Table, rows: pa.Table, levels: Levels) -> str | None:
    """Say what of some rows is beyond the levels; None when nothing is."""
    if table == "events":
        return _events(rows, levels)
    return _frames(rows, levels) if table == "frames" else _context(rows, levels)


def covers(apps: Sequence[str], app: str, host: str) -> bool:
    """Tell whether a list of apps covers a window.

    An app that is listed with sites only is covered where its site is known.
    """
    for entry in apps:
        name, _, site = entry.strip().lower().partition(":")
        if app and name in {app.lower(), "*"} and _covers_host(site.strip().rstrip("."), host):
            return True
    return False


def may_show(listed: Sequence[str], apps: Sequence[str] | None) -> bool:
    """Tell whether a list of apps covers every window of a frame; one not known needs `*`."""
    if apps is None:
        return any(entry.strip() == "*" for entry in listed)
    split = (name.partition(":") for name in apps)
    return all(covers(listed, app, host) for app, _, host in split)


def _covers_host(pattern: str, host: str) -> bool:
    if pattern.startswith("*."):
        return host.lower() == pattern[2:] or host.lower().endswith(pattern[1:])
    return not pattern or pattern == host.lower()


def _events(rows: pa.Table, levels: Levels) -> str | None:
    kind = rows.column("kind")
    keys = pc.is_in(kind, _KEYS)
    if levels.keyboard is KeyboardLevel.OFF and _any(keys):
        return "keys"
    if levels.keyboard is KeyboardLevel.CLASS and _any(pc.and_kleene(keys, _texts(rows))):
        return "typed text"
    if levels.pointer is PointerLevel.OFF and _any(pc.is_in(kind, _POINTER)):
        return "the pointer"
    if levels.pointer is PointerLevel.CLICKS and _any(pc.equal(kind, Kind.MOVE.value)):
        return "where the pointer moved"
    if levels.targets is TargetsLevel.OFF and _has(rows, _TARGETS):
        return "elements under actions"
    return None


def _texts(rows: pa.Table) -> pa.ChunkedArray:
    """Tell which rows hold what was typed: a character or its mask, no name of a key."""
    is_char = pc.equal(rows.column("key_class"), KeyClass.CHAR.value)
    mods = pc.fill_null(rows.column("mods"), 0)
    plain = pc.or_(pc.invert(_held(mods, SHORTCUT_MODS)), _held(mods, Mods.ALTGR))
    named = pc.is_valid(rows.column("key"))
    short = pc.less_equal(pc.utf8_length(rows.column("key")), 1)
    typed = pc.and_kleene(pc.and_kleene(named, plain), pc.or_kleene(is_char, short))
    return pc.or_kleene(typed, pc.is_valid(rows.column("entity")))


def _held(mods: pa.ChunkedArray, wanted: Mods) -> pa.ChunkedArray:
    return pc.not_equal(pc.bit_wise_and(mods, pa.scalar(int(wanted), mods.type)), 0)


def _frames(rows: pa.Table, levels: Levels) -> str | None:
    if levels.screen is ScreenLevel.OFF and rows.num_rows:
        return "pictures"
    other = pc.not_equal(rows.column("level"), ScreenLevel.LAYOUT.value)
    if levels.screen is ScreenLevel.LAYOUT and _any(other):
        return "pictures with text"
    names = [name for apps in rows.column("apps").to_pylist() for name in apps or ()]
    is_off = levels.titles is TitlesLevel.OFF and bool(names)
    if is_off or (levels.titles is not TitlesLevel.HOST and any(":" in name for name in names)):
        return "names of windows or sites"
    return None


def _context(rows: pa.Table, levels: Levels) -> str | None:
    return "names of windows or sites" if _has(rows, _HIDDEN[levels.titles]) else None


def _any(flags: pa.ChunkedArray) -> bool:
    return bool(pc.any(flags).as_py())


def _has(rows: pa.Table, names: Sequence[str]) -> bool:
    return any(rows.column(name).null_count < rows.num_rows for name in names)


def _outside(rows: Sequence[tuple[int, bool]]) -> list[TimeRange]:
    """Give the times in which a window beyond was in force."""
    found: list[TimeRange] = []
    for at, (t_ns, is_within) in enumerate(rows):
        if is_within:
            continue
        end_ns = max(rows[at + 1][0], t_ns + 1) if at + 1 < len(rows) else END_NS
        if found and found[-1].end_ns >= t_ns:
            found[-1] = TimeRange(found[-1].start_ns, end_ns)
        else:
            found.append(TimeRange(t_ns, end_ns))
    return found


def _span_text(span: TimeRange) -> str:
    end = "" if span.end_ns >= END_NS else _clock(-(-span.end_ns // SECOND_NS))
    return f"{_clock(span.start_ns // SECOND_NS)}..{end}"


def _beside(span: TimeRange) -> str:
    """Give ranges before and after a span, as the command line takes them."""
    before = f"0:00:00..{_clock(span.start_ns // SECOND_NS)}" if span.start_ns >= SECOND_NS else ""
    after = "" if span.end_ns >= END_NS else f"{_clock(-(-span.end_ns // SECOND_NS))}.."
    return " --range ".join(one for one in (before, after) if one) or "…"


def _clock(seconds: int) -> str:
    minutes, left = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{left:02d}"
