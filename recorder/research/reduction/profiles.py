"""The two sets of rules, and what the desktop of an episode was set to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from recorder.core.events import Mods

_MS: Final = 1_000_000
_SECOND_NS: Final = 1_000_000_000
_USUAL_DOUBLE_CLICK_MS: Final = 400
_USUAL_DRAG_PX: Final = 8
_DOUBLE_CLICK_PX: Final = 5
"""GTK's `gtk-double-click-time`, `gtk-dnd-drag-threshold` and `gtk-double-click-distance`."""


class Profile(StrEnum):
    """Whose rules turn events into actions."""

    RECORDER = "recorder"
    """Ours: the desktop's own click settings; typing and scrolling split where people pause."""
    AGENTNET = "agentnet"
    """Those of AgentNet's reducer (OpenCUA, https://arxiv.org/abs/2508.09123)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the manifest (`index.json` of a bundle) tells of an episode; None: not known."""

    double_click_ms: int | None = None
    drag_threshold_px: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of a profile.

    Attributes:
        drag_px: A release farther away than this makes a drag.
        is_round: Distances are straight lines; else the larger of both directions, as GTK's.
        multi_click_ns: Presses closer in time than this may be one double or triple click.
        multi_click_px: And closer on the screen than this.
        from_first: Both are counted from the first press, else from the one before.
        typing_pause_ns: A pause that splits typing; None for none. So does a change of focus.
        scroll_pause_ns: A pause that splits scrolling; None for none. So does a turn.
        acting_alone: Modifiers that do something when pressed for nothing else.
        keeps_path: Whether a drag says where it went.
    """

    drag_px: float
    is_round: bool
    multi_click_ns: int
    multi_click_px: float
    from_first: bool
    typing_pause_ns: int | None
    scroll_pause_ns: int | None
    acting_alone: Mods
    keeps_path: bool


def rules_of(profile: Profile, settings: Settings) -> Rules:
    """Give the numbers of a profile on the desktop of an episode."""
    if profile is Profile.AGENTNET:
        return Rules(
            drag_px=6, is_round=True, multi_click_ns=_SECOND_NS // 2, multi_click_px=4,
            from_first=True, typing_pause_ns=None, scroll_pause_ns=None,
            acting_alone=Mods.ALT, keeps_path=False,
        )  # fmt: skip
    double_click_ms, drag_px = settings.double_click_ms, settings.drag_threshold_px
    return Rules(
        drag_px=_USUAL_DRAG_PX if drag_px is None else drag_px,
        is_round=False,
        multi_click_ns=_MS * (double_click_ms or _USUAL_DOUBLE_CLICK_MS),
        multi_click_px=_DOUBLE_CLICK_PX + 1,
        from_first=False,
        typing_pause_ns=2 * _SECOND_NS,
        scroll_pause_ns=_SECOND_NS // 2,
        acting_alone=Mods.ALT | Mods.SUPER,
        keeps_path=True,
    )
