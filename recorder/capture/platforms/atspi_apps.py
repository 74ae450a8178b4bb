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
_MOST_REMEMBERED: Final = 256


@dataclass(frozen=True, slots=True)
class Secret:
    """A password field that shows, with its rectangle on the screen."""

    ref: Ref
    rect: Rect


@dataclass(frozen=True, slots=True)
class Frame:
    """One window of an application as accessibility tells it.

    Attributes:
        ref: The window.
        title: As accessibility names it.
        rect: Of the window when it was read.
        document: What it shows, None without one.
        host: "" without a document or with one that has no host.
        secrets: Password fields that show.
        margins: From the window's sides to the document's: left, top, right, bottom; None
            when it is not known.
    """

    ref: Ref
    title: str = field(repr=False)
    rect: Rect
    document: Ref | None
    host: str = field(repr=False)
    secrets: tuple[Secret, ...]
    margins: tuple[int, int, int, int] | None = None

    @property
    def scene(self) -> Ref:
        """What its password fields belong to."""
        return self.document or self.ref

    @property
    def page(self) -> Rect | None:
        """Where its document shows, None when that is not known."""
        if self.margins is None:
            return None
        left, top, right, bottom = self.margins
        outer = self.rect
        return Rect(outer.x + left, outer.y + top, outer.w - left - right, outer.h - top - bottom)

    def is_named(self, title: str) -> bool:
        """Tell whether the window system's title is this frame's, with or without a mark."""
        if not title or not self.title:
            return False
        is_marked = scope.is_private_title(self.title) and self.title.startswith(title)
        return self.title == title or is_marked


@dataclass(frozen=True, slots=True)
class Focus:
    """The focused object of an application.

    `turn`: the focus move of the window system that it answers. `is_in_page`: the field is
    the page's; a browser's own, such as the address bar, take the names of other sites.
    """

    ref: Ref
    field: Field
    turn: int
    is_in_page: bool = False


@dataclass(frozen=True, slots=True)
class App:
    """Everything known about one application; immutable, replaced as news comes.

    `once`: (document, object) of what was a password field at any time, oldest first. A
    page that shows the password makes it an ordinary field; the object stays the same, also
    when the page is left and comes back (measured with Chromium 156). `is_silent`: it does
    not answer; no page is told, and of its password fields only which windows had some.
    """

    ref: Ref
    frames: tuple[Frame, ...] = ()
    focus: Focus | None = None
    once: tuple[tuple[Ref, Ref], ...] = ()
    is_silent: bool = False

    def silent(self) -> "App":
        """Give what is left when it does not answer: windows that may show a password."""
        frames = tuple(
            replace(f, host="", secrets=(Secret(f.ref, f.rect),) if f.secrets else ())
            for f in self.frames
        )
        return replace(self, frames=frames, focus=None, is_silent=True)

    def was_secret(self, ref: Ref) -> bool:
        """Tell whether the object is or was a password field."""
        return any(ref == known for _, known in self.once)

    @property
    def secrets(self) -> tuple[Rect, ...]:
        """Rectangles of all password fields that show."""
        return tuple(secret.rect for frame in self.frames for secret in frame.secrets)

    def page(self, title: str, rect: Rect) -> scope.Page | None:
        """Give the page of the window with this title and place, None when it is not told.

        When several frames fit and do not agree, nothing is told. A private frame's name is
        the window's title with a mark behind it (Chromium), so both fit the same window.
        """
        if self.is_silent:
            return None
        named = [frame for frame in self.frames if frame.is_named(title)]
        near = [frame for frame in self.frames if frame.title and is_near(frame.rect, rect)]
        both = [frame for frame in named if frame in near]
        for fits in (named, both) if named else (near,):
            pages = {scope.Page(f.host, scope.is_private_title(f.title)) for f in fits}
            if len(pages) == 1:
                margins = {f.margins for f in fits}
                return replace(pages.pop(), margins=margins.pop() if len(margins) == 1 else None)
        return None


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
        secrets = await _secrets(calls, document or ref, app, rect)
        inner = await calls.extents(document) if document else None
    except Unanswered:
        await calls.role(ref)
        return None
    title = labels.clean_title(title.encode())
    return Frame(ref, title, rect, document, host, secrets, _margins(rect, inner))


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


async def _secrets(calls: Calls, ref: Ref, app: App, outer: Rect) -> tuple[Secret, ...]:
    """Give the password fields of a document, and what was one, as far as they show."""
    try:
        found = await calls.with_role(ref, ROLE_PASSWORD, _MOST_PASSWORDS)
    except Unanswered:
        found = await _walk(calls, ref)
    found = list(dict.fromkeys((*found, *(one for scene, one in app.once if scene == ref))))
    shown = await asyncio.gather(*(_secret(calls, one, outer) for one in found))
    return tuple(secret for secret in shown if secret is not None)


async def _secret(calls: Calls, ref: Ref, outer: Rect) -> Secret | None:
    """Give a password field that shows; one that is told outside its window fills the window."""
    try:
        rect, states = await asyncio.gather(calls.extents(ref), calls.states(ref))
    except Unanswered:
        return None
    if not states >> STATE_SHOWING & 1 or rect.is_empty:
        return None
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
    if frame.document is None and not frame.secrets:
        return frame
    (document, host), title = await asyncio.gather(_page(calls, frame), calls.name(frame.ref))
    if document != frame.document or host != frame.host:
        rect = await calls.extents(frame.ref)
        secrets = await _secrets(calls, document or frame.ref, app, rect)
    else:
        rect = await calls.extents(frame.ref) if frame.secrets else frame.rect
        moved = await asyncio.gather(*(_secret(calls, s.ref, rect) for s in frame.secrets))
        secrets = tuple(secret for secret in moved if secret is not None)
    title = labels.clean_title(title.encode())
    return replace(frame, title=title, rect=rect, document=document, host=host, secrets=secrets)


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


def is_near(one: Rect, other: Rect) -> bool:
    """Tell whether two rectangles are the same window's, with or without decorations."""
    common = one.intersect(other)
    return common.w * common.h * 10 >= 8 * max(one.w * one.h, other.w * other.h, 1)
