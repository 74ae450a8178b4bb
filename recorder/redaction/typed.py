"""Typed text: rebuilt into lines, held back until a line's values are known, then released.

Nothing of a segment is released before it ends (enter, tab, another field, click, two
seconds without a key, 256 characters), and nothing later than ten seconds after its key.
Pure: times come with the events and the calls.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from recorder.core.events import POINTER_KINDS, EventRow, Kind, Mods, Redaction
from recorder.core.levels import KeyboardLevel
from recorder.core.proofs import Redacted, vouch
from recorder.core.scenes import Field
from recorder.core.scoped import ScopedEvent
from recorder.redaction.entities import EntityBook
from recorder.redaction.key_rows import (
    CASE_KEYS,
    MODIFIERS,
    Fate,
    Item,
    is_shortcut,
    prints,
    row_of,
    typed_char,
)
from recorder.redaction.open_tail import How
from recorder.redaction.segments import SegmentJudge
from recorder.redaction.text import RedactionFailed, TextRedactor
from recorder.redaction.typing_line import Line, settle

_IDLE_NS: Final = 2_000_000_000
_HOLD_NS: Final = 9_000_000_000
"""Ten seconds less the second that intake and the caller's round may take."""
_BATCH_NS: Final = 2_000_000_000
"""What is due within this time is decided with what is due now."""
_SEGMENT_CHARS: Final = 256

_MOVES: Final = frozenset({"left", "right", "home", "end"})
_UNDO: Final = frozenset({"z", "y"})
"""These change what was typed before; other commands only what comes after."""
_QUIET: Final = frozenset({Kind.MOVE, Kind.BUTTON_UP, Kind.SCROLL})


