"""What one application told by accessibility: frames, hosts, password fields, focus."""

from dataclasses import dataclass, field, replace

from recorder.capture import scope
from recorder.capture.platforms.bus_calls import Ref
from recorder.core.geometry import Rect
from recorder.core.scenes import Field


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
        hidden: Password fields that did not show when they were asked: a page that is still
            being laid out has some without a place, and tells of no change.
    """

    ref: Ref
    title: str = field(repr=False)
    rect: Rect
    document: Ref | None
    host: str = field(repr=False)
    secrets: tuple[Secret, ...]
    margins: tuple[int, int, int, int] | None = None
    hidden: tuple[Ref, ...] = ()

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


def is_near(one: Rect, other: Rect) -> bool:
    """Tell whether two rectangles are the same window's, with or without decorations."""
    common = one.intersect(other)
    return common.w * common.h * 10 >= 8 * max(one.w * one.h, other.w * other.h, 1)
