"""Who gets the keys: input focus, active window and keyboard grabs."""

from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.x11_properties import Asked, Properties
from recorder.capture.platforms.x11_windows import WindowTree

if TYPE_CHECKING:
    from Xlib.display import Display

_POINTER_ROOT: Final = 1
_NOTIFY_NORMAL: Final = 0
_NOTIFY_GRAB: Final = 1
_NOTIFY_UNGRAB: Final = 2
_GRAB_NS: Final = 150_000_000
"""A window manager's own shortcuts grab the keyboard for as long as the key is down; a
grab that lasts longer takes the keys from the focused window."""


class FocusReader:
    """Keeps the focused top-level window of one screen."""

    def __init__(self, display: "Display", properties: Properties, tree: WindowTree) -> None:
        self._display = display
        self._properties = properties
        self._tree = tree
        self._root = int(display.screen().root.id)
        self._input = 0
        self._active = 0
        self._is_active_stale = True
        self._grab_since_ns: int | None = None
        self._grabber = 0

    def absorb(self, event: Any, now_ns: int) -> None:  # noqa: ANN401 - python-xlib has no types
        """Take one event into account."""
        from Xlib import X  # noqa: PLC0415

        if event.type == X.PropertyNotify and int(event.window.id) == self._root:
            self._is_active_stale = True
        elif event.type in {X.FocusIn, X.FocusOut}:
            if event.mode in {_NOTIFY_UNGRAB, _NOTIFY_NORMAL}:
                self._grab_since_ns = None
            elif event.mode == _NOTIFY_GRAB:
                self._begin_grab(event, now_ns, is_target=event.type == X.FocusIn)

    def read(self) -> None:
        """Ask who has the focus: one round trip, which brings every event sent before it."""
        from Xlib.error import XError  # noqa: PLC0415

        try:
            answer: Any = self._display.get_input_focus()
        except XError:
            self._input = 0
            return
        self._input = int(getattr(answer.focus, "id", answer.focus))
        if self._is_active_stale:
            self._is_active_stale = False
            self._active = self._read_active()

    def tops(self, now_ns: int) -> tuple[int, int]:
        """Give the focused top-level window and the active one; 0 for none or unknown."""
        focused = self._tree.top_of(self._input) if self._input > _POINTER_ROOT else 0
        if self._grab_since_ns is not None and now_ns - self._grab_since_ns >= _GRAB_NS:
            focused = self._tree.top_of(self._grabber) if self._grabber else 0
        return focused, self._tree.top_of(self._active) if self._active else focused

    @property
    def grab_due_ns(self) -> int | None:
        """When a keyboard grab begins to count, None without one."""
        return None if self._grab_since_ns is None else self._grab_since_ns + _GRAB_NS

    def _begin_grab(self, event: Any, now_ns: int, *, is_target: bool) -> None:  # noqa: ANN401 - as above
        if self._grab_since_ns is None:
            self._grab_since_ns, self._grabber = now_ns, 0
        if is_target and int(event.window.id) != self._root:
            self._grabber = int(event.window.id)

    def _read_active(self) -> int:
        (value,) = self._properties.read([Asked(self._root, "_NET_ACTIVE_WINDOW")])
        return value[0] if isinstance(value, tuple) and value else 0
