"""Typed segments of a stored episode: contiguous key rows, and the text that they hold."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.events import SHORTCUT_MODS, KeyClass, Kind, Mods, Redaction
from recorder.episodes.marking import parts_of, read_part
from recorder.episodes.reader import Episode
from recorder.episodes.table_files import DamagedFile

PAUSE_NS: Final = 2_000_000_000
"""A pause that ends a segment, as in redaction of typed text."""
_COLUMNS: Final = ("seq", "t_ns", "kind", "key", "key_class", "mods", "redaction", "entity")
_ENDING: Final = frozenset({
    Kind.BUTTON_DOWN, Kind.SECURE_BEGIN, Kind.EXCLUDED_BEGIN, Kind.PAUSE, Kind.REMOVED, Kind.GAP,
})  # fmt: skip
_TYPED: Final = frozenset({KeyClass.CHAR, KeyClass.SPACE})


_Row = tuple[int, int, str, str | None, str | None, int | None, str, str | None]
"""As `_COLUMNS`."""


@dataclass(frozen=True, slots=True)
class TypedLine:
    """Key rows from the first to the last number, without a pause or click between.

    Attributes:
        text: Characters as stored, `<EMAIL_1>` for a masked value, `·` for a key of which
            only the class is stored.
        marks: Entities in it, such as EMAIL_1.
        keys: Key rows.
    """

    first_seq: int
    last_seq: int
    start_ns: int
    end_ns: int
    text: str = field(repr=False)
    marks: tuple[str, ...]
    keys: int


@dataclass(slots=True)
class _Open:
    """The segment that grows."""

    first_seq: int
    last_seq: int
    start_ns: int
    end_ns: int
    text: list[str]
    marks: list[str]
    keys: int = 0

    def add(self, row: _Row) -> None:
        """Take a key row."""
        self.last_seq, self.end_ns = row[0], row[1]
        self.keys += 1
        if row[2] != Kind.KEY_DOWN:
            return
        shown = _shown(row)
        if shown is None:
            del self.text[-1:]
        else:
            self.text.append(shown)
        self.marks += [row[7]] if row[7] else []

    def closed(self) -> TypedLine:
        """Give it as it stands."""
        return TypedLine(
            self.first_seq, self.last_seq, self.start_ns, self.end_ns, "".join(self.text),
            tuple(dict.fromkeys(self.marks)), self.keys,
        )  # fmt: skip


def typed_lines(episode: Episode) -> Iterator[TypedLine]:
    """Give the typed segments, by time. Files that cannot be read are left out."""
    line: _Open | None = None
    for row in _deciding(episode):
        seq, t_ns, kind, key_class = row[0], row[1], row[2], row[4]
        is_key = kind in {Kind.KEY_DOWN, Kind.KEY_UP}
        if line is not None and (not is_key or t_ns - line.end_ns > PAUSE_NS):
            yield line.closed()
            line = None
        if line is None and kind == Kind.KEY_DOWN:
            line = _Open(seq, seq, t_ns, t_ns, [], [])
        if line is not None:
            line.add(row)
            if kind == Kind.KEY_DOWN and key_class in {KeyClass.ENTER, KeyClass.TAB}:
                yield line.closed()
                line = None
    if line is not None:
        yield line.closed()


def _deciding(episode: Episode) -> Iterator[_Row]:
    """Give the rows that make or end a segment, by time; most rows are moves."""
    wanted = pa.array([*map(str, _ENDING), Kind.KEY_DOWN.value, Kind.KEY_UP.value])
    for part in parts_of(episode, "events"):
        with suppress(DamagedFile):
            rows = read_part(episode, part, _COLUMNS)
            few = rows.filter(pc.is_in(rows.column("kind"), value_set=wanted))
            yield from zip(*(few.column(name).to_pylist() for name in _COLUMNS), strict=True)


def _shown(row: _Row) -> str | None:
    """Give what a pressed key adds to the text; None takes the last character away."""
    key, key_class, mods, redaction, entity = row[3:]
    held = Mods(mods or 0)
    if redaction == Redaction.MASKED:
        return f"<{entity or '?'}>"
    if key_class == KeyClass.BACKSPACE:
        return None
    if key_class not in _TYPED or (held & SHORTCUT_MODS and not held & Mods.ALTGR):
        return ""
    if key_class == KeyClass.SPACE:
        return " "
    return "·" if key is None else key
