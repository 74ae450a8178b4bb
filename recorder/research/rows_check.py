"""Whether rows stay within what was agreed: one episode, its streams, levels, apps and sites."""

from collections.abc import Callable, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.errors import ExitCode
from recorder.core.events import KEY_KINDS, POINTER_KINDS, SHORTCUT_MODS, KeyClass, Kind
from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
)
from recorder.episodes.names import Table
from recorder.research.content_verdict import Agreed, ContentRefused
from recorder.research.pictures_check import MOST_PIXELS, picture_size

_LONGEST_TEXT: Final = 20_000
"""Bytes; a task's label and a window's title have at most a few hundred characters."""
_KINDS: Final = pa.array([kind.value for kind in Kind])
_KEYS: Final = pa.array(sorted(kind.value for kind in KEY_KINDS))
_POINTER: Final = pa.array(sorted(kind.value for kind in POINTER_KINDS))
_LEVELS: Final = pa.array([ScreenLevel.LAYOUT.value, ScreenLevel.REDACTED.value])
_TARGETS: Final = tuple(f"target_{name}" for name in ("role", "name", "x", "y", "w", "h"))
_MOST_WINDOWS: Final = 10_000


class RowsCheck:
    """Looks at an episode's rows, piece by piece.

    Attributes:
        windows: `app` or `app:host` of every window seen.
    """

    def __init__(self, episode_id: str, agreed: Sequence[Agreed]) -> None:
        self._episode_id = episode_id
        self._agreed = agreed
        self._levels = [one.levels.levels() for one in agreed]
        self.windows: set[str] = set()

    def look(self, table: Table, rows: pa.RecordBatch) -> None:
        """Check some rows of a table.

        Raises:
            ContentRefused: They are another episode's, or beyond what was agreed.
        """
        if not _all(pc.equal(rows.column("episode_id"), self._episode_id)):
            raise ContentRefused(ExitCode.FORMAT, "it holds rows of another episode")
        for field in rows.schema:
            if pa.types.is_string(field.type):
                longest = pc.max(pc.binary_length(rows.column(field.name))).as_py() or 0
                if longest > _LONGEST_TEXT:
                    raise ContentRefused(ExitCode.LIMITS, "it holds a text that is too long")
        checks: dict[Table, Callable[[pa.RecordBatch, Levels], None]] = {
            "events": _check_events, "frames": _check_frames, "context": _check_context,
        }  # fmt: skip
        for levels in self._levels:
            checks[table](rows, levels)
        if table == "frames":
            _check_pictures(rows)
        if table == "context":
            self._see_windows(rows)

    def _see_windows(self, rows: pa.RecordBatch) -> None:
        seen = set(zip(*(rows.column(n).to_pylist() for n in ("app_id", "url_host")), strict=True))
        for app, host in seen - {(None, None)}:
            window = f"{app or ''}:{host}" if host else app or ""
            if not all(covers(one.apps, window) for one in self._agreed):
                raise _beyond("an app or a site")
            self.windows.add(window)
        if len(self.windows) > _MOST_WINDOWS:
            raise ContentRefused(ExitCode.LIMITS, "it names too many windows")


def covers(allowed: Sequence[str], window: str) -> bool:
    """Tell whether a list of apps covers a window, `app` or `app:host`.

    An app that is allowed on some hosts only is covered where its host is known.
    """
    app, _, host = window.lower().partition(":")
    for entry in allowed:
        name, _, sites = entry.strip().lower().partition(":")
        sites = sites.strip().rstrip(".")
        if name in {app, "*"} and app and (not sites or _covers_host(sites, host)):
            return True
    return False


def _covers_host(pattern: str, host: str) -> bool:
    if pattern.startswith("*."):
        return host == pattern[2:] or host.endswith(pattern[1:])
    return bool(host) and pattern == host


