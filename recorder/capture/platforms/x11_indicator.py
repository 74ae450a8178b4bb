"""A small window, always on top, that says that it records; a click on it pauses.

A thread of its own listens: the window comes back above whatever covers it.
"""

import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from recorder.capture.platforms.indicator_picture import Picture, draw
from recorder.capture.platforms.x11_connection import parse_display, went_away
from recorder.capture.platforms.x11_indicator_window import (
    FULLY_OBSCURED,
    IndicatorWindow,
    is_most,
)
from recorder.core.faces import Face
from recorder.core.geometry import Rect

_LOOK_S: Final = 1.0
"""A look at the stack of windows costs some round trips."""
_LIFT_S: Final = 0.25
"""Two windows that both want to be on top take turns no faster."""
_SOON_S: Final = 0.1
"""Whatever other clients do to the window, nothing is done about it more often."""
_ARMED_S: Final = 0.7
"""The second click of a double click, which the first one's pause brought a button under, comes
before this (desktops take 0.4 to 0.5 s for one): it does not go on by accident."""
_MOST_EVENTS: Final = 2000
"""Within a second; moves by hand aside, the server itself sends a few."""
_STALE_S: Final = 4.0
"""What was seen longer ago counts no more: the server or the thread hangs."""
_DRAG_PX: Final = 5
_JOIN_S: Final = 0.5
"""A server that hangs keeps the thread; it ends with the process then."""


class X11Indicator:
    """`agent.indicator.Indicator` as a window. Closed when the display goes away.

    Args:
        display: As `DISPLAY` has it; without a host.
        act: Told "pause" or "resume" when the person clicks, from a thread of its own.

    Raises:
        SourceUnavailable: There is no display.
    """

    def __init__(self, display: str, act: Callable[[str], None]) -> None:
        from Xlib.error import ConnectionClosedError, XError  # noqa: PLC0415 - needs no X library

        self._lock = threading.Lock()
        self._wanted: Face | None = None
        self._closing = False
        self._seen_s = 0.0
        try:
            self._hands = _Hands(IndicatorWindow(display), act)
        except (ConnectionClosedError, XError, OSError) as cause:
            raise went_away(parse_display(display)) from cause
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)  # noqa: FBT003 - its only argument
        self._thread = threading.Thread(target=self._run, name="indicator", daemon=True)
        self._thread.start()

    def show(self, face: Face) -> bool:
        """Show a state, soon; gives whether the window can be seen just now."""
        with self._lock:
            self._wanted = face
        self._knock()
        return self.is_visible()

    def is_visible(self) -> bool:
        """Tell whether it can be seen: shown, on a monitor, not covered, and as it was drawn."""
        return self._seen_s > 0 and time.monotonic() - self._seen_s < _STALE_S

    def close(self) -> None:
        """Take the window away; never raises, may be called twice."""
        self._closing = True
        self._knock()
        self._thread.join(_JOIN_S)

    def _knock(self) -> None:
        try:
            self._wake.send(b"x")
        except OSError:
            return  # it is awake, or gone

    def _run(self) -> None:
        from Xlib.error import ConnectionClosedError, XError  # noqa: PLC0415 - needs no X library

        try:
            while not self._closing:
                self._turn()
        except (ConnectionClosedError, XError, OSError):
            return  # the display went away: it cannot be seen any more
        finally:
            self._seen_s = 0.0
            self._hands.leave()
            self._wake.close()
            self._woken.close()

    def _turn(self) -> None:
        """Show what is wanted, take what happened, look, and wait for the next."""
        with self._lock:
            face, self._wanted = self._wanted, None
        if face is not None:
            self._hands.show(face)
        wait_s = self._hands.take(time.monotonic())
        self._seen_s = time.monotonic() if self._hands.is_seen else 0.0
        ready, _, _ = select.select([self._hands.socket, self._woken], [], [], wait_s)
        if self._woken in ready:
            self._woken.recv(64)


class _Flooded(OSError):
    """A client sends more events than anybody could cause."""


