"""Judges a segment of typing: which characters are text, class, part of a value, or wait."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from recorder.redaction.begun import doubtful_words
from recorder.redaction.entities import EntityBook
from recorder.redaction.key_rows import CASE_KEYS, Fate, Item
from recorder.redaction.learned_names import proven_names
from recorder.redaction.open_tail import (
    How,
    is_like_a_password,
    open_tail,
    phrase_start,
    word_at,
)
from recorder.redaction.text import RedactionFailed, Span, TextRedactor
from recorder.redaction.typing_line import Cell, Line, settle

_GROUPS: Final = re.compile(r"\d[\d \-]{4,62}\d")
_HOLDING: Final = frozenset({How.PAUSE, How.FIELD})
_DEAD: Final = "dead"
"""The name of every dead key."""


class SegmentJudge:
    """Decides the open items of a line when its segment ends."""

    def __init__(self, text: TextRedactor, book: EntityBook) -> None:
        self._text = text
        self._book = book

    def decide(self, line: Line, how: How, oldest_ns: int) -> None:
        """Decide what can be; the tail that may still become a value stays open.

        Args:
            line: Its items get their fates; its characters stay.
            how: Why the segment ends.
            oldest_ns: Items from before this time are decided in any case.
        """
        if not line.open_items:
            return
        if how is not How.PAUSE:  # a name is learned whole
            for name in proven_names(line.text):
                self._book.learn_name(name)
        try:
            spans = self._text.find(line.text, self._book.knows_name)
            erased = self._erased_values(line)
        except RedactionFailed:
            settle(line.open_items, Fate.CLASS)
            return
        tail = _tail(line, spans, how)
        hold_from = min(tail, phrase_start(line.text)) if how is How.PAUSE else tail
        held = _held([*line.cells[hold_from:], *_at_caret(line)], how, oldest_ns)
        masked = [span for span in spans if not _all_held(line.cells[span.start : span.end], held)]
        for span in masked:
            self._mask(line.cells[span.start : span.end], span)
        doubtful = _doubtful(line, how)
        is_plain = not held
        for at, cell in enumerate(line.cells):
            if cell.item is not None and cell.is_open and cell.item not in held:
                is_safe = at < tail and at not in doubtful and cell not in erased
                cell.item.fate = Fate.TEXT if is_safe else Fate.CLASS
                is_plain = is_plain and is_safe
        if masked or erased:
            settle(line.extras, Fate.GONE)
        _settle_extras(line, held, is_plain=is_plain, oldest_ns=oldest_ns)

    def _mask(self, cells: Iterable[Cell], span: Span) -> None:
        """Leave one row for the value: at its first key, unless an earlier part has it."""
        items = [cell.item for cell in cells if cell.item is not None]
        opened = sorted((item for item in items if item.is_open), key=lambda item: item.t_ns)
        has_row = any(item.fate is Fate.MASKED for item in items)
        settle(opened, Fate.GONE)
        if opened and not has_row:
            opened[0].fate = Fate.MASKED
            opened[0].entity = self._book.mark(span.kind, span.value)

    def _erased_values(self, line: Line) -> set[Cell]:
        """Give the characters that were part of a value before something was erased."""
        found = {cell for cell in line.cells if cell.is_open} if line.is_crowded else set()
        for cells in line.snapshots:
            text = "".join(cell.char for cell in cells)
            parts = [
                (span.start, span.end) for span in self._text.find(text, self._book.knows_name)
            ]
            for start, end in (*parts, (open_tail(text, How.ENTER), len(text))):
                part = cells[start:end]
                if any(cell.is_open for cell in part):
                    found.update(part)
        return found


def _doubtful(line: Line, how: How) -> set[int]:
    """Give the places of characters that are no text although they are no part of a value."""
    words = [*doubtful_words(line.text), *_across_fields(line), *_ends_of_fields(line)]
    if how is not How.ENTER:
        words.append(word_at(line.text, line.caret))
    return {at for start, end in words for at in range(start, end)}


def _across_fields(line: Line) -> Iterator[tuple[int, int]]:
    """Give groups of figures that go on in the next field, as those of a card or account do."""
    for match in _GROUPS.finditer(line.text):
        if any(cell.is_wall for cell in line.cells[match.start() : match.end()]):
            yield match.span()


def _ends_of_fields(line: Line) -> Iterator[tuple[int, int]]:
    """Give the last word of each field that was left, where it is mixed like a password."""
    text = line.text
    for at, cell in enumerate(line.cells):
        if cell.is_wall and cell.char == " ":
            start = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at)) + 1
            if is_like_a_password(text[start:at]):
                yield start, at


def _at_caret(line: Line) -> list[Cell]:
    start, end = word_at(line.text, line.caret)
    return line.cells[start:end]


def _tail(line: Line, spans: list[Span], how: How) -> int:
    tail = open_tail(line.text, how)
    end = len(line.text.rstrip())
    for span in reversed(spans):
        if how is How.PAUSE and span.end >= end:
            tail = min(tail, span.start)
        if span.start < tail < span.end:
            tail = span.start
    return tail


def _held(cells: Iterable[Cell], how: How, oldest_ns: int) -> set[Item]:
    if how not in _HOLDING:
        return set()
    items = [cell.item for cell in cells if cell.item is not None and cell.is_open]
    return {item for item in items if item.t_ns > oldest_ns}


def _all_held(cells: Iterable[Cell], held: set[Item]) -> bool:
    opened = [cell.item for cell in cells if cell.is_open]
    return bool(opened) and all(item in held for item in opened)


def _settle_extras(line: Line, held: set[Item], *, is_plain: bool, oldest_ns: int) -> None:
    """Decide erased characters and editing keys by class.

    Shift and its like leave a row beside plain text only: elsewhere they tell capitals. A dead
    key leaves none: the letter that it makes tells it, and as a class it would be a letter more.
    """
    due = [item for item in line.extras if not held or item.t_ns <= oldest_ns]
    gone = {_DEAD} if is_plain else {_DEAD, *CASE_KEYS}
    settle([item for item in due if item.event.key in gone], Fate.GONE)
    settle(due, Fate.CLASS)
