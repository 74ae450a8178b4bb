"""Rows of `context`: focus, title, geometry, clock, consent, stream, task."""

from dataclasses import dataclass, field
from enum import StrEnum

from recorder.core.geometry import Monitor


class ContextKind(StrEnum):
    """What a row of `context` tells."""

    FOCUS = "focus"
    TITLE = "title"
    GEOMETRY = "geometry"
    CLOCK = "clock"
    SUSPEND = "suspend"
    RESUME = "resume"
    CONSENT = "consent"
    STREAM = "stream"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class ContextRow:
    """One row of `context` without `episode_id` and `seq`; `t_ns` absolute monotonic."""

    t_ns: int
    kind: ContextKind
    app_id: str | None = None
    app_name: str | None = None
    window_title: str | None = field(default=None, repr=False)
    title_redaction: str | None = None
    url_host: str | None = field(default=None, repr=False)
    x: int | None = None
    y: int | None = None
    w: int | None = None
    h: int | None = None
    monitors: tuple[Monitor, ...] | None = None
    wall_ns: int | None = None
    consent_id: str | None = None
    instruction: str | None = field(default=None, repr=False)
    outcome: str | None = None
