"""Scenes: what the desktop looked like at one instant, as far as privacy needs it."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from recorder.core.geometry import Monitor, Rect, topmost


class Paint(IntEnum):
    """How the pixels of a window are treated."""

    HIDE = 0
    """Painted out: not allowed, unknown owner, excluded, private."""
    LAYOUT = 1
    """Every line of text painted out, the interface stays."""
    REDACT = 2
    """Detected personal data and secrets painted out."""


class Gate(StrEnum):
    """Whether the focused window's content may be taken, and why not."""

    OPEN = "open"
    EXCLUDED = "excluded"
    """The app or host is not in scope, or nothing is known about it."""
    SECURE = "secure"
    """A password field or a password prompt has the focus."""


class Field(StrEnum):
    """What is known about the field that has the focus."""

    PLAIN = "plain"
    SECURE = "secure"
    UNKNOWN = "unknown"
    """Typed text falls to `class`."""


LEFT_BEHIND: Final = 0xFFFF_FFFF
"""`window_id` of an area whose pixels a hidden window left there; no window has it. The
pointer is over the window below."""


@dataclass(frozen=True, slots=True)
class Window:
    """One mapped top-level area, in stacking order from the top.

    `title` is the raw title: in memory only, redacted before it is stored. `label` stands for
    the window's name where names do not go; 0 for one that is not known.
    """

    window_id: int
    rect: Rect
    paint: Paint
    app_id: str = ""
    app_name: str = ""
    title: str = field(default="", repr=False)
    url_host: str = field(default="", repr=False)
    label: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """The desktop at one instant. Equal scenes have equal `look`.

    Attributes:
        t_ns: When it was observed, absolute monotonic nanoseconds.
        monitors: Geometry in force.
        windows: Visible areas from the top of the stack down, override-redirect ones
            included. Pixels that belong to none of them are painted out.
        secure: Extents of secure fields; painted out in every window.
        focus: `window_id` of the focused window, 0 when unknown.
        gate: Whether content of the focused window may be taken.
        field: What is known about the focused field.
        field_id: Changes whenever another field takes the focus.
        degraded: What cannot be told, as words of `core.degraded`.
    """

    t_ns: int
    monitors: tuple[Monitor, ...] = ()
    windows: tuple[Window, ...] = ()
    secure: tuple[Rect, ...] = ()
    focus: int = 0
    gate: Gate = Gate.EXCLUDED
    field: Field = Field.UNKNOWN
    field_id: int = 0
    degraded: tuple[str, ...] = ()

    @property
    def look(self) -> tuple[object, ...]:
        """What decides how a frame is painted; equal before and after a grab or dropped."""
        areas = tuple((w.window_id, w.rect, w.paint) for w in self.windows)
        return (self.monitors, areas, self.secure, self.gate)

    @property
    def focused(self) -> Window | None:
        """The focused window, None when it is not among the visible ones.

        Of a window with several areas the largest.
        """
        areas = (w for w in self.windows if w.window_id == self.focus)
        return max(areas, key=lambda w: w.rect.w * w.rect.h, default=None)

    def window_at(self, x: int, y: int) -> Window | None:
        """Give the topmost window that shows the pixel."""
        windows = (w for w in self.windows if w.window_id != LEFT_BEHIND)
        return next((w for w in windows if w.rect.contains(x, y)), None)

    def shown_labels(self, frame: Rect) -> set[int]:
        """Give the labels of the windows that show a pixel, unpainted, in a frame.

        What a hidden window left behind covers nothing: it may be drawn over already.
        """
        seen = [w for w in self.windows if w.window_id != LEFT_BEHIND]
        areas = [w.rect.intersect(frame) for w in seen]
        tops = topmost(areas)
        return {
            w.label for w, top in zip(seen, tops, strict=True) if top and w.paint is not Paint.HIDE
        }
