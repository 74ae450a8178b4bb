"""The stack of top-level windows, kept up to date by events of the root window."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.x11_identity import IdentityReader
from recorder.capture.platforms.x11_properties import Properties, awaited
from recorder.capture.platforms.x11_tops import Top
from recorder.core.geometry import Rect

if TYPE_CHECKING:
    from Xlib.display import Display

_ROOT_MASK: Final = 1 << 17 | 1 << 19 | 1 << 22
"""StructureNotify, SubstructureNotify, PropertyChange."""
_INPUT_ONLY: Final = 2
_UNMAPPED: Final = 0
_RETRY_NS: Final = 100_000_000
_ANCESTORS: Final = 12
_CACHE_SIZE: Final = 512
_MOST_PLACES: Final = 64


class WindowTree:
    """Top-level windows of one screen; the caller holds the connection's lock."""

    def __init__(self, display: "Display", properties: Properties) -> None:
        self._display = display
        self._root = int(display.screen().root.id)
        self._client_bits = ~int(display.display.info.resource_id_mask)
        self._reader = IdentityReader(display, properties)
        self._tops: dict[int, Top] = {}
        self._order: list[int] = []
        self._top_of: dict[int, int] = {}
        self._is_order_stale = True
        self._retry_ns = 0
        self._trail: list[tuple[int, Rect]] = []

    def watch(self) -> None:
        """Ask the root window for news."""
        self._display.screen().root.change_attributes(event_mask=_ROOT_MASK)

    def absorb(self, event: Any) -> None:  # noqa: ANN401 - python-xlib has no types
        """Take one event into account."""
        from Xlib import X  # noqa: PLC0415

        if event.type == X.ConfigureNotify:
            self._configured(event)
        elif event.type in {X.MapNotify, X.UnmapNotify}:
            self._mapped(int(event.window.id), is_mapped=event.type == X.MapNotify)
        elif event.type in {X.CreateNotify, X.DestroyNotify, X.ReparentNotify, X.CirculateNotify}:
            self._is_order_stale = True
            self._top_of.clear()
            self._forget_identity(int(event.window.id))
            if event.type == X.ReparentNotify:
                self._forget_identity(int(event.parent.id))
        elif event.type == X.PropertyNotify:
            self._forget_identity(int(event.window.id))

    def shape_changed(self, window: int) -> None:
        """Take a change of a window's shape into account."""
        self._forget_identity(window)

    def settle(self, now_ns: int) -> None:
        """Ask the server for whatever the events left open."""
        if self._is_order_stale:
            self._is_order_stale = False
            self._read_order()
        for top in self._shown():
            if top.identity is None or (not top.identity.names and now_ns >= self._retry_ns):
                self._reader.read(top)
        if now_ns >= self._retry_ns:
            self._retry_ns = now_ns + _RETRY_NS

    def stack(self) -> list[Top]:
        """Give the windows that show pixels, from the top of the stack down."""
        return list(self._shown())

    def take_trail(self) -> tuple[tuple[int, Rect], ...]:
        """Give windows with places where they were since the last call and are no more."""
        trail, self._trail = tuple(self._trail), []
        return trail

    def top_of(self, window: int) -> int:
        """Give the top-level window that holds a window, 0 when there is none."""
        if window in self._tops:
            return window
        if window not in self._top_of:
            if len(self._top_of) >= _CACHE_SIZE:
                self._top_of.clear()
            found = self._climb(window)
            if not found:
                return 0
            self._top_of[window] = found
        return self._top_of[window]

    def get(self, window: int) -> Top | None:
        """Give one top-level window by its id."""
        return self._tops.get(window)

    def _shown(self) -> Iterable[Top]:
        tops = (self._tops[window] for window in reversed(self._order) if window in self._tops)
        return (top for top in tops if top.is_mapped and not top.is_input_only)

    def _configured(self, event: Any) -> None:  # noqa: ANN401 - as above
        top = self._tops.get(int(event.window.id))
        if top is None:
            return
        if (top.w, top.h) != (event.width, event.height) and top.shape is not None:
            top.identity = None
        before = top.rect
        top.x, top.y, top.w, top.h = event.x, event.y, event.width, event.height
        top.border, top.is_override = event.border_width, bool(event.override)
        if top.is_mapped and top.rect != before:
            self._leave(top.window, before)
        above = int(event.above_sibling.id) if event.above_sibling else 0
        if above != top.above:
            top.above = above
            self._is_order_stale = True

    def _mapped(self, window: int, *, is_mapped: bool) -> None:
        self._top_of.clear()
        top = self._tops.get(window)
        if top is not None:
            if top.is_mapped and not is_mapped:
                self._leave(window, top.rect)
            top.is_mapped = is_mapped
            top.identity = None
            self._is_order_stale = True
        else:
            self._forget_identity(window)

    def _leave(self, window: int, rect: Rect) -> None:
        """Remember where a window was; of very many places their union."""
        self._trail.append((window, rect))
        if len(self._trail) > _MOST_PLACES:
            union = Rect(0, 0, 0, 0)
            for _, place in self._trail:
                union = union.union(place)
            self._trail = [(0, union)]

    def _forget_identity(self, window: int) -> None:
        for top in self._tops.values():
            if window == top.window or window in top.watched:
                top.identity = None

    def _read_order(self) -> None:
        from Xlib.protocol import request  # noqa: PLC0415

        answer = awaited(
            request.QueryTree(display=self._display.display, defer=True, window=self._root)
        )
        self._order = [int(child.id) for child in answer.children] if answer else []
        present = set(self._order)
        for window in [w for w in self._tops if w not in present]:
            del self._tops[window]
        self._add([w for w in self._order if w not in self._tops and w & self._client_bits])

    def _add(self, windows: list[int]) -> None:
        """Read windows of clients; the server's own is the compositor's canvas over all."""
        from Xlib.protocol import request  # noqa: PLC0415

        connection = self._display.display
        asked = [
            (
                window,
                request.GetWindowAttributes(display=connection, defer=True, window=window),
                request.GetGeometry(display=connection, defer=True, drawable=window),
            )
            for window in windows
        ]
        for window, attributes_reply, geometry_reply in asked:
            attributes, geometry = awaited(attributes_reply), awaited(geometry_reply)
            if attributes is None or geometry is None:
                continue
            self._tops[window] = Top(
                window, geometry.x, geometry.y, geometry.width, geometry.height,
                geometry.border_width, attributes.map_state != _UNMAPPED,
                attributes.win_class == _INPUT_ONLY, bool(attributes.override_redirect),
                geometry.depth,
            )  # fmt: skip

    def _climb(self, window: int) -> int:
        from Xlib.protocol import request  # noqa: PLC0415

        for _ in range(_ANCESTORS):
            answer = awaited(
                request.QueryTree(display=self._display.display, defer=True, window=window)
            )
            parent = int(answer.parent.id) if answer and answer.parent else 0
            if parent == self._root:
                return window if window in self._tops else 0
            if not parent:
                return 0
            window = parent
        return 0
