"""Asks one application by accessibility for its frames, hosts, password fields and focus."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from recorder.capture import labels
from recorder.capture.platforms.atspi_apps import App, Focus, Frame, Secret
from recorder.capture.platforms.atspi_calls import (
    ROLE_PASSWORD,
    STATE_EDITABLE,
    STATE_FOCUSED,
    STATE_SHOWING,
    Calls,
)
from recorder.capture.platforms.bus_calls import Ref, Silent, Unanswered
from recorder.core.geometry import Rect
from recorder.core.scenes import Field

_MOST_FRAMES: Final = 32
_MOST_PASSWORDS: Final = 32
_MOST_WALKED: Final = 400
_MOST_REMEMBERED: Final = 256


async def scan(calls: Calls, app: App) -> App:
    """Read all frames of an application anew.

    Raises:
        Unanswered: The application does not answer; nothing is known about it then.
    """
    refs = (await calls.children(app.ref))[:_MOST_FRAMES]
    found = [await _read_frame(calls, ref, app) for ref in refs]
    frames = tuple(frame for frame in found if frame is not None)
    return replace(app, frames=frames, once=_remembered(app, frames))


async def verify(calls: Calls, app: App) -> App:
    """Ask again for what may have moved: addresses of documents, places of password fields.

    Raises:
        Unanswered: The application does not answer.
    """
    frames = tuple(await asyncio.gather(*(_verify_frame(calls, f, app) for f in app.frames)))
    return replace(app, frames=frames, once=_remembered(app, frames))


async def read_focus(calls: Calls, app: App, ref: Ref, turn: int) -> Focus:
    """Tell what sort of field an object of the application is.

    Raises:
        Unanswered: The object does not answer.
    """
    role, states = await asyncio.gather(calls.role(ref), calls.states(ref))
    if role == ROLE_PASSWORD or app.was_secret(ref):
        return Focus(ref, Field.SECURE, turn)
    if not states >> STATE_EDITABLE & 1:
        return Focus(ref, Field.UNKNOWN, turn)
    pages = [page for frame in app.frames if (page := frame.page) is not None]
    is_in_page = False
    if pages:
        place = await calls.extents(ref)
        is_in_page = any(page.intersect(place) == place for page in pages)
    return Focus(ref, Field.PLAIN, turn, is_in_page)


async def find_focus(calls: Calls, app: App, turn: int) -> Focus | None:
    """Find the focused object: the last one if it still is, else by asking each frame.

    Raises:
        Unanswered: The application does not answer.
    """
    if app.focus is not None:
        try:
            if await calls.states(app.focus.ref) >> STATE_FOCUSED & 1:
                return await read_focus(calls, app, app.focus.ref, turn)
        except Unanswered:
            pass
    for frame in app.frames:
        found = await calls.focused(frame.document or frame.ref)
        if found is None and frame.document:
            found = await calls.focused(frame.ref)
        if found is not None:
            return await read_focus(calls, app, found, turn)
    return None


async def _read_frame(calls: Calls, ref: Ref, app: App) -> Frame | None:
    """Give one frame; None for one that went away, which shows nothing."""
    try:
        title, rect, document = await asyncio.gather(
            calls.name(ref), calls.extents(ref), _document(calls, ref)
        )
        host = labels.url_host(await calls.url(document)) if document else ""
        secrets, hidden = await _secrets(calls, document or ref, app, rect)
        inner = await calls.extents(document) if document else None
    except Unanswered:
        await calls.role(ref)
        return None
    title = labels.clean_title(title.encode())
    return Frame(ref, title, rect, document, host, secrets, _margins(rect, inner), hidden)


def _margins(outer: Rect, inner: Rect | None) -> tuple[int, int, int, int] | None:
    if inner is None or inner.is_empty or outer.intersect(inner) != inner:
        return None
    return (
        inner.x - outer.x, inner.y - outer.y, outer.right - inner.right, outer.bottom - inner.bottom
    )  # fmt: skip


def _remembered(app: App, frames: tuple[Frame, ...]) -> tuple[tuple[Ref, Ref], ...]:
    now = ((frame.scene, secret.ref) for frame in frames for secret in frame.secrets)
    return tuple(dict.fromkeys((*app.once, *now)))[-_MOST_REMEMBERED:]


async def _document(calls: Calls, ref: Ref) -> Ref | None:
    try:
        return await calls.embedded(ref)
    except Unanswered:
        return None


async def _secrets(
    calls: Calls, ref: Ref, app: App, outer: Rect
) -> tuple[tuple[Secret, ...], tuple[Ref, ...]]:
    """Give the password fields of a document, and what was one: those that show, and others."""
    try:
        found = await calls.with_role(ref, ROLE_PASSWORD, _MOST_PASSWORDS)
    except Unanswered:
        found = await _walk(calls, ref)
    found = list(dict.fromkeys((*found, *(one for scene, one in app.once if scene == ref))))
    return await _shown(calls, found, outer)


async def _shown(
    calls: Calls, fields: Sequence[Ref], outer: Rect
) -> tuple[tuple[Secret, ...], tuple[Ref, ...]]:
    told = await asyncio.gather(*(_secret(calls, one, outer) for one in fields))
    shown = tuple(one for one in told if isinstance(one, Secret))
    return shown, tuple(one for one in told if one is not None and not isinstance(one, Secret))


async def _secret(calls: Calls, ref: Ref, outer: Rect) -> Secret | Ref | None:
    """Give a password field that shows, its name alone when it does not, None when it is gone.

    One that is told outside its window, and one that is too busy to tell, fill the window.
    """
    try:
        rect, states = await asyncio.gather(calls.extents(ref), calls.states(ref))
    except Silent:
        return Secret(ref, outer)
    except Unanswered:
        return None
    if not states >> STATE_SHOWING & 1 or rect.is_empty:
        return ref
    return Secret(ref, rect if not rect.intersect(outer).is_empty else outer)


async def _walk(calls: Calls, ref: Ref) -> list[Ref]:
    """Find password fields child by child, for toolkits without Collection (Qt)."""
    found: list[Ref] = []
    waiting = [ref]
    for _ in range(_MOST_WALKED):
        if not waiting:
            break
        one = waiting.pop()
        role, children = await asyncio.gather(calls.role(one), calls.children(one))
        if role == ROLE_PASSWORD:
            found.append(one)
        waiting.extend(children)
    return found


async def _verify_frame(calls: Calls, frame: Frame, app: App) -> Frame:
    fields = [*(secret.ref for secret in frame.secrets), *frame.hidden]
    if frame.document is None and not fields:
        return frame
    (document, host), title = await asyncio.gather(_page(calls, frame), calls.name(frame.ref))
    if document != frame.document or host != frame.host:
        rect = await calls.extents(frame.ref)
        secrets, hidden = await _secrets(calls, document or frame.ref, app, rect)
    else:
        rect = await calls.extents(frame.ref) if fields else frame.rect
        secrets, hidden = await _shown(calls, fields, rect)
    title = labels.clean_title(title.encode())
    return replace(
        frame, title=title, rect=rect, document=document, host=host, secrets=secrets, hidden=hidden
    )


async def _page(calls: Calls, frame: Frame) -> tuple[Ref | None, str]:
    """Give what a window shows now and its host; mostly the same document as before."""
    if frame.document is None:
        return None, ""
    document, host = await asyncio.gather(_document(calls, frame.ref), _host(calls, frame.document))
    if document != frame.document:
        host = await _host(calls, document) if document else ""
    return document, host


async def _host(calls: Calls, document: Ref) -> str:
    """Give a document's host, "" when it has none or is gone."""
    try:
        return labels.url_host(await calls.url(document))
    except Unanswered:
        return ""
