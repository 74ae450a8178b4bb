"""Where actions begin: presses, first scrolls, first keys, shortcuts and enter. Pure."""

from typing import Final

from recorder.core.events import SHORTCUT_MODS, KeyClass, RawEvent, RawKind

SCROLL_PAUSE_NS: Final = 500_000_000
TYPING_PAUSE_NS: Final = 2_000_000_000
_ALONE: Final = frozenset({KeyClass.ENTER, KeyClass.FUNCTION})
"""Each press of one of these is an action of its own."""

Focus = tuple[int, int]
"""Focused window and field."""


class ActionStarts:
    """Tells for each event, in order, whether an action begins with it."""

    def __init__(self) -> None:
        self._scroll: tuple[int, float, float] | None = None
        self._typing: tuple[int, Focus] | None = None

    def begins(self, event: RawEvent, focus: Focus) -> bool:
        """Tell whether an action begins here; `focus` is what has it now."""
        match event.kind:
            case RawKind.BUTTON_DOWN:
                self._scroll = self._typing = None
                return True
            case RawKind.SCROLL:
                self._typing = None
                return self._scrolls(event)
            case RawKind.KEY_DOWN:
                return self._types(event, focus)
            case _:
                return False

    def _scrolls(self, event: RawEvent) -> bool:
        before, self._scroll = self._scroll, (event.t_ns, _sign(event.dx), _sign(event.dy))
        if before is None:
            return True
        t_ns, dx, dy = before
        return event.t_ns - t_ns > SCROLL_PAUSE_NS or (dx, dy) != self._scroll[1:]

    def _types(self, event: RawEvent, focus: Focus) -> bool:
        if event.key_class is KeyClass.MODIFIER:
            return False
        self._scroll = None
        if event.mods & SHORTCUT_MODS or event.key_class in _ALONE:
            self._typing = None
            return not event.is_repeat
        before, self._typing = self._typing, (event.t_ns, focus)
        if before is None:
            return True
        t_ns, focus_before = before
        return event.t_ns - t_ns > TYPING_PAUSE_NS or focus != focus_before


def _sign(steps: float) -> float:
    return (steps > 0) - (steps < 0)
