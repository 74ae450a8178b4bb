"""The two sets of rules, and what the desktop of an episode was set to."""

from dataclasses import dataclass
from enum import StrEnum


class Profile(StrEnum):
    """Whose rules turn events into actions."""

    RECORDER = "recorder"
    """Ours: the desktop's own click settings, typing and scrolling split where people pause."""
    AGENTNET = "agentnet"
    """Those of AgentNet's reducer (OpenCUA, https://arxiv.org/abs/2508.09123)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the manifest (`index.json` of a bundle) tells of an episode; None: not known."""

    double_click_ms: int | None = None
    drag_threshold_px: int | None = None
