"""What is kept about each top-level window of an X screen."""

from dataclasses import dataclass, field
from typing import Final

from recorder.capture import labels
from recorder.core.geometry import Rect

SOLID: Final = 0xFFFFFFFF
"""_NET_WM_WINDOW_OPACITY of a window that lets nothing through."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a top-level window belongs to.

    Attributes:
        client: Window that the program made, 0 when there is none inside.
        app_class: WM_CLASS class, "" when unset.
        names: Ids of WM_CLASS class, instance and the owner's process name.
        app_name: WM_CLASS class as people read it.
        title: Cleaned title.
        pid: Process of the X client by XRes, else _NET_WM_PID, 0 when unknown.
        transient_for: Window it belongs to, 0 for none.
        opacity: _NET_WM_WINDOW_OPACITY.
        margins: _GTK_FRAME_EXTENTS: left, right, top, bottom pixels of shadow.
        opaque: _NET_WM_OPAQUE_REGION relative to the client, None when unset.
        frame: _NET_FRAME_EXTENTS: left, right, top, bottom pixels of decoration.
    """

    client: int = 0
    app_class: str = ""
    names: tuple[str, ...] = ()
    app_name: str = ""
    title: str = field(default="", repr=False)
    pid: int = 0
    transient_for: int = 0
    opacity: int = SOLID
    margins: tuple[int, ...] = ()
    opaque: tuple[Rect, ...] | None = None
    frame: tuple[int, ...] = ()


@dataclass(slots=True)
class Top:
    """One child of the root window, as events keep it up to date.

    `identity` is None until it is read; `shape` holds the bounding shape's rectangles
    relative to the window, None for a plain rectangle.
    """

    window: int
    x: int
    y: int
    w: int
    h: int
    border: int
    is_mapped: bool
    is_input_only: bool
    is_override: bool
    depth: int
    above: int = 0
    identity: Identity | None = None
    shape: tuple[Rect, ...] | None = None
    watched: set[int] = field(default_factory=set)

    @property
    def rect(self) -> Rect:
        """Its area on the screen with its border."""
        return Rect(self.x, self.y, self.w + 2 * self.border, self.h + 2 * self.border)

    def areas(self) -> tuple[Rect, ...]:
        """Give the rectangles it shows: its shape, without a shadow's margins."""
        rect = self.rect
        if self.shape is not None:
            inner = (r.moved(self.x + self.border, self.y + self.border) for r in self.shape)
            return tuple(r.intersect(rect) for r in inner)
        margins = self.identity.margins if self.identity else ()
        if len(margins) == len(("left", "right", "top", "bottom")):
            left, right, top, bottom = margins
            rect = Rect(rect.x + left, rect.y + top, rect.w - left - right, rect.h - top - bottom)
        return (rect,)


def class_parts(data: object) -> tuple[str, str]:
    """Give instance and class of a WM_CLASS value."""
    if not isinstance(data, bytes):
        return "", ""
    instance, _, rest = data.partition(b"\0")
    app_class = rest.partition(b"\0")[0]
    return labels.clean_title(instance), labels.clean_title(app_class)


def rects_of(words: object) -> tuple[Rect, ...] | None:
    """Give the rectangles of a CARDINAL list x, y, w, h …, None when it is no such list."""
    if not isinstance(words, tuple) or len(words) % 4:
        return None
    return tuple(Rect(*words[i : i + 4]) for i in range(0, len(words), 4))
