"""Keys and buttons that are down in what was let through, so that none stays stuck. Pure."""

from dataclasses import replace
from typing import Final

from recorder.core.events import EventRow, Kind, RawEvent
from recorder.core.scoped import ScopedEvent

_PairKey = tuple[int, str, str]
MAX_HELD: Final = 256


class Held:
    """Pairs presses with releases: a release goes out only for a press that did.

    So nothing tells of a key that was left out, and each press has one release.
    """

    def __init__(self) -> None:
        self._keys: dict[_PairKey, ScopedEvent] = {}
        self._buttons: dict[str, EventRow] = {}

    def holds_key(self, event: RawEvent) -> bool:
        """Tell whether the key's press went out and its release did not."""
        return _pair_key(event) in self._keys

    def press_key(self, event: RawEvent, let_through: ScopedEvent) -> None:
        """Remember a press that goes out; beyond 256 held keys the press stays unpaired."""
        if len(self._keys) < MAX_HELD:
            self._keys[_pair_key(event)] = let_through

    def release_key(self, event: RawEvent, t_ns: int) -> ScopedEvent | None:
        """Give the release of a press that went out, None for another."""
        pressed = self._keys.pop(_pair_key(event), None)
        return None if pressed is None else _key_up(pressed, t_ns)

    def press_button(self, row: EventRow) -> None:
        """Remember a button press that goes out."""
        if row.button is not None:
            self._buttons[row.button] = row

    def moved(self, row: EventRow) -> None:
        """Remember where the pointer last was in scope, for releases out of scope."""
        for button, pressed in self._buttons.items():
            self._buttons[button] = replace(
                pressed, x=row.x, y=row.y, monitor_id=row.monitor_id, window_seq=row.window_seq
            )

    def release_button(self, button: str, t_ns: int) -> EventRow | None:
        """Give the release of a press that went out, at its last place in scope."""
        pressed = self._buttons.pop(button, None)
        return None if pressed is None else _button_up(pressed, t_ns)

    def release_all(self, t_ns: int) -> list[ScopedEvent]:
        """Give the releases of everything held: what follows is not let through."""
        keys, self._keys = self._keys, {}
        buttons, self._buttons = self._buttons, {}
        return [
            *(_key_up(pressed, t_ns) for pressed in keys.values()),
            *(ScopedEvent(_button_up(pressed, t_ns)) for pressed in buttons.values()),
        ]


def _pair_key(event: RawEvent) -> _PairKey:
    return (event.keycode, "", "") if event.keycode else (0, event.key, event.char)


def _key_up(pressed: ScopedEvent, t_ns: int) -> ScopedEvent:
    row = replace(pressed.row, t_ns=t_ns, kind=Kind.KEY_UP, is_repeat=False, frame_id=None)
    return replace(pressed, row=row)


def _button_up(pressed: EventRow, t_ns: int) -> EventRow:
    return replace(pressed, t_ns=t_ns, kind=Kind.BUTTON_UP, frame_id=None)