class TypedRedactor:
    """Turns scoped events into rows that may be stored. Used by one thread.

    Args:
        text: The rules.
        book: Numbers of this episode's values.
    """

    def __init__(self, text: TextRedactor, book: EntityBook) -> None:
        self._text = text
        self._book = book
        self._judge = SegmentJudge(text, book)
        self._queue: deque[Item] = deque()
        self._held: dict[int, Item] = {}
        self._line = Line()
        self._place: tuple[int, int | None] | None = None
        self._is_lost = False
        self._was_clicked: int | None = None
        self._was_tabbed = False
        self._last_key_ns = 0
        self._paused_at_ns = 0
        self._last_row_ns = 0
        self._orphan_frame: int | None = None

    def feed(self, events: Sequence[ScopedEvent]) -> None:
        """Take events in order of time."""
        for event in events:
            item = Item(event)
            self._queue.append(item)
            if event.row.kind is Kind.KEY_DOWN:
                self._press(item)
            elif event.row.kind is Kind.KEY_UP:
                self._lift(item)
            else:
                item.fate = Fate.AS_IS
                self._other(event)

    def release(self, now_ns: int) -> list[Redacted[EventRow]]:
        """Give the rows that are decided, in order of time; those behind held text wait.

        Args:
            now_ns: Absolute monotonic.
        """
        is_idle = now_ns - self._last_key_ns >= _IDLE_NS
        if is_idle and self._paused_at_ns != self._last_key_ns:
            self._paused_at_ns = self._last_key_ns
            self._end(How.PAUSE, now_ns)
        if any(now_ns - item.t_ns >= _HOLD_NS for item in self._line.open_items):
            self._end(How.PAUSE, now_ns + _BATCH_NS)
        return list(self._ready())

    def flush(self, now_ns: int) -> list[Redacted[EventRow]]:
        """End every segment and give all rows that are left."""
        self._end(How.FLUSH, now_ns)
        return list(self._ready())

    def _press(self, item: Item) -> None:
        event = item.event
        self._held[event.keycode] = item
        if event.level is KeyboardLevel.OFF or event.field is Field.SECURE:
            item.fate = Fate.GONE
        elif event.level is not KeyboardLevel.TEXT or event.field is not Field.PLAIN:
            self._end(How.FIELD, item.t_ns)
            self._place, self._is_lost = _place_of(event), True
            item.fate = _class_of(item)
        elif event.key in MODIFIERS - CASE_KEYS:
            item.fate = Fate.AS_IS
        else:
            self._enter_place(event)
            if item.t_ns - self._last_key_ns >= _IDLE_NS:
                self._end(How.PAUSE, item.t_ns)
            self._last_key_ns = item.t_ns
            self._type(item)

    def _enter_place(self, event: ScopedEvent) -> None:
        """Notice another field or window, and a caret that was set by hand."""
        place = _place_of(event)
        if place != self._place:
            self._end(How.FIELD, event.row.t_ns)
            self._line.wall(" ")
            self._is_lost = False
        elif self._was_tabbed or self._was_clicked == event.field_id:
            self._lose(event.row.t_ns)
        self._place = place
        self._was_tabbed, self._was_clicked = False, None

    def _type(self, item: Item) -> None:
        event = item.event
        if event.key == "enter" and not is_shortcut(event):
            self._end(How.ENTER, item.t_ns)
            self._line.wall("\n")
            self._is_lost, item.fate = False, Fate.AS_IS
        elif event.key in {"tab", "esc"}:
            self._end(How.FIELD, item.t_ns)
            item.fate, self._was_tabbed = Fate.AS_IS, True
        elif event.key.startswith("media_"):
            item.fate = Fate.AS_IS
        elif event.key in CASE_KEYS or event.key == "dead" or prints(event):
            self._print(item)
        else:
            self._edit(item)

    def _print(self, item: Item) -> None:
        if self._is_lost:
            item.fate = _class_of(item)
        elif not prints(item.event):
            self._line.extras.append(item)
        else:
            self._line.insert(typed_char(item.event), item)
            for grace_ns in (0, _HOLD_NS):  # at last one endless word is decided too
                if len(self._line.open_items) >= _SEGMENT_CHARS:
                    self._end(How.PAUSE, item.t_ns + grace_ns)

    def _edit(self, item: Item) -> None:
        """Follow a key that edits the line; lose the caret where that cannot be done."""
        event, mods = item.event, Mods(item.event.row.mods or 0)
        by_word, select = bool(mods & Mods.CTRL), bool(mods & Mods.SHIFT)
        known = not mods & (Mods.ALT | Mods.SUPER) and not self._line.leaves(
            event.key, by_word=by_word
        )
        if known and event.key in _MOVES:
            self._line.move(event.key, by_word=by_word, select=select)
        elif known and event.key == "backspace":
            item.fate = self._line.backspace(by_word=by_word)
        elif known and event.key == "delete":
            item.fate = self._line.delete(by_word=by_word)
        elif mods == Mods.CTRL and event.char.lower() == "a":
            self._line.select_all()
        else:
            command = is_shortcut(event)
            self._lose(item.t_ns, all_class=not command or event.char.lower() in _UNDO)
            item.fate = Fate.AS_IS if command else Fate.CLASS
            return
        if self._is_lost:
            item.fate = Fate.CLASS
        elif item.is_open:
            self._line.extras.append(item)

    def _lift(self, item: Item) -> None:
        event = item.event
        item.press = self._held.pop(event.keycode, None)
        if item.press is None:
            hidden = event.level is KeyboardLevel.OFF or event.field is Field.SECURE
            item.fate = Fate.GONE if hidden or event.char else _class_of(item)

    def _other(self, event: ScopedEvent) -> None:
        """Notice what ends a segment besides keys."""
        kind = event.row.kind
        if kind in _QUIET:
            return
        self._end(How.FIELD, event.row.t_ns)
        if kind is Kind.BUTTON_DOWN:
            self._was_clicked = event.field_id
        elif kind not in POINTER_KINDS:
            self._lose(event.row.t_ns)

    def _lose(self, now_ns: int, *, all_class: bool = False) -> None:
        """Give up the caret: what is typed here falls to class until a new line or field."""
        if all_class:
            settle(self._line.open_items, Fate.CLASS)
        self._end(How.LOST, now_ns)
        self._line.wall("\n")
        self._is_lost = True

    def _end(self, how: How, now_ns: int) -> None:
        self._judge.decide(self._line, how, now_ns - _HOLD_NS)
        self._line.trim()

    def _ready(self) -> Iterable[Redacted[EventRow]]:
        while self._queue and not self._queue[0].is_open:
            item = self._queue.popleft()
            row = row_of(item)
            if row is None:
                if item.event.row.frame_id is not None:
                    self._orphan_frame = item.event.row.frame_id
            else:
                yield vouch(self._finished(row))

    def _finished(self, row: EventRow) -> EventRow:
        """Give the row in its place in time, with a frame whose own row vanished."""
        t_ns = max(row.t_ns, self._last_row_ns)
        self._last_row_ns = t_ns
        frame_id = row.frame_id
        if row.kind is Kind.KEY_DOWN and frame_id is None and row.redaction is Redaction.MASKED:
            frame_id, self._orphan_frame = self._orphan_frame, None
        if row.kind is Kind.KEY_DOWN and row.frame_id is not None:
            self._orphan_frame = None
        return replace(row, t_ns=t_ns, frame_id=frame_id, target_name=self._target(row))

    def _target(self, row: EventRow) -> str | None:
        if row.target_name is None:
            return None
        try:
            return self._text.redact(row.target_name, self._book).text
        except RedactionFailed:
            return None


def _class_of(item: Item) -> Fate:
    """Give the fate of a key at level class; Shift and its like would tell capitals."""
    return Fate.GONE if item.event.key in CASE_KEYS else Fate.CLASS


def _place_of(event: ScopedEvent) -> tuple[int, int | None]:
    return event.field_id, event.row.window_seq
