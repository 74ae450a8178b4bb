"""Input events: raw ones, which live in memory only, and rows, which may be stored."""

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag, StrEnum


class Kind(StrEnum):
    """What a row of `events` tells; the values are those of the files."""

    MOVE = "move"
    BUTTON_DOWN = "button_down"
    BUTTON_UP = "button_up"
    SCROLL = "scroll"
    KEY_DOWN = "key_down"
    KEY_UP = "key_up"
    SECURE_BEGIN = "secure_begin"
    SECURE_END = "secure_end"
    EXCLUDED_BEGIN = "excluded_begin"
    EXCLUDED_END = "excluded_end"
    PAUSE = "pause"
    RESUME = "resume"
    GAP = "gap"
    REMOVED = "removed"


POINTER_KINDS = frozenset({Kind.MOVE, Kind.BUTTON_DOWN, Kind.BUTTON_UP, Kind.SCROLL})
KEY_KINDS = frozenset({Kind.KEY_DOWN, Kind.KEY_UP})


class KeyClass(StrEnum):
    """What sort of key it is; letters and digits are not told apart."""

    CHAR = "char"
    SPACE = "space"
    ENTER = "enter"
    TAB = "tab"
    BACKSPACE = "backspace"
    NAVIGATION = "navigation"
    FUNCTION = "function"
    MODIFIER = "modifier"


class Mods(IntFlag):
    """Modifiers held, as stored in `mods`."""

    NONE = 0
    SHIFT = 1
    CTRL = 2
    ALT = 4
    SUPER = 8
    ALTGR = 16


SHORTCUT_MODS = Mods.CTRL | Mods.ALT | Mods.SUPER
"""With one of these held a printing key is a shortcut and stored by name."""


class Button(IntEnum):
    """Pointer buttons; the lower-case names are pynput's and those of the files."""

    NONE = 0
    LEFT = 1
    MIDDLE = 2
    RIGHT = 3
    BUTTON8 = 8
    BUTTON9 = 9
    UNKNOWN = 255


class RawKind(IntEnum):
    """What an input source reports."""

    MOVE = 1
    BUTTON_DOWN = 2
    BUTTON_UP = 3
    SCROLL = 4
    KEY_DOWN = 5
    KEY_UP = 6
    GAP = 7
    """Events that the platform lost; `count` says how many."""
    MAPPING = 8
    """The keyboard layout changed."""
    READY = 9
    """The hook is installed; sent once."""
    ALIVE = 10
    """Sent once a second while the source works."""
    OVERFLOW = 11
    """Events that a bounded queue refused; `count` says how many."""


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One event as the platform gave it. Lives in memory only, never in a file.

    Attributes:
        t_ns: Monotonic nanoseconds (CLOCK_MONOTONIC), absolute: comparable between
            processes of one machine.
        kind: What happened.
        x: Pointer, physical pixels of the virtual desktop.
        y: Pointer, physical pixels of the virtual desktop.
        button: Of button events.
        dx: Horizontal scroll steps.
        dy: Vertical scroll steps; positive is up (pynput's sign).
        char: The character a key gives, "" for a key that prints nothing. A dead key
            gives "" and the key that completes it gives the composed character.
        key: pynput's name of a non-text key ("enter", "ctrl_l"), "" for a text key.
            "dead" for a dead key, "unknown" where the platform cannot tell.
        key_class: Sort of key; None for pointer events.
        mods: Modifiers held before the event.
        is_repeat: Auto-repeat of a held key.
        keycode: Platform key code, for pairing press and release; 0 when unknown.
        count: Of `GAP` and `OVERFLOW`.
    """

    t_ns: int
    kind: RawKind
    x: int = 0
    y: int = 0
    button: Button = Button.NONE
    dx: float = 0.0
    dy: float = 0.0
    char: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    key_class: KeyClass | None = field(default=None, repr=False)
    mods: Mods = Mods.NONE
    is_repeat: bool = False
    keycode: int = field(default=0, repr=False)
    count: int = 0


class Redaction(StrEnum):
    """What redaction did to a row."""

    NONE = "none"
    CLASS = "class"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class EventRow:
    """One row of `events` without `episode_id` and `seq`, which the writer gives.

    `t_ns` is absolute monotonic here; the writer subtracts the episode's start.
    Fields and units as in the table's description; None where a field does not apply.
    """

    t_ns: int
    kind: Kind
    x: int | None = None
    y: int | None = None
    monitor_id: int | None = None
    button: str | None = None
    dx: float | None = None
    dy: float | None = None
    key: str | None = field(default=None, repr=False)
    key_class: KeyClass | None = field(default=None, repr=False)
    mods: int | None = None
    is_repeat: bool | None = None
    redaction: Redaction = Redaction.NONE
    entity: str | None = None
    reason: str | None = None
    count: int | None = None
    frame_id: int | None = None
    target_role: str | None = None
    target_name: str | None = field(default=None, repr=False)
    target_x: int | None = None
    target_y: int | None = None
    target_w: int | None = None
    target_h: int | None = None
    window_seq: int | None = None
