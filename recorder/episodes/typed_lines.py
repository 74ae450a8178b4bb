"""Typed segments of a stored episode: contiguous key rows, and the text that they hold."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.events import SHORTCUT_MODS, KeyClass, Kind, Mods
from recorder.episodes.columns import column
from recorder.episodes.marking import parts_of, read_part
from recorder.episodes.reader import Episode
from recorder.episodes.table_files import DamagedFile

PAUSE_NS: Final = 2_000_000_000
"""A pause that ends a segment, as in redaction of typed text."""
TYPED_COLUMNS: Final = (
    "seq", "t_ns", "kind", "key", "key_class", "mods", "entity",
)  # fmt: skip
_ENDING: Final = frozenset(map(str, (
    Kind.BUTTON_DOWN, Kind.SECURE_BEGIN, Kind.EXCLUDED_BEGIN, Kind.PAUSE, Kind.REMOVED, Kind.GAP,
)))  # fmt: skip
_DOWN: Final = str(Kind.KEY_DOWN)
_DECIDING: Final = column([*_ENDING, _DOWN, str(Kind.KEY_UP)], pa.string())
_TYPED: Final = frozenset({str(KeyClass.CHAR), str(KeyClass.SPACE)})
_LAST: Final = frozenset({str(KeyClass.ENTER), str(KeyClass.TAB)})
_SPACE: Final = str(KeyClass.SPACE)
_BACKSPACE: Final = str(KeyClass.BACKSPACE)
_COMMAND: Final = int(SHORTCUT_MODS)
_ALTGR: Final = int(Mods.ALTGR)
_Row = tuple[int, int, str, str | None, str | None, int | None, str | None]
"""As `TYPED_COLUMNS`; plain words and numbers, of which there are many."""


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
        if row[2] != _DOWN:
            return
        shown = _shown(row)
        if shown is None:
            del self.text[-1:]
        else:
            self.text.append(shown)
        self.marks += [row[6]] if row[6] else []

    def closed(self) -> TypedLine:
        """Give it as it stands."""
        return TypedLine(
            self.first_seq, self.last_seq, self.start_ns, self.end_ns, "".join(self.text),
            tuple(dict.fromkeys(self.marks)), self.keys,
        )  # fmt: skip


def typed_lines(episode: Episode) -> Iterator[TypedLine]:
    """Give the typed segments, by time. Files that cannot be read are left out."""
    lines = LineMaker()
    for part in parts_of(episode, "events"):
        with suppress(DamagedFile):
            yield from lines.feed(read_part(episode, part, TYPED_COLUMNS))
    yield from lines.end()


class LineMaker:
    """Makes typed segments of rows of events that come in order, table by table."""

    def __init__(self) -> None:
        self._line: _Open | None = None

    def feed(self, rows: pa.Table) -> Iterator[TypedLine]:
        """Give the segments that end within the rows; columns as `TYPED_COLUMNS`."""
        few = rows.filter(pc.is_in(rows.column("kind"), value_set=_DECIDING))
        columns = (few.column(name).to_pylist() for name in TYPED_COLUMNS)
        for row in zip(*columns, strict=True):
            line = self._line
            if line is not None and (row[2] in _ENDING or row[1] - line.end_ns > PAUSE_NS):
                yield from self.end()
                line = None
            is_press = row[2] == _DOWN
            if line is None:
                if not is_press:
                    continue
                line = self._line = _Open(row[0], row[0], row[1], row[1], [], [])
            line.add(row)
            if is_press and row[4] in _LAST:
                yield from self.end()

    def end(self) -> Iterator[TypedLine]:
        """Give the segment that is still open."""
        if self._line is not None:
            yield self._line.closed()
            self._line = None


def _shown(row: _Row) -> str | None:
    """Give what a pressed key adds to the text; None takes the last character away."""
    key, key_class, mods, entity = row[3:]
    if entity is not None:
        return f"<{entity}>"
    if key_class == _BACKSPACE:
        return None
    if key_class not in _TYPED or (mods and mods & _COMMAND and not mods & _ALTGR):
        return ""
    if key_class == _SPACE:
        return " "
    return "·" if key is None else key
