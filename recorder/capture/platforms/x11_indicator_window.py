"""The indicator's window: an override-redirect window in a corner, drawn with core requests."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.indicator_picture import Picture
from recorder.capture.platforms.x11_connection import connect, parse_display
from recorder.capture.platforms.x11_indicator_sight import Sight
from recorder.capture.platforms.x11_monitors import read_monitors, watch_monitors
from recorder.capture.platforms.x11_properties import Asked, Properties
from recorder.core.geometry import Monitor, Rect
from recorder.core.own_page import OWN_WINDOW
from recorder.core.ports import SourceUnavailable

if TYPE_CHECKING:
    from Xlib.display import Display

_MARGIN_PX: Final = 10
_STRIP_BYTES: Final = 1 << 16
"""Of one PutImage; servers take 256 KiB at least."""
_DEPTHS: Final = (24, 32)
FULLY_OBSCURED: Final = 2
_WORK_AREA: Final = 4
"""x, y, width, height of the first desktop."""


class IndicatorWindow:
    """Made unmapped; used by one thread. Every method may raise what python-xlib raises.

    Args:
        display: As `DISPLAY` has it; without a host.

    Raises:
        SourceUnavailable: No display, or one whose pixels have no 24 bits.
    """

    def __init__(self, display: str) -> None:
        self.connection: Display = connect(parse_display(display))
        self.connection.set_error_handler(_ignore_error)
        screen = self.connection.screen()
        if screen.root_depth not in _DEPTHS:
            self.connection.close()
            raise SourceUnavailable(
                "The display has too few colours for the indicator's window",
                "use a display of 24 bits per pixel",
            )
        watch_monitors(self.connection)
        self._properties = Properties(self.connection)
        self._root = screen.root
        self._window = _create(self.connection)
        self._sight = Sight(self.connection, self._window, self._properties)
        self._gc = self._window.create_gc()
        self._was_moved = False
        self.rect = Rect(0, 0, 1, 1)
        self.obscured = 0
        """What the server said last: 0 all of it can be seen, 1 a part, `FULLY_OBSCURED`."""

    @property
    def scale(self) -> float:
        """How much larger than at 96 dots per inch everything is."""
        monitors = self._monitors()
        return monitors[0].scale if monitors else 1.0

    def put(self, picture: Picture) -> None:
        """Show a picture; the window takes its size and keeps its lower right corner."""
        corner = (self.rect.x + self.rect.w, self.rect.y + self.rect.h)
        if (picture.width, picture.height) != (self.rect.w, self.rect.h):
            self.rect = Rect(
                corner[0] - picture.width, corner[1] - picture.height, picture.width, picture.height
            )
        if not self._was_moved:
            self.rect = self._home()
        self._window.configure(
            x=self.rect.x, y=self.rect.y, width=self.rect.w, height=self.rect.h,
            border_width=0, stack_mode=0,
        )  # fmt: skip
        self._window.map()
        self.paint(picture)

    def paint(self, picture: Picture) -> None:
        """Draw what was put last once more."""
        from Xlib.X import ZPixmap  # noqa: PLC0415 - importing this module needs no X library

        row_bytes = 4 * picture.width
        rows = max(_STRIP_BYTES // row_bytes, 1)
        depth = self.connection.screen().root_depth
        for top in range(0, picture.height, rows):
            count = min(rows, picture.height - top)
            part = picture.bgrx[top * row_bytes : (top + count) * row_bytes]
            self._window.put_image(self._gc, 0, top, picture.width, count, ZPixmap, depth, 0, part)
        self.connection.flush()

    def move(self, x: int, y: int) -> None:
        """Move the window by hand; a place off every monitor is not taken."""
        rect = Rect(x, y, self.rect.w, self.rect.h)
        if self._is_on_monitor(rect):
            self.rect, self._was_moved = rect, True
            self._window.configure(x=x, y=y)
            self.connection.flush()

    def lift(self) -> None:
        """Put the window above all others."""
        self._window.configure(stack_mode=0)
        self.connection.flush()

    def go_home(self) -> None:
        """Put the window into its corner; the monitors may have changed."""
        self._was_moved = False
        self.rect = self._home()
        self._window.configure(x=self.rect.x, y=self.rect.y, stack_mode=0)
        self.connection.flush()

    def is_on_monitor(self) -> bool:
        """Tell whether at least half of the window is on a monitor."""
        return self._is_on_monitor(self.rect)

    def parts_seen(self, picture: Picture) -> list[Rect]:
        """Give the parts of the window that can be seen: shown, as put, not covered.

        Args:
            picture: What was put last.
        """
        if not self._sight.is_viewable() or not self._sight.is_whole(self.rect):
            return []
        parts = self._sight.uncovered(self.rect)
        return parts if parts and self._sight.shows(picture, self.rect, parts) else []

    def mend(self, picture: Picture) -> None:
        """Put the window as it should be, whatever another client did to it."""
        self._sight.make_whole()
        self.put(picture)

    def _is_on_monitor(self, rect: Rect) -> bool:
        return is_most(rect, (rect.intersect(monitor.rect) for monitor in self._monitors()))

    def _monitors(self) -> tuple[Monitor, ...]:
        return read_monitors(self.connection, self._properties)

    def _home(self) -> Rect:
        """Give the place in the lower right corner of the primary monitor, beside panels."""
        monitors = self._monitors()
        area = monitors[0].rect if monitors else Rect(0, 0, 0, 0)
        (work,) = self._properties.read([Asked(int(self._root.id), "_NET_WORKAREA")])
        if isinstance(work, tuple) and len(work) >= _WORK_AREA:
            inside = area.intersect(Rect(*work[:_WORK_AREA]))
            area = area if inside.is_empty else inside
        edge = round(_MARGIN_PX * (monitors[0].scale if monitors else 1.0))
        x, y = area.x + area.w - self.rect.w - edge, area.y + area.h - self.rect.h - edge
        return Rect(max(x, area.x), max(y, area.y), self.rect.w, self.rect.h)


def _create(connection: "Display") -> Any:  # noqa: ANN401 - python-xlib has no types
    """Make the window; the scope knows it by its class and never records it."""
    from Xlib import X, Xatom  # noqa: PLC0415 - as above

    screen = connection.screen()
    mask = (
        X.ExposureMask | X.VisibilityChangeMask | X.StructureNotifyMask | X.ButtonPressMask
        | X.ButtonReleaseMask | X.Button1MotionMask
    )  # fmt: skip
    window = screen.root.create_window(
        0, 0, 1, 1, 0, screen.root_depth, X.InputOutput, X.CopyFromParent,
        override_redirect=True, event_mask=mask, background_pixel=screen.black_pixel,
    )  # fmt: skip
    window.set_wm_name("Recorder")
    window.set_wm_class(OWN_WINDOW, OWN_WINDOW)
    kind = connection.intern_atom("_NET_WM_WINDOW_TYPE")
    notice = connection.intern_atom("_NET_WM_WINDOW_TYPE_NOTIFICATION")
    window.change_property(kind, Xatom.ATOM, 32, [notice])
    return window


def is_most(rect: Rect, parts: Iterable[Rect]) -> bool:
    """Tell whether parts that do not overlap are at least half of a rectangle."""
    return 2 * sum(part.w * part.h for part in parts if not part.is_empty) >= rect.w * rect.h


def _ignore_error(_error: object, _request: object) -> int:
    return 1
