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
from recorder.capture.platforms.x11_indicator_window import FULLY_OBSCURED, IndicatorWindow
from recorder.core.faces import Face

_LOOK_S: Final = 1.0
"""A look at the stack of windows costs some round trips."""
_LIFT_S: Final = 0.25
"""Two windows that both want to be on top take turns no faster."""
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
        """Tell whether the window can be seen: shown, on a monitor, not covered."""
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


class _Hands:
    """The window with what is done to it; used by the indicator's thread only."""

    def __init__(self, window: IndicatorWindow, act: Callable[[str], None]) -> None:
        self._window = window
        self._act = act
        self._face: Face | None = None
        self._drawn: tuple[Face, float] | None = None
        self._picture: Picture | None = None
        self._looked_s = self._lifted_s = 0.0
        self._grip: tuple[int, int] | None = None
        self._is_dragged = False
        self.is_seen = False
        """Whether the window could be seen at the last look."""

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
            self._picture = picture
            self._window.put(picture)
            self._looked_s = 0.0

    def take(self, now_s: float) -> float:
        """Take all events and look where it is time to; gives how long there is to wait."""
        connection = self._window.connection
        while count := connection.pending_events():
            for _ in range(count):
                self._note(connection.next_event())
        if self._picture is None:
            return _LOOK_S
        if now_s - self._looked_s >= self._pause_s:
            self._look(now_s)
        if connection.pending_events():
            return 0.0  # they came with the answers
        return max(self._looked_s + self._pause_s - now_s, 0.0)

    @property
    def _pause_s(self) -> float:
        return _LOOK_S if self.is_seen else _LIFT_S

    def leave(self) -> None:
        """Let go of the display; its windows go with it."""
        from Xlib.error import ConnectionClosedError  # noqa: PLC0415 - needs no X library

        try:
            self._window.connection.close()
        except (ConnectionClosedError, OSError):
            return

    def _look(self, now_s: float) -> None:
        window = self._window
        self._looked_s = now_s
        if not window.is_on_monitor():
            window.go_home()
        is_hidden = window.is_covered()
        if (is_hidden or window.obscured) and now_s - self._lifted_s >= _LIFT_S:
            self._lifted_s = now_s
            window.lift()
            is_hidden = window.is_covered()
        else:
            is_hidden = is_hidden or window.obscured == FULLY_OBSCURED
        self.is_seen = not is_hidden and window.is_viewable() and window.is_on_monitor()

    def _note(self, event: Any) -> None:  # noqa: ANN401 - as above
        match type(event).__name__:
            case "Expose" if self._picture is not None:
                self._window.put(self._picture)
            case "VisibilityNotify":
                self._window.obscured = event.state
                self._looked_s = 0.0
            case "ScreenChangeNotify" | "CrtcChangeNotify" | "UnmapNotify":
                self._looked_s = 0.0
            case "ButtonPress" if event.detail == 1:
                self._grip, self._is_dragged = (event.event_x, event.event_y), False
            case "MotionNotify" if self._grip is not None:
                self._drag(event, self._grip)
            case "ButtonRelease" if event.detail == 1 and self._grip is not None:
                self._grip = None
                if not self._is_dragged:
                    self._click(event.event_x, event.event_y)

    def _drag(self, event: Any, grip: tuple[int, int]) -> None:  # noqa: ANN401 - as above
        far = max(abs(event.event_x - grip[0]), abs(event.event_y - grip[1]))
        if self._is_dragged or far > _DRAG_PX:
            self._is_dragged = True
            self._window.move(event.root_x - grip[0], event.root_y - grip[1])

    def _click(self, x: int, y: int) -> None:
        """Pause by a click anywhere; going on takes the button, so nobody does by accident."""
        button = self._picture.button if self._picture else None
        if button is not None and button.contains(x, y):
            self._act("resume")
        elif self._face is not None and self._face.state in {"recording", "degraded"}:
            self._act("pause")
