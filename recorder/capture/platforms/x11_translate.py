"""Recorded X events as `RawEvent`s: characters, names, pairs, repeats, scroll steps."""

from typing import Final, NamedTuple, Protocol

from recorder.capture.platforms.x11_keysyms import (
    MULTI_KEY,
    Composer,
    character,
    class_of,
    key_name,
)
from recorder.capture.platforms.x11_wire import (
    BUTTON_PRESS,
    BUTTON_RELEASE,
    KEY_PRESS,
    KEY_RELEASE,
    CoreEvent,
)
from recorder.core.events import Button, KeyClass, Mods, RawEvent, RawKind

_SCROLL: Final = {4: (0.0, 1.0), 5: (0.0, -1.0), 6: (-1.0, 0.0), 7: (1.0, 0.0)}
"""Buttons 4 to 7 are scroll steps (dx, dy); up and right are positive, as pynput has it."""
_BUTTONS: Final = {int(button): button for button in Button}
_STALE_NS: Final = 3_000_000_000
"""A held key repeats within this time; a later press means that its release was lost."""


class KeyLookup(Protocol):
    """What the translation asks of the keyboard map."""

    def keysym(self, keycode: int, state: int) -> int:
        """Give the symbol of a key, 0 for none."""

    def mods(self, state: int) -> Mods:
        """Give the modifiers held."""


class _Pressed(NamedTuple):
    char: str
    key: str
    key_class: KeyClass
    t_ns: int


class Translator:
    """Turns recorded events into raw ones; remembers what each held key printed."""

    def __init__(self, keyboard: KeyLookup) -> None:
        self._keyboard = keyboard
        self._composer = Composer()
        self._held: dict[int, _Pressed] = {}

    @property
    def holds_keys(self) -> bool:
        """Whether a key that repeats is held."""
        return any(key.key_class is not KeyClass.MODIFIER for key in self._held.values())

    def translate(self, event: CoreEvent, t_ns: int) -> RawEvent | None:
        """Give the event, None for the release of a scroll button."""
        if event.kind == KEY_PRESS:
            return self._press(event, t_ns)
        if event.kind == KEY_RELEASE:
            return self._release(event, t_ns)
        if event.kind in (BUTTON_PRESS, BUTTON_RELEASE):
            return self._button(event, t_ns)
        return RawEvent(t_ns, RawKind.MOVE, event.x, event.y, mods=self._mods(event))

    def _press(self, event: CoreEvent, t_ns: int) -> RawEvent:
        before = self._held.get(event.detail)
        is_repeat = before is not None and t_ns - before.t_ns < _STALE_NS
        pressed = self._look_up(event, t_ns)
        self._held[event.detail] = pressed
        return self._key(event, RawKind.KEY_DOWN, pressed, is_repeat=is_repeat)

    def _release(self, event: CoreEvent, t_ns: int) -> RawEvent:
        pressed = self._held.pop(event.detail, None)
        if pressed is None:
            keysym = self._keyboard.keysym(event.detail, event.state)
            pressed = _plain(keysym, t_ns)
        return self._key(event, RawKind.KEY_UP, pressed._replace(t_ns=t_ns), is_repeat=False)

    def _look_up(self, event: CoreEvent, t_ns: int) -> _Pressed:
        keysym = self._keyboard.keysym(event.detail, event.state)
        plain = _plain(keysym, t_ns)
        if plain.key == "dead":
            char = self._composer.dead(keysym)
            return plain._replace(char=char, key="" if char else "dead")
        if keysym == MULTI_KEY:
            self._composer.compose()
            return plain
        if plain.char:
            return self._compose(plain)
        if plain.key_class is not KeyClass.MODIFIER:
            self._composer.interrupt()
        return plain

    def _compose(self, plain: _Pressed) -> _Pressed:
        char = self._composer.letter(plain.char)
        if char == plain.char:
            return plain
        return plain._replace(char=char, key="" if char else "unknown", key_class=KeyClass.CHAR)

    def _key(
        self, event: CoreEvent, kind: RawKind, pressed: _Pressed, *, is_repeat: bool
    ) -> RawEvent:
        return RawEvent(
            pressed.t_ns, kind, event.x, event.y, char=pressed.char, key=pressed.key,
            key_class=pressed.key_class, mods=self._mods(event), is_repeat=is_repeat,
            keycode=event.detail,
        )  # fmt: skip

    def _button(self, event: CoreEvent, t_ns: int) -> RawEvent | None:
        mods = self._mods(event)
        step = _SCROLL.get(event.detail)
        if step is None:
            kind = RawKind.BUTTON_DOWN if event.kind == BUTTON_PRESS else RawKind.BUTTON_UP
            button = _BUTTONS.get(event.detail, Button.UNKNOWN)
            return RawEvent(t_ns, kind, event.x, event.y, button, mods=mods)
        if event.kind == BUTTON_RELEASE:
            return None
        dx, dy = step
        return RawEvent(t_ns, RawKind.SCROLL, event.x, event.y, dx=dx, dy=dy, mods=mods)

    def _mods(self, event: CoreEvent) -> Mods:
        return self._keyboard.mods(event.state)


def _plain(keysym: int, t_ns: int) -> _Pressed:
    char = character(keysym)
    if char == " ":
        return _Pressed(char, "space", KeyClass.SPACE, t_ns)
    if char:
        return _Pressed(char, "", KeyClass.CHAR, t_ns)
    name = key_name(keysym)
    return _Pressed("", name, class_of(name), t_ns)
