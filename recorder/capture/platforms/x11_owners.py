"""Decides on each top-level window: whose it is, how it is painted. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from recorder.capture.platforms.atspi_apps import App
from recorder.capture.platforms.x11_tops import SOLID, Identity, Top
from recorder.capture.scope import Page, Scope, Verdict, WindowFacts, is_browser
from recorder.core.geometry import Rect
from recorder.core.scenes import Gate, Paint

_ALPHA_DEPTH: Final = 32
_NOBODY: Final = Identity()


@dataclass(frozen=True, slots=True)
class Judged:
    """A top-level window with its owner and the decision on it.

    `page`: where a browser limited to some hosts shows the page; tabs, addresses and
    suggestions around it name other sites, so all text outside is painted.
    """

    top: Top
    app_id: str
    identity: Identity
    verdict: Verdict
    host: str
    areas: tuple[Rect, ...]
    page: Rect | None = None


class Owners:
    """Decides on the windows of one look at the screen.

    Args:
        scope: What may be recorded.
        stack: Windows from the top down.
        apps: What accessibility tells, by process id.
        is_composited: Whether windows may let others shine through.
    """

    def __init__(
        self, scope: Scope, stack: Sequence[Top], apps: Mapping[int, App], *, is_composited: bool
    ) -> None:
        self._scope = scope
        self._stack = stack
        self._apps = apps
        self._is_composited = is_composited
        self._by_window = {
            window: top
            for top in stack
            for window in (top.window, top.identity.client if top.identity else 0)
        }

    def judge(self) -> list[Judged]:
        """Give every window with its decision, from the top down."""
        return [self._judge(top) for top in self._stack]

    def _judge(self, top: Top) -> Judged:
        identity = top.identity or _NOBODY
        names = self._names(top, 0)
        app = names[0] if names else ""
        page = self._page(top, app)
        verdict = self._scope.decide(WindowFacts(app, names, identity.title, page))
        if is_browser(app) and verdict.gate is not Gate.SECURE and self._is_secondary(top):
            verdict = self._inherited(top, app)
        if verdict.paint is not Paint.HIDE and self._shines_through(top):
            verdict = Verdict(Paint.HIDE, verdict.gate, ("translucent",))
        place = None
        if verdict.paint is Paint.REDACT and self._scope.is_limited(app):
            verdict = replace(verdict, paint=Paint.LAYOUT)
            place = None if page is None or self._is_secondary(top) else _page_place(top, page)
        host = page.host if page else ""
        return Judged(top, app, identity, verdict, host, self._areas(top), place)

    def _names(self, top: Top, depth: int) -> tuple[str, ...]:
        """Give the owner's names: by class, else transient-for, else process.

        Transient-for counts within one process: any program may say that its dialog
        belongs to another one's window.
        """
        identity = top.identity or _NOBODY
        if identity.app_class or depth > len(self._stack):
            return identity.names
        parent = self._by_window.get(identity.transient_for) if identity.transient_for else None
        if parent is not None and parent is not top and _pid(parent) == identity.pid:
            return self._names(parent, depth + 1)
        for other in self._stack:
            kin = other.identity or _NOBODY
            if identity.pid and kin.pid == identity.pid and kin.app_class:
                return kin.names
        return identity.names

    def _page(self, top: Top, app: str) -> Page | None:
        identity = top.identity or _NOBODY
        told = self._apps.get(identity.pid)
        if told is None or not is_browser(app):
            return None
        return told.page(identity.title, top.rect)

    @staticmethod
    def _is_secondary(top: Top) -> bool:
        """Tell whether it is a menu, list or dialog rather than a browser's own window."""
        identity = top.identity or _NOBODY
        return top.is_override or not identity.client or bool(identity.transient_for)

    def _inherited(self, top: Top, app: str) -> Verdict:
        """Give the strictest decision on the process's own windows."""
        identity = top.identity or _NOBODY
        parent = self._by_window.get(identity.transient_for)
        mains = [parent] if parent is not None and parent is not top else self._stack
        found = [
            self._scope.decide(WindowFacts(app, kin.names, kin.title, self._page(other, app)))
            for other in mains
            if (kin := other.identity or _NOBODY).pid == identity.pid
            and not self._is_secondary(other)
        ]
        hidden = Verdict(Paint.HIDE, Gate.EXCLUDED)
        return min(found, key=lambda verdict: verdict.paint, default=hidden)

    def _shines_through(self, top: Top) -> bool:
        identity = top.identity or _NOBODY
        if not self._is_composited:
            return False
        if identity.opacity != SOLID:
            return True
        return top.depth == _ALPHA_DEPTH and identity.opaque is None

    def _areas(self, top: Top) -> tuple[Rect, ...]:
        identity = top.identity or _NOBODY
        is_bare = identity.client == top.window and top.depth == _ALPHA_DEPTH
        if self._is_composited and is_bare and identity.opaque:
            moved = (r.moved(top.x + top.border, top.y + top.border) for r in identity.opaque)
            return tuple(r.intersect(top.rect) for r in moved)
        return top.areas()


def _pid(top: Top) -> int:
    return top.identity.pid if top.identity else 0


def _page_place(top: Top, page: Page) -> Rect | None:
    """Give where the page stands on the screen, None when it is not told."""
    frame = (top.identity or _NOBODY).frame
    if page.margins is None:
        return None
    left, top_px, right, bottom = page.margins
    if len(frame) == len(page.margins):
        left, right, top_px, bottom = (
            left + frame[0], right + frame[1], top_px + frame[2], bottom + frame[3]
        )  # fmt: skip
    outer = top.rect
    return Rect(outer.x + left, outer.y + top_px, outer.w - left - right, outer.h - top_px - bottom)
