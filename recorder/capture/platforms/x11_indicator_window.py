"""The indicator's window: an override-redirect window in a corner, drawn with core requests."""

from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.indicator_picture import Picture
from recorder.capture.platforms.x11_connection import connect, parse_display
from recorder.capture.platforms.x11_monitors import read_monitors, watch_monitors
from recorder.capture.platforms.x11_properties import Asked, Properties, awaited
from recorder.core.geometry import Monitor, Rect
from recorder.core.own_page import OWN_WINDOW
from recorder.core.ports import SourceUnavailable

if TYPE_CHECKING:
    from Xlib.display import Display

_MARGIN_PX: Final = 10
_STRIP_BYTES: Final = 1 << 16
"""Of one PutImage; servers take 256 KiB at least."""
_DEPTHS: Final = (24, 32)
_INPUT_ONLY: Final = 2
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
        self._gc = self._window.create_gc()
        self._is_mapped = self._was_moved = False
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
            x=self.rect.x, y=self.rect.y, width=self.rect.w, height=self.rect.h, stack_mode=0
        )
        if not self._is_mapped:
            self._is_mapped = True
            self._window.map()
        self._paint(picture)
        self.connection.flush()

    def _paint(self, picture: Picture) -> None:
        from Xlib.X import ZPixmap  # noqa: PLC0415 - importing this module needs no X library

        row_bytes = 4 * picture.width
        rows = max(_STRIP_BYTES // row_bytes, 1)
        depth = self.connection.screen().root_depth
        for top in range(0, picture.height, rows):
            count = min(rows, picture.height - top)
            part = picture.bgrx[top * row_bytes : (top + count) * row_bytes]
            self._window.put_image(self._gc, 0, top, picture.width, count, ZPixmap, depth, 0, part)

    def move(self, x: int, y: int) -> None:
        """Move the window by hand; a place off every monitor is not taken."""
        rect = Rect(x, y, self.rect.w, self.rect.h)
        if _is_on(rect, self._monitors()):
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
        return _is_on(self.rect, self._monitors())

    def is_viewable(self) -> bool:
        """Tell whether the server shows the window and all that it lies in."""
        from Xlib.X import IsViewable  # noqa: PLC0415 - as above

        return bool(self._window.get_attributes().map_state == IsViewable)

    def is_covered(self) -> bool:
        """Tell whether a window above hides this one.

        Under a compositor no VisibilityNotify comes, so the stack is asked.
        """
        stack = [int(child.id) for child in self._root.query_tree().children]
        if int(self._window.id) not in stack:
            return True
        above = stack[stack.index(int(self._window.id)) + 1 :]
        server_bits = ~int(self.connection.display.info.resource_id_mask)
        return any(self._hides(window) for window in above if window & server_bits)

    def _hides(self, window: int) -> bool:
        from Xlib.protocol import request  # noqa: PLC0415 - as above
        from Xlib.X import IsViewable  # noqa: PLC0415 - as above

        wire = self.connection.display
        attributes = awaited(request.GetWindowAttributes(display=wire, defer=True, window=window))
        place = awaited(request.GetGeometry(display=wire, defer=True, drawable=window))
        if attributes is None or place is None or attributes.win_class == _INPUT_ONLY:
            return False
        edge = 2 * place.border_width
        rect = Rect(place.x, place.y, place.width + edge, place.height + edge)
        return attributes.map_state == IsViewable and rect.intersect(self.rect) == self.rect

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


def _is_on(rect: Rect, monitors: tuple[Monitor, ...]) -> bool:
    parts = (rect.intersect(monitor.rect) for monitor in monitors)
    return 2 * sum(part.w * part.h for part in parts if not part.is_empty) >= rect.w * rect.h


def _ignore_error(_error: object, _request: object) -> int:
    return 1
