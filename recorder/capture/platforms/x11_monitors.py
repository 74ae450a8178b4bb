"""Monitors by RandR 1.5, else one for the whole screen."""

import re
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.x11_properties import Asked, Properties, awaited
from recorder.core.geometry import Monitor, Rect

if TYPE_CHECKING:
    from Xlib.display import Display

_BASE_DPI: Final = 96
_MOST_DPI: Final = 8 * _BASE_DPI
"""Above the densest panels made; any client may write any number."""
_DPI: Final = re.compile(r"\s*Xft\.dpi\s*:\s*([0-9]{2,4})\s*")
_NOTIFY_MASK: Final = 1 | 2
"""RRScreenChangeNotifyMask and RRCrtcChangeNotifyMask."""


def watch_monitors(display: "Display") -> None:
    """Ask for an event at each change of geometry, where the server has RandR."""
    if display.has_extension("RANDR"):
        display.screen().root.xrandr_select_input(_NOTIFY_MASK)


def read_monitors(display: "Display", properties: Properties) -> tuple[Monitor, ...]:
    """Give the monitors, the primary one first, then by place; ids follow that order.

    Without those that show the same place as another one, and without what lies beyond the
    screen, where nothing can be grabbed. None while all are off.
    """
    scale = _scale(properties, int(display.screen().root.id))
    root = _root_rect(display)
    told = _randr_monitors(display)
    found = [(False, root)] if told is None else told
    places = [rect.intersect(root) for _, rect in sorted(found, key=_rank)]
    shown = dict.fromkeys(rect for rect in places if not rect.is_empty)
    return tuple(
        Monitor(number, rect, scale, is_primary=number == 0) for number, rect in enumerate(shown)
    )


def _rank(told: tuple[bool, Rect]) -> tuple[bool, int, int]:
    is_primary, rect = told
    return not is_primary, rect.x, rect.y


def _randr_monitors(display: "Display") -> list[tuple[bool, Rect]] | None:
    """Give the monitors that are on, with whether each is primary; None: it cannot be told."""
    from Xlib.error import XError  # noqa: PLC0415

    if not display.has_extension("RANDR"):
        return None
    try:
        answer: Any = display.screen().root.xrandr_get_monitors(is_active=True)
    except XError:
        return None
    return [
        (bool(m.primary), Rect(m.x, m.y, m.width_in_pixels, m.height_in_pixels))
        for m in answer.monitors
    ]


def _root_rect(display: "Display") -> Rect:
    from Xlib.protocol import request  # noqa: PLC0415

    root = display.screen().root
    answer = awaited(request.GetGeometry(display=display.display, defer=True, drawable=root.id))
    return Rect(0, 0, int(answer.width), int(answer.height)) if answer else Rect(0, 0, 0, 0)


def _scale(properties: Properties, root: int) -> float:
    (data,) = properties.read([Asked(root, "RESOURCE_MANAGER")])
    return scale_of(data) if isinstance(data, bytes) else 1.0


def scale_of(resources: bytes) -> float:
    """Give Xft.dpi / 96 of a resource database, 1.0 when it says nothing sensible."""
    for line in resources.decode("latin-1").splitlines():
        found = _DPI.fullmatch(line)
        if found is not None and _BASE_DPI <= int(found[1]) <= _MOST_DPI:
            return int(found[1]) / _BASE_DPI
    return 1.0