def _check_events(rows: pa.RecordBatch, levels: Levels) -> None:
    kind = rows.column("kind")
    if not _all(pc.is_in(kind, _KINDS)):
        raise ContentRefused(ExitCode.FORMAT, "it holds events of an unknown kind")
    keys = pc.is_in(kind, _KEYS)
    if levels.keyboard is KeyboardLevel.OFF and _any(keys):
        raise _beyond("the keyboard")
    if levels.keyboard is KeyboardLevel.CLASS and _any(_texts(rows, keys)):
        raise _beyond("typed text")
    if levels.pointer is PointerLevel.OFF and _any(pc.is_in(kind, _POINTER)):
        raise _beyond("the pointer")
    if levels.pointer is PointerLevel.CLICKS and _any(pc.equal(kind, Kind.MOVE.value)):
        raise _beyond("pointer moves")
    if levels.targets is TargetsLevel.OFF and not _empty(rows, _TARGETS):
        raise _beyond("elements under actions")


def _texts(rows: pa.RecordBatch, keys: pa.Array) -> pa.Array:
    """Tell which rows hold a character that was typed: not the name of a key or shortcut."""
    is_char = pc.equal(rows.column("key_class"), KeyClass.CHAR.value)
    mods = pc.fill_null(rows.column("mods"), 0)
    plain = pc.equal(pc.bit_wise_and(mods, pa.scalar(int(SHORTCUT_MODS), mods.type)), 0)
    named = pc.is_valid(rows.column("key"))
    short = pc.less_equal(pc.utf8_length(rows.column("key")), 1)
    text = pc.or_kleene(pc.and_kleene(is_char, plain), pc.and_kleene(short, plain))
    return pc.and_kleene(pc.and_kleene(keys, named), text)


def _check_frames(rows: pa.RecordBatch, levels: Levels) -> None:
    level = rows.column("level")
    if not _all(pc.is_in(level, _LEVELS)):
        raise ContentRefused(ExitCode.FORMAT, "it holds pictures of an unknown level")
    if levels.screen is ScreenLevel.OFF and rows.num_rows:
        raise _beyond("the screen")
    is_layout = _all(pc.equal(level, ScreenLevel.LAYOUT.value))
    if levels.screen is ScreenLevel.LAYOUT and not is_layout:
        raise _beyond("what the screen says")


def _check_pictures(rows: pa.RecordBatch) -> None:
    for image, width, height in zip(
        *(rows.column(name) for name in ("image", "width", "height")), strict=True
    ):
        if not image.is_valid:
            continue
        data = image["bytes"].as_buffer()
        size = picture_size(data.to_pybytes() if data else b"")
        if image["path"].is_valid or size is None:
            raise ContentRefused(ExitCode.FORMAT, "it holds a picture that is no WebP of ours")
        if size[0] * size[1] > MOST_PIXELS:
            raise ContentRefused(ExitCode.LIMITS, "it holds a picture that is too large")
        if size != (width.as_py(), height.as_py()):
            raise ContentRefused(ExitCode.FORMAT, "it holds a picture of another size than told")


def _check_context(rows: pa.RecordBatch, levels: Levels) -> None:
    hidden = {
        TitlesLevel.OFF: ("app_id", "app_name", "window_title", "url_host"),
        TitlesLevel.APP: ("window_title", "url_host"),
        TitlesLevel.TITLE: ("url_host",),
        TitlesLevel.HOST: (),
    }[levels.titles]
    if not _empty(rows, hidden):
        raise _beyond("titles or sites")


def _beyond(what: str) -> ContentRefused:
    return ContentRefused(ExitCode.CONSENT_MISMATCH, f"the consent does not cover {what} in it")


def _empty(rows: pa.RecordBatch, names: Sequence[str]) -> bool:
    return all(rows.column(name).null_count == rows.num_rows for name in names)


def _all(flags: pa.Array) -> bool:
    return bool(pc.all(pc.fill_null(flags, False)).as_py() is not False)  # noqa: FBT003 - a value


def _any(flags: pa.Array) -> bool:
    return bool(pc.any(pc.fill_null(flags, False)).as_py())  # noqa: FBT003 - a value
