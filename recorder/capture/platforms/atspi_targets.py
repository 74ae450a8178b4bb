"""Finds the element under an action: role, name, box. Whatever does not fit is left out."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from recorder.capture import labels
from recorder.capture.platforms.atspi_apps import App, Frame, is_near
from recorder.capture.platforms.atspi_calls import (
    ROLE_PASSWORD,
    STATE_EDITABLE,
    STATE_SHOWING,
    Calls,
)
from recorder.capture.platforms.atspi_roles import CONTROLS, INSIDE, role_name
from recorder.capture.platforms.bus_calls import Ref, Unanswered
from recorder.core.geometry import Rect
from recorder.core.targets import Target

_DEEPEST: Final = 24
_MOST_NAME_CHARS: Final = 256
"""A longer name is content, and cutting it could cut a value in two."""
_MOST_UP: Final = 2


@dataclass(frozen=True, slots=True)
class Aim:
    """What is asked for.

    Attributes:
        pid: Process of the window.
        title: The window's, as the window system has it.
        rect: The window's place.
        host: Site that the window shows; None for a window that is no browser's.
        place: Pixel of the pointer; None for the element that has the keyboard.
    """

    pid: int
    title: str = field(repr=False)
    rect: Rect
    host: str | None = field(repr=False)
    place: tuple[int, int] | None


async def find(calls: Calls, app: App, aim: Aim) -> Target | None:
    """Give the element, None where answers do not fit together.

    A browser's site is asked for last: what was read before it is of that site.

    Raises:
        Unanswered: Something in the way did not answer.
    """
    frame = _frame(app, aim)
    if frame is None:
        return None
    ref = app.focus.ref if aim.place is None and app.focus else None
    if aim.place is not None:
        ref = await _at(calls, frame, *aim.place)
    target = await _read(calls, ref, aim, app) if ref is not None else None
    if target is None or aim.host is None:
        return target
    document = await calls.embedded(frame.ref)
    host = labels.url_host(await calls.url(document)) if document else ""
    return target if host == aim.host else None


def _frame(app: App, aim: Aim) -> Frame | None:
    """Give the one frame that is the window's; None when several may be."""
    found = [frame for frame in app.frames if is_near(frame.rect, aim.rect)]
    if len(found) > 1:
        found = [frame for frame in found if frame.is_named(aim.title)]
    return found[0] if len(found) == 1 else None


async def _at(calls: Calls, frame: Frame, x: int, y: int) -> Ref | None:
    """Give the innermost element at a pixel: toolkits give one layer or all of them."""
    one = frame.ref
    if frame.document is not None and (await calls.extents(frame.document)).contains(x, y):
        one = frame.document
    for _ in range(_DEEPEST):
        child = await calls.at_point(one, x, y)
        if child is None or child == one:
            break
        one = child
    return one


async def _read(calls: Calls, ref: Ref, aim: Aim, app: App) -> Target | None:
    """Read an element, or the control around it."""
    one = ref
    for _ in range(_MOST_UP + 1):
        number, name, rect, states = await asyncio.gather(
            calls.role(one), calls.name(one), calls.extents(one), calls.states(one)
        )
        role = role_name(number)
        if role not in INSIDE:
            break
        above = await calls.parent(one)
        if above is None or role_name(await calls.role(above)) not in CONTROLS:
            break
        one = above
    seen = rect.intersect(aim.rect)
    is_there = aim.place is None or rect.contains(*aim.place)
    if not states >> STATE_SHOWING & 1 or not is_there or seen.is_empty:
        return None
    is_secret = number == ROLE_PASSWORD or app.was_secret(one)
    is_told = role in CONTROLS and not is_secret
    if is_told and states >> STATE_EDITABLE & 1:
        is_told = not await _is_its_text(calls, one, name)
    return Target(role, _told(name) if is_told else "", seen)


async def _is_its_text(calls: Calls, ref: Ref, name: str) -> bool:
    """Tell whether a field is called by what was typed into it."""
    try:
        text = await calls.text(ref)
    except Unanswered:
        return True
    bare, inner = name.strip().casefold(), text.strip().casefold()
    return bool(inner) and (bare in inner or inner in bare)


def _told(name: str) -> str:
    if len(name) > _MOST_NAME_CHARS:
        return ""
    return labels.clean_title(name.encode("utf-8", "replace"))
