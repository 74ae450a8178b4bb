"""What one application tells by accessibility: frames, hosts, password fields, focus."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final

from recorder.capture import labels, scope
from recorder.capture.platforms.atspi_calls import (
    ROLE_PASSWORD,
    STATE_EDITABLE,
    STATE_FOCUSED,
    STATE_SHOWING,
    Calls,
    Ref,
    Unanswered,
)
from recorder.core.geometry import Rect
from recorder.core.scenes import Field

_MOST_FRAMES: Final = 32
_MOST_PASSWORDS: Final = 32
_MOST_WALKED: Final = 400


@dataclass(frozen=True, slots=True)
class Secret:
    """A password field that shows, with its rectangle on the screen."""

    ref: Ref
    rect: Rect


@dataclass(frozen=True, slots=True)
class Frame:
    """One window of an application as accessibility tells it.

    `host` is "" without a document or with one that has no host.
    """

    ref: Ref
    title: str = field(repr=False)
    rect: Rect
    document: Ref | None
    host: str = field(repr=False)
    secrets: tuple[Secret, ...]

    def is_named(self, title: str) -> bool:
        """Tell whether the window system's title is this frame's, with or without a mark."""
        if not title or not self.title:
            return False
        is_marked = scope.is_private_title(self.title) and self.title.startswith(title)
        return self.title == title or is_marked


@dataclass(frozen=True, slots=True)
class Focus:
    """The focused object of an application.

    `turn`: the focus move of the window system that it answers.
    """

    ref: Ref
    field: Field
    turn: int


@dataclass(frozen=True, slots=True)
class App:
    """Everything known about one application; immutable, replaced as news comes."""

    ref: Ref
    frames: tuple[Frame, ...] = ()
    focus: Focus | None = None

    @property
    def secrets(self) -> tuple[Rect, ...]:
        """Rectangles of all password fields that show."""
        return tuple(secret.rect for frame in self.frames for secret in frame.secrets)

    def page(self, title: str, rect: Rect) -> scope.Page | None:
        """Give the page of the window with this title and place, None when it is not told.

        When several frames fit and do not agree, nothing is told. A private frame's name is
        the window's title with a mark behind it (Chromium), so both fit the same window.
        """
        named = [frame for frame in self.frames if frame.is_named(title)]
        near = [frame for frame in self.frames if frame.title and _near(frame.rect, rect)]
        both = [frame for frame in named if frame in near]
        for fits in (named, both) if named else (near,):
            pages = {scope.Page(f.host, scope.is_private_title(f.title)) for f in fits}
            if len(pages) == 1:
                return pages.pop()
        return None


async def scan(calls: Calls, app: App) -> App:
    """Read all frames of an application anew.

    Raises:
        Unanswered: The application does not answer; nothing is known about it then.
    """
    refs = (await calls.children(app.ref))[:_MOST_FRAMES]
    frames = [await _read_frame(calls, ref) for ref in refs]
    return replace(app, frames=tuple(frame for frame in frames if frame is not None))


async def verify(calls: Calls, app: App) -> App:
    """Ask again for what may have moved: addresses of documents, places of password fields.

    Raises:
        Unanswered: The application does not answer.
    """
    frames = await asyncio.gather(*(_verify_frame(calls, frame) for frame in app.frames))
    return replace(app, frames=tuple(frames))


async def read_focus(calls: Calls, ref: Ref, turn: int) -> Focus:
    """Tell what sort of field an object is.

    Raises:
        Unanswered: The object does not answer.
    """
    role, states = await asyncio.gather(calls.role(ref), calls.states(ref))
    if role == ROLE_PASSWORD:
        return Focus(ref, Field.SECURE, turn)
    is_editable = bool(states >> STATE_EDITABLE & 1)
    return Focus(ref, Field.PLAIN if is_editable else Field.UNKNOWN, turn)


async def find_focus(calls: Calls, app: App, turn: int) -> Focus | None:
    """Find the focused object: the last one if it still is, else by asking each frame.

    Raises:
        Unanswered: The application does not answer.
    """
    if app.focus is not None:
        try:
            if await calls.states(app.focus.ref) >> STATE_FOCUSED & 1:
                return await read_focus(calls, app.focus.ref, turn)
        except Unanswered:
            pass
    for frame in app.frames:
        found = await calls.focused(frame.document or frame.ref)
        if found is None and frame.document:
            found = await calls.focused(frame.ref)
        if found is not None:
            return await read_focus(calls, found, turn)
    return None


async def _read_frame(calls: Calls, ref: Ref) -> Frame | None:
    """Give one frame; None for one that went away, which shows nothing."""
    try:
        title, rect, document = await asyncio.gather(
            calls.name(ref), calls.extents(ref), _document(calls, ref)
        )
        host = labels.url_host(await calls.url(document)) if document else ""
        secrets = await _secrets(calls, document or ref)
    except Unanswered:
        await calls.role(ref)
        return None
    return Frame(ref, labels.clean_title(title.encode()), rect, document, host, secrets)


async def _document(calls: Calls, ref: Ref) -> Ref | None:
    try:
        return await calls.embedded(ref)
    except Unanswered:
        return None


async def _secrets(calls: Calls, ref: Ref) -> tuple[Secret, ...]:
    try:
        found = await calls.with_role(ref, ROLE_PASSWORD, _MOST_PASSWORDS)
    except Unanswered:
        found = await _walk(calls, ref)
    shown = await asyncio.gather(*(_secret(calls, one) for one in found))
    return tuple(secret for secret in shown if secret is not None)


async def _secret(calls: Calls, ref: Ref) -> Secret | None:
    try:
        rect, states = await asyncio.gather(calls.extents(ref), calls.states(ref))
    except Unanswered:
        return None
    return Secret(ref, rect) if states >> STATE_SHOWING & 1 and not rect.is_empty else None


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


async def _verify_frame(calls: Calls, frame: Frame) -> Frame:
    if frame.document is None and not frame.secrets:
        return frame
    document = await _document(calls, frame.ref) if frame.document else None
    host = labels.url_host(await calls.url(document)) if document else ""
    if document != frame.document or host != frame.host:
        secrets = await _secrets(calls, document or frame.ref)
    else:
        moved = await asyncio.gather(*(_secret(calls, s.ref) for s in frame.secrets))
        secrets = tuple(secret for secret in moved if secret is not None)
    title = labels.clean_title((await calls.name(frame.ref)).encode())
    return replace(frame, title=title, document=document, host=host, secrets=secrets)


def _near(one: Rect, other: Rect) -> bool:
    """Tell whether two rectangles are the same window's, with or without decorations."""
    common = one.intersect(other)
    return common.w * common.h * 10 >= 8 * max(one.w * one.h, other.w * other.h, 1)
