"""The line that a person is typing: characters, caret, selection, what was erased."""

from dataclasses import dataclass, field
from typing import Final

from recorder.redaction.key_rows import Fate, Item

_MOST_SNAPSHOTS: Final = 8
CONTEXT_CHARS: Final = 160
"""Decided characters kept to the left of the open ones; a PEM header or card fits."""


@dataclass(slots=True, eq=False)
class Cell:
    """One character of the line; without an item when it was not typed just there."""

    char: str
    item: Item | None = None
    is_wall: bool = False
    """The caret does not pass: another field, another line."""

    @property
    def is_open(self) -> bool:
        """Whether its fate is to be decided."""
        return self.item is not None and self.item.is_open


@dataclass(slots=True)
class Line:
    """The line's state; every method edits it as the key of that name does."""

    cells: list[Cell] = field(default_factory=list)
    caret: int = 0
    anchor: int | None = None
    extras: list[Item] = field(default_factory=list)
    """Open items that are no character: erased ones, editing keys, shift."""
    snapshots: list[list[Cell]] = field(default_factory=list)
    """The line before each run of erasing, so that an erased value is seen too."""
    forgotten: Fate | None = None
    """Whether rows tell of the characters that were left of all these; None: there were none."""
    is_crowded: bool = False
    """More was erased than snapshots are kept: then all that was edited is left out."""
    _erasing: bool = False

    @property
    def text(self) -> str:
        """The characters from left to right, context included."""
        return "".join(cell.char for cell in self.cells)

    @property
    def open_items(self) -> list[Item]:
        """Everything that is still held back, in no particular order."""
        typed = [c.item for c in self.cells if c.item is not None and c.item.is_open]
        return typed + [item for item in self.extras if item.is_open]

    def insert(self, char: str, item: Item) -> None:
        """Type a character over the selection, at the caret."""
        self.drop_selection()
        self._erasing = False
        self.cells.insert(self.caret, Cell(char, item))
        self.caret += 1

    def wall(self, char: str) -> None:
        """End the line here: what comes is another line or field; keep some context."""
        self.forgotten = None
        self.cells.append(Cell(char, None, is_wall=True))
        self.caret, self.anchor, self._erasing = len(self.cells), None, False

    def backspace(self, *, by_word: bool) -> Fate:
        """Erase the selection, else to the left of the caret; gives the key's fate."""
        if (erased := self.drop_selection()) is None:
            erased = self._erase(self._word_left() if by_word else self.caret - 1, self.caret)
        if not erased and not self.caret and self.forgotten is not None:
            return self.forgotten
        return _eraser(erased)

    def delete(self, *, by_word: bool) -> Fate:
        """Erase the selection, else to the right of the caret; gives the key's fate."""
        if (erased := self.drop_selection()) is None:
            erased = self._erase(self.caret, self._word_right() if by_word else self.caret + 1)
        return _eraser(erased)

    def drop_selection(self) -> list[Cell] | None:
        """Erase what is selected and give it; None when nothing is."""
        if self.anchor is None or self.anchor == self.caret:
            self.anchor = None
            return None
        start, end = sorted((self.anchor, self.caret))
        self.anchor = None
        return self._erase(start, end)

    def move(self, name: str, *, by_word: bool, select: bool) -> None:
        """Move the caret: left, right, home, end; `select` keeps the other end."""
        self._erasing = False
        if not select and self.anchor not in {None, self.caret} and name in {"left", "right"}:
            ends = sorted((self.anchor or 0, self.caret))
            self.caret, self.anchor = ends[0 if name == "left" else 1], None
            return
        self.anchor = (self.caret if self.anchor is None else self.anchor) if select else None
        self.caret = self._target(name, by_word=by_word)

    def leaves(self, name: str, *, by_word: bool) -> bool:
        """Tell whether a key takes the caret to where nothing is known: another line."""
        floor = self._floor()
        below_a_line = floor > 0 and self.cells[floor - 1].char == "\n"
        if name in {"home", "end"}:
            return by_word and below_a_line
        is_back = name == "left" or (name == "backspace" and self.anchor in {None, self.caret})
        return is_back and self.caret == floor and (below_a_line or name == "left")

    def select_all(self) -> None:
        """Select everything right of the last wall."""
        self._erasing = False
        self.anchor, self.caret = self._floor(), len(self.cells)

    def trim(self) -> None:
        """Forget decided characters far to the left, and what was decided of the rest."""
        self.extras = [item for item in self.extras if item.is_open]
        if not self.extras:
            self.snapshots, self.is_crowded = [], False
        first_open = next((i for i, c in enumerate(self.cells) if c.is_open), len(self.cells))
        cut = max(0, min(first_open, len(self.cells) - CONTEXT_CHARS))
        if cut:
            is_told = self.forgotten is not Fate.GONE and all(map(_is_told, self.cells[:cut]))
            self.forgotten = Fate.CLASS if is_told else Fate.GONE
            del self.cells[:cut]
            self.caret = max(0, self.caret - cut)
            self.anchor = None if self.anchor is None else max(0, self.anchor - cut)

    def _target(self, name: str, *, by_word: bool) -> int:
        if name == "home":
            return self._floor()
        if name == "end":
            return len(self.cells)
        if name == "left":
            return self._word_left() if by_word else max(self._floor(), self.caret - 1)
        return self._word_right() if by_word else min(len(self.cells), self.caret + 1)

    def _erase(self, start: int, end: int) -> list[Cell]:
        start, end = max(start, self._floor()), min(end, len(self.cells))
        if start >= end:
            return []
        if not self._erasing:
            self._snapshot()
        self._erasing = True
        erased = self.cells[start:end]
        self.extras += [cell.item for cell in erased if cell.item is not None and cell.is_open]
        del self.cells[start:end]
        self.caret = start
        return erased

    def _snapshot(self) -> None:
        if len(self.snapshots) >= _MOST_SNAPSHOTS:
            self.is_crowded = True
        else:
            self.snapshots.append(list(self.cells))

    def _floor(self) -> int:
        """Give the first place right of the last wall: the caret stays there."""
        for at in range(len(self.cells) - 1, -1, -1):
            if self.cells[at].is_wall:
                return at + 1
        return 0

    def _word_left(self) -> int:
        at, floor = self.caret, self._floor()
        while at > floor and not self.cells[at - 1].char.isalnum():
            at -= 1
        while at > floor and self.cells[at - 1].char.isalnum():
            at -= 1
        return at

    def _word_right(self) -> int:
        at = self.caret
        while at < len(self.cells) and self.cells[at].char.isalnum():
            at += 1
        while at < len(self.cells) and not self.cells[at].char.isalnum():
            at += 1
        return at


def _eraser(erased: list[Cell]) -> Fate:
    """Give the fate of a key that erased these: open, or a row for what has one, or none.

    So a value that was masked costs one key to erase, whatever its length.
    """
    if not erased or any(cell.is_open for cell in erased):
        return Fate.OPEN
    return Fate.CLASS if any(map(_is_told, erased)) else Fate.GONE


def _is_told(cell: Cell) -> bool:
    """Tell whether a row stands for a decided character."""
    return cell.item is None or cell.item.settled is not Fate.GONE


def settle(items: list[Item], fate: Fate) -> None:
    """Decide the items that are still open."""
    for item in items:
        if item.is_open:
            item.fate = fate
