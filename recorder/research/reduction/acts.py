"""One action as the vendors' formats need it; where its pixels or shares count is their matter."""

from functools import cache
from typing import Final, NamedTuple

from recorder.core.events import Mods

Point = tuple[float, float]

MOD_NAMES: Final = {
    Mods.CTRL: "ctrl",
    Mods.ALT: "alt",
    Mods.SHIFT: "shift",
    Mods.SUPER: "super",
    Mods.ALTGR: "altgr",
}
"""In the order in which `keys` names them."""
_SIDES: Final = {"_l": "", "_r": "", "_gr": "gr"}


class Act(NamedTuple):
    """What a step does. `keys`: modifiers first; of clicks and scrolls modifiers only."""

    action_type: str
    button: str | None
    clicks: int | None
    text: str | None
    keys: list[str] | None
    scroll_dx: float | None
    scroll_dy: float | None
    duration_ms: int
    start: Point | None
    end: Point | None
    path: list[Point] | None = None


@cache
def mod_names(mods: int) -> tuple[str, ...]:
    """Give the names of the modifiers held."""
    return tuple(name for bit, name in MOD_NAMES.items() if mods & bit)


def plain_name(key: str) -> str:
    """Give a key's name without its side: ctrl for ctrl_l, altgr for alt_gr."""
    for ending, instead in _SIDES.items():
        if key.endswith(ending) and key.removesuffix(ending) in {"ctrl", "alt", "shift", "cmd"}:
            return key.removesuffix(ending) + instead
    return key
