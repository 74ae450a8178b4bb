"""Rows for keys: as text, by class, or one row in place of a whole value."""

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from recorder.core.events import SHORTCUT_MODS, EventRow, KeyClass, Kind, Mods, Redaction
from recorder.core.scoped import ScopedEvent

GRID_NS: Final = 50_000_000
"""Times at level class stand on this grid: exact timing identifies the typist."""

MODIFIERS: Final = frozenset(
    {
        "shift", "shift_l", "shift_r", "ctrl", "ctrl_l", "ctrl_r", "alt", "alt_l", "alt_r",
        "alt_gr", "cmd", "cmd_l", "cmd_r", "caps_lock", "num_lock", "iso_group",
    }
)  # fmt: skip
CASE_KEYS: Final = frozenset(
    {"shift", "shift_l", "shift_r", "alt_gr", "caps_lock", "num_lock", "iso_group"}
)
"""Modifiers that are part of typing a character."""
_NAVIGATION: Final = frozenset(
    {
        "up", "down", "left", "right", "home", "end", "page_up", "page_down", "insert",
        "delete", "kp_begin",
    }
)  # fmt: skip
_BY_NAME: Final = {
    "space": KeyClass.SPACE,
    "enter": KeyClass.ENTER,
    "tab": KeyClass.TAB,
    "backspace": KeyClass.BACKSPACE,
}
_UNREADABLE: Final = frozenset({"", "dead", "unknown", "compose"})
_CASE_MODS: Final = Mods.SHIFT | Mods.ALTGR


class Fate(Enum):
    """What becomes of one event."""

    OPEN = "open"
    """Not decided: held back."""
    AS_IS = "as_is"
    """A row that holds no text: pointer, state, named key."""
    TEXT = "text"
    CLASS = "class"
    MASKED = "masked"
    """The one row of a value."""
    GONE = "gone"
    """Part of a value, or of the way to it: leaves no row."""


@dataclass(slots=True, eq=False)
class Item:
    """One event on its way through redaction. `entity` and `fate` are set once decided."""

    event: ScopedEvent
    fate: Fate = Fate.OPEN
    entity: str | None = None
    press: "Item | None" = field(default=None, repr=False)
    """Of a release: the press whose fate it shares."""

    @property
    def t_ns(self) -> int:
        """When it happened."""
        return self.event.row.t_ns

    @property
    def is_open(self) -> bool:
        """Whether it is still held back."""
        return self.settled is Fate.OPEN

    @property
    def settled(self) -> Fate:
        """The fate, a release's being that of its press."""
        if self.press is None:
            return self.fate
        return Fate.GONE if self.press.fate is Fate.MASKED else self.press.fate


def key_class(event: ScopedEvent) -> KeyClass:
    """Give the sort of key; letters and digits are not told apart."""
    if event.key in _BY_NAME or event.char == " ":
        return _BY_NAME.get(event.key, KeyClass.SPACE)
    if event.char or event.key in _UNREADABLE:
        return KeyClass.CHAR
    if event.key in MODIFIERS:
        return KeyClass.MODIFIER
    return KeyClass.NAVIGATION if event.key in _NAVIGATION else KeyClass.FUNCTION


def prints(event: ScopedEvent) -> bool:
    """Tell whether the key puts a character into a field."""
    if is_shortcut(event) or event.key in {"enter", "tab"}:
        return False
    return event.key == "space" or (len(event.char) == 1 and event.char.isprintable())


def is_shortcut(event: ScopedEvent) -> bool:
    """Tell whether a modifier makes the key a command; AltGr makes characters."""
    mods = Mods(event.row.mods or 0)
    return bool(mods & SHORTCUT_MODS) and not mods & Mods.ALTGR and event.key not in MODIFIERS


def typed_char(event: ScopedEvent) -> str:
    """Give the character of a printing key."""
    return event.char or " "


def row_of(item: Item) -> EventRow | None:
    """Give the row of a decided item, None when it leaves none."""
    fate, row = item.settled, item.event.row
    if fate is Fate.GONE:
        return None
    if row.kind not in {Kind.KEY_DOWN, Kind.KEY_UP}:
        return row
    if fate is Fate.MASKED:
        return _masked(row, item.entity)
    said = item.press.event if item.press else item.event  # a release says what its press said
    if fate is Fate.TEXT and prints(said):
        key = "space" if typed_char(said) == " " else said.char
        return replace(row, key=key, key_class=key_class(said), redaction=Redaction.NONE)
    return _named_or_class(row, said, exact=fate is Fate.AS_IS)


def _masked(row: EventRow, entity: str | None) -> EventRow:
    return EventRow(
        t_ns=floored(row.t_ns),
        kind=Kind.KEY_DOWN,
        key_class=KeyClass.CHAR,
        mods=0,
        is_repeat=False,
        redaction=Redaction.MASKED,
        entity=entity,
        frame_id=row.frame_id,
        window_seq=row.window_seq,
    )


def _named_or_class(row: EventRow, said: ScopedEvent, *, exact: bool) -> EventRow:
    """Give a row with the name of a key that is no text, else with its class alone."""
    row = row if exact else replace(row, t_ns=floored(row.t_ns))
    name, sort = _name(said), key_class(said)
    if name is not None:
        return replace(row, key=name, key_class=sort, redaction=Redaction.NONE)
    mods = Mods(row.mods or 0) & ~_CASE_MODS
    t_ns = floored(row.t_ns)
    return replace(
        row, t_ns=t_ns, key=None, key_class=sort, mods=int(mods), is_repeat=False,
        redaction=Redaction.CLASS,
    )  # fmt: skip


def _name(event: ScopedEvent) -> str | None:
    """Give the name that may be stored at every level, None for a key that is text."""
    if event.char == " " or event.key == "space":
        return "space"
    if event.char:
        by_code = event.char.isdigit() and event.row.mods == Mods.ALT  # Alt and digits type text
        return event.char.lower() if is_shortcut(event) and not by_code else None
    return None if event.key in _UNREADABLE else event.key


def floored(t_ns: int) -> int:
    """Give the time floored to the grid of class rows."""
    return t_ns - t_ns % GRID_NS
