"""Keys as pynput reports them, as characters and names; pairs, repeats and modifiers.

pynput gives no physical key, no modifiers and no repeats on every platform: they are
followed here. Pure but for the shape of pynput's objects.
"""

from dataclasses import dataclass, field
from typing import Final, Protocol

from recorder.capture.platforms.x11_keysyms import class_of
from recorder.core.events import KeyClass, Mods, RawEvent, RawKind
from recorder.core.wire import KEY_NAMES

_SIDES: Final = {"alt": "alt_l", "ctrl": "ctrl_l", "shift": "shift_l", "cmd": "cmd_l"}
"""On X11 and macOS the left key and the general one are one member, named generally."""
_MODS: Final = {
    "shift_l": Mods.SHIFT, "shift_r": Mods.SHIFT, "ctrl_l": Mods.CTRL, "ctrl_r": Mods.CTRL,
    "alt_l": Mods.ALT, "alt_r": Mods.ALT, "alt_gr": Mods.ALTGR, "cmd_l": Mods.SUPER,
    "cmd_r": Mods.SUPER,
}  # fmt: skip
_MAX_CODES: Final = 60_000
"""Key codes cross the pipe as 16 bits."""


class _DeadKey(Protocol):
    def join(self, key: object) -> object:
        """Give the key of a dead key and a letter; ValueError when there is none."""


@dataclass(frozen=True, slots=True)
class PressedKey:
    """What a key gave when it went down."""

    char: str = field(repr=False)
    key: str = field(repr=False)
    keycode: int = field(repr=False)


class KeyFollower:
    """Turns pynput's presses and releases into raw events."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._held: dict[str, PressedKey] = {}
        self._dead: _DeadKey | None = None

    @property
    def mods(self) -> Mods:
        """Modifiers held now."""
        held = Mods.NONE
        for pressed in self._held.values():
            held |= _MODS.get(pressed.key, Mods.NONE)
        return held

    def press(self, key: object, t_ns: int, place: tuple[int, int]) -> RawEvent:
        """Give the event of a press; `key` is a Key, a KeyCode or None."""
        char, name = self._read(key)
        identity = name or char.lower()
        mods, is_repeat = self.mods, identity in self._held
        pressed = PressedKey(char, name, self._code(identity))
        self._held[identity] = pressed
        return _event(RawKind.KEY_DOWN, pressed, (t_ns, *place), mods, is_repeat=is_repeat)

    def release(self, key: object, t_ns: int, place: tuple[int, int]) -> RawEvent:
        """Give the event of a release; it names what the press gave."""
        char, name = _plain(key)
        identity = name or char.lower()
        mods = self.mods
        pressed = self._held.pop(identity, None) or self._oldest_printing(identity)
        if pressed is None:
            pressed = PressedKey(char, name, self._code(identity))
        return _event(RawKind.KEY_UP, pressed, (t_ns, *place), mods, is_repeat=False)

    def _read(self, key: object) -> tuple[str, str]:
        char, name = _plain(key)
        if name == "dead":
            self._dead = key  # type: ignore[assignment]  # a dead KeyCode can join
        elif self._dead is not None and char:
            dead, self._dead = self._dead, None
            return _join(dead, key)
        elif class_of(name) is not KeyClass.MODIFIER:
            self._dead = None
        return char, name

    def _oldest_printing(self, identity: str) -> PressedKey | None:
        """Give the press behind a release that has another character: shift went first."""
        if identity in KEY_NAMES and identity != "unknown":
            return None
        for held, pressed in self._held.items():
            if class_of(pressed.key) is KeyClass.CHAR:
                return self._held.pop(held)
        return None

    def _code(self, identity: str) -> int:
        if len(self._codes) >= _MAX_CODES:
            self._codes.clear()
        return self._codes.setdefault(identity, len(self._codes) + 1)


def _plain(key: object) -> tuple[str, str]:
    """Give character and name; "unknown" for what pynput cannot tell."""
    name = getattr(key, "name", None)
    if name is not None:
        name = _SIDES.get(name, name)
        return (" ", name) if name == "space" else ("", name if name in KEY_NAMES else "unknown")
    if getattr(key, "is_dead", False):
        return "", "dead"
    char = getattr(key, "char", None)
    if isinstance(char, str) and len(char) == 1 and char.isprintable():
        return char, ""
    return "", "unknown"


def _join(dead: _DeadKey, key: object) -> tuple[str, str]:
    try:
        return _plain(dead.join(key))
    except ValueError:
        return "", "unknown"


def _event(
    kind: RawKind, pressed: PressedKey, at: tuple[int, int, int], mods: Mods, *, is_repeat: bool
) -> RawEvent:
    t_ns, x, y = at
    key_class = KeyClass.CHAR if pressed.key == "unknown" else class_of(pressed.key)
    return RawEvent(
        t_ns, kind, x, y, char=pressed.char, key=pressed.key, key_class=key_class, mods=mods,
        is_repeat=is_repeat, keycode=pressed.keycode,
    )  # fmt: skip