class _Hands:
    """The window with what is done to it; used by the indicator's thread only."""

    def __init__(self, window: IndicatorWindow, act: Callable[[str], None]) -> None:
        self._window = window
        self._act = act
        self._face: Face | None = None
        self._drawn: tuple[Face, float] | None = None
        self._picture: Picture | None = None
        self._button_s = self._painted_s = 0.0
        self._due_s = self._looked_s = self._mended_s = 0.0
        self._is_touched = self._is_exposed = False
        self._grip: tuple[int, int] | None = None
        self._is_dragged = False
        self._events = 0
        self._counted_s = 0.0
        self.is_seen = False
        """Whether the window could be seen at the last look, and all the time since the one before."""

    @property
    def socket(self) -> Any:  # noqa: ANN401 - python-xlib has no types
        """The connection's socket, readable when something happened."""
        return self._window.connection.display.socket

    def show(self, face: Face) -> None:
        """Draw the face where it looks different: drawing anew twice a second costs CPU."""
        wanted = replace(face, app="", elapsed_s=0.0), self._window.scale
        self._face = face
        if wanted == self._drawn:
            return
        self._drawn = wanted
        picture = draw(*wanted)
        if picture != self._picture:
            if self._picture is None or picture.button != self._picture.button:
                self._button_s = time.monotonic()
            self._picture = picture
            self._window.put(picture)
            self._due_s = 0.0

    def take(self, now_s: float) -> float:
        """Take the events and look where it is time to; gives how long there is to wait.

        Raises:
            _Flooded: Somebody sends too many.
        """
        connection = self._window.connection
        for _ in range(connection.pending_events()):
            self._count(connection.next_event(), now_s)
        if self._picture is None:
            return _LOOK_S
        if self._is_exposed and now_s - self._painted_s >= _SOON_S:
            self._is_exposed, self._painted_s = False, now_s
            self._window.paint(self._picture)
        if now_s >= self._due_s:
            self._look(self._picture, now_s)
        if connection.pending_events():
            return 0.0  # they came with the answers
        until_s = min(self._due_s, self._painted_s + _SOON_S) if self._is_exposed else self._due_s
        return max(until_s - now_s, 0.0)

    def leave(self) -> None:
        """Let go of the display; its windows go with it."""
        from Xlib.error import ConnectionClosedError  # noqa: PLC0415 - needs no X library

        try:
            self._window.connection.close()
        except (ConnectionClosedError, OSError):
            return

    def _look(self, picture: Picture, now_s: float) -> None:
        """See whether it can be seen; what is wrong with it is put right for the next look."""
        window = self._window
        was_touched, self._is_touched = self._is_touched, False
        is_home = window.is_on_monitor()
        if not is_home:
            window.go_home()
        parts = window.parts_seen(picture)
        is_hidden = window.obscured == FULLY_OBSCURED or not is_most(window.rect, parts)
        self.is_seen = is_home and not is_hidden and not was_touched
        self._looked_s = now_s
        self._due_s = now_s + (_LOOK_S if self.is_seen else _LIFT_S)
        if now_s - self._mended_s >= _LIFT_S and (is_hidden or window.obscured):
            self._mended_s = now_s
            if parts:
                window.lift()
            else:
                window.mend(picture)

    def _count(self, event: Any, now_s: float) -> None:  # noqa: ANN401 - as above
        if now_s - self._counted_s >= 1:
            self._events, self._counted_s = 0, now_s
        is_move = type(event).__name__ == "MotionNotify" and not event.send_event
        self._events += not is_move
        if self._events > _MOST_EVENTS:
            raise _Flooded
        if not event.send_event:  # what a client makes up, by SendEvent, is nobody's hand
            self._note(event)

    def _note(self, event: Any) -> None:  # noqa: ANN401 - as above
        match type(event).__name__:
            case "Expose":
                self._is_exposed = True
            case "VisibilityNotify":
                self._window.obscured = event.state
                self._touch(is_hidden=event.state == FULLY_OBSCURED)
            case "ConfigureNotify":
                here = Rect(event.x, event.y, event.width, event.height)
                if here != self._window.rect and self._grip is None:
                    self._touch(is_hidden=True)
            case "UnmapNotify" | "ReparentNotify" | "DestroyNotify":
                self._touch(is_hidden=True)
            case "ScreenChangeNotify" | "CrtcChangeNotify":
                self._touch(is_hidden=False)
            case name:
                self._feel(event, name)

    def _feel(self, event: Any, name: str) -> None:  # noqa: ANN401 - as above
        """Take what the person's hand does."""
        match name:
            case "ButtonPress" if event.detail == 1:
                self._grip, self._is_dragged = (event.event_x, event.event_y), False
            case "MotionNotify" if self._grip is not None:
                self._drag(event, self._grip)
            case "ButtonRelease" if event.detail == 1 and self._grip is not None:
                self._grip = None
                if not self._is_dragged:
                    self._click(event.event_x, event.event_y)

    def _touch(self, *, is_hidden: bool) -> None:
        """Look soon; what hid it even for a moment counts until then."""
        self._is_touched |= is_hidden
        self._due_s = min(self._due_s, self._looked_s + _SOON_S)

    def _drag(self, event: Any, grip: tuple[int, int]) -> None:  # noqa: ANN401 - as above
        far = max(abs(event.event_x - grip[0]), abs(event.event_y - grip[1]))
        if self._is_dragged or far > _DRAG_PX:
            self._is_dragged = True
            self._window.move(event.root_x - grip[0], event.root_y - grip[1])

    def _click(self, x: int, y: int) -> None:
        """Pause by a click anywhere; going on takes the button, so nobody does by accident.

        A button that just came, or a window that somebody put under the pointer, is not meant.
        """
        button = self._picture.button if self._picture else None
        if button is not None and button.contains(x, y):
            is_meant = self.is_seen and not self._is_touched
            if is_meant and time.monotonic() - self._button_s >= _ARMED_S:
                self._act("resume")
        elif self._face is not None and self._face.state in {"recording", "degraded"}:
            self._act("pause")
