"""The context watcher on X11: focus, secure fields, stacking order, geometry."""

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.atspi import Accessibility
from recorder.capture.platforms.atspi_targets import Aim
from recorder.capture.platforms.terminals import Terminals
from recorder.capture.platforms.x11_connection import (
    close_quietly,
    connect,
    parse_display,
    require_display,
)
from recorder.capture.platforms.x11_drawing import Drawing
from recorder.capture.platforms.x11_focus import FocusReader
from recorder.capture.platforms.x11_monitors import read_monitors, watch_monitors
from recorder.capture.platforms.x11_properties import Properties
from recorder.capture.platforms.x11_sight import Sight, Surroundings
from recorder.capture.platforms.x11_windows import WindowTree
from recorder.capture.scope import Scope, is_browser
from recorder.core.ports import SourceLost
from recorder.core.proofs import LiveGrant
from recorder.core.scenes import Paint, Scene
from recorder.core.targets import Target

if TYPE_CHECKING:
    from Xlib.display import Display

    from recorder.core.geometry import Monitor

_KEPT_SCENES: Final = 512
"""Scenes between two calls of `wait`; beyond it the oldest are dropped."""
_TERMINAL_POLL_S: Final = 0.1
"""`read -s` begins without any event of the display."""
_VERIFY_S: Final = 0.15
_ROUNDS: Final = 6


class X11SceneSource:
    """`core.ports.SceneSource` for X11.

    Args:
        display: As `DISPLAY` has it; without a host.
        scope: What may be recorded.
    """

    def __init__(self, display: str, scope: Scope) -> None:
        self._name = parse_display(display)
        self._lock = threading.RLock()
        self._scenes: deque[Scene] = deque(maxlen=_KEPT_SCENES)
        self._last: Scene | None = None
        self._wake_read, self._wake_write = -1, -1
        self._connection: Display | None = None
        self._accessibility = Accessibility(self._wake)
        self._sight = Sight(scope, self._accessibility, Terminals())
        self._monitors: tuple[Monitor, ...] = ()
        self._are_monitors_stale = True
        self._is_composited = False

    def open(self, grant: LiveGrant) -> None:
        """Connect and take the first scene.

        Raises:
            SourceUnavailable: There is no display, or the grant is bound to another.
        """
        require_display(grant, self._name)
        self._connection = connection = connect(self._name)
        connection.set_error_handler(_ignore_error)
        self._wake_read, self._wake_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._properties = Properties(connection)
        self._tree = WindowTree(connection, self._properties)
        self._drawing = Drawing(connection)
        self._focus = FocusReader(connection, self._properties, self._tree)
        self._tree.watch()
        watch_monitors(connection)
        self._accessibility.start()
        self._refresh()

    def set_scope(self, scope: Scope) -> None:
        """Decide by another scope from now on; the next scene follows it."""
        with self._lock:
            self._sight.set_scope(scope)
        self._wake()

    def aim(self, place: tuple[int, int] | None, take: Callable[[Target | None], None]) -> None:
        """Ask for the element under an action; never waits.

        Args:
            place: Pixel of the pointer; None for the element that has the keyboard.
            take: Called later on another thread; with None where nothing is told.
        """
        scene, judged = self._last, self._sight.judged
        window = (scene.focused if place is None else scene.window_at(*place)) if scene else None
        found = judged.get(window.window_id) if window else None
        if window is None or window.paint is Paint.HIDE or found is None:
            take(None)
            return
        identity = found.identity
        host = found.host if is_browser(found.app_id) else None
        self._accessibility.aim(
            Aim(identity.pid, identity.title, found.top.rect, host, place), take
        )

    def fresh(self, *, asks_apps: bool = True) -> Scene:
        """Give the scene as it is now; see the port."""
        if asks_apps and self._sight.needs_verifying and not self._accessibility.verify(_VERIFY_S):
            self._wake()
        scene = self._refresh()
        if self._scenes:
            self._wake()
        return scene

    def wait(self, timeout_s: float) -> list[Scene]:
        """Give the scenes since the last call; see the port."""
        end_s = time.monotonic() + timeout_s
        while True:
            with self._lock:
                found, connection = list(self._scenes), self._connection
                self._scenes.clear()
            left_s = end_s - time.monotonic()
            if found or left_s <= 0:
                return found
            if connection is None:
                raise SourceLost("The context watcher is closed")
            if self._sleep(connection, left_s):
                self._refresh()

    def close(self) -> None:
        """Disconnect; never raises, may be called twice."""
        self._accessibility.close()
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                close_quietly(connection)
                os.close(self._wake_read)
                os.close(self._wake_write)

    def _sleep(self, connection: "Display", left_s: float) -> bool:
        """Wait for news of display, accessibility or terminal; True when there is any."""
        if self._sight.is_terminal:
            left_s = min(left_s, _TERMINAL_POLL_S)
        dues = [due for due in (self._focus.grab_due_ns, self._sight.due_ns) if due is not None]
        if dues:
            left_s = min(left_s, max((min(dues) - time.monotonic_ns()) / 1e9, 0.001))
        try:
            ready, _, _ = select.select(
                [connection.display.socket, self._wake_read], [], [], left_s
            )
            if self._wake_read in ready:
                os.read(self._wake_read, 4096)
        except (OSError, ValueError):
            return True
        if dues or self._wake_read in ready or (ready and self._has_events()):
            return True
        return self._sight.is_terminal_changed(time.monotonic_ns())

    def _has_events(self) -> bool:
        """Tell whether the display has news; mostly it answered what another thread asked."""
        from Xlib.error import ConnectionClosedError  # noqa: PLC0415

        with self._lock:
            try:
                return self._connection is None or self._connection.pending_events() > 0
            except (ConnectionClosedError, OSError):
                return True

    def _refresh(self) -> Scene:
        from Xlib.error import ConnectionClosedError  # noqa: PLC0415

        with self._lock:
            if self._connection is None:
                raise SourceLost("The context watcher is closed")
            try:
                scene = self._look(self._connection)
            except (ConnectionClosedError, OSError) as cause:
                raise SourceLost("The X display went away") from cause
            return self._keep(scene)

    def _look(self, connection: "Display") -> Scene:
        """Bring windows, focus and monitors up to date, then see."""
        for _ in range(_ROUNDS):
            now_ns = time.monotonic_ns()
            self._focus.read()
            had_news = self._absorb_all(connection, now_ns)
            if had_news or self._last is None:
                self._is_composited = self._has_compositor(connection)
            self._tree.settle(now_ns)
            if self._are_monitors_stale:
                self._are_monitors_stale = False
                self._monitors = read_monitors(connection, self._properties)
            if not had_news:
                break
        focus, active = self._focus.tops(time.monotonic_ns())
        around = Surroundings(
            self._monitors, tuple(self._tree.stack()), focus, active, self._is_composited,
            self._tree.take_trail(), self._drawing,
        )  # fmt: skip
        return self._sight.see(around, time.monotonic_ns())

    def _has_compositor(self, connection: "Display") -> bool:
        """Tell whether windows may let others shine through (EWMH, _NET_WM_CM_Sn)."""
        atom = self._properties.atom(f"_NET_WM_CM_S{self._name.screen}")
        owner = connection.get_selection_owner(atom)
        return bool(getattr(owner, "id", owner))

    def _absorb_all(self, connection: "Display", now_ns: int) -> bool:
        had_news = False
        while count := connection.pending_events():
            had_news = True
            for _ in range(count):
                self._absorb(connection.next_event(), now_ns)
        return had_news

    def _absorb(self, event: Any, now_ns: int) -> None:  # noqa: ANN401 - python-xlib has no types
        name = type(event).__name__
        if name in {"ScreenChangeNotify", "CrtcChangeNotify"}:
            self._are_monitors_stale = True
        elif name == "NotifyEventData":
            self._tree.shape_changed(int(event.affected_window.id))
        else:
            if name == "ConfigureNotify" and int(event.window.id) == self._root:
                self._are_monitors_stale = True
            self._tree.absorb(event)
            self._focus.absorb(event, now_ns)

    @property
    def _root(self) -> int:
        return int(self._connection.screen().root.id) if self._connection else 0

    def _keep(self, scene: Scene) -> Scene:
        """Remember a scene that differs from the last one; give the one in force."""
        last = self._last
        if last is None or replace(scene, t_ns=last.t_ns) != last:
            self._last = scene
            self._scenes.append(scene)
        return scene

    def _wake(self) -> None:
        with self._lock:
            if self._connection is not None:
                try:
                    os.write(self._wake_write, b"1")
                except BlockingIOError:
                    return


def _ignore_error(_error: object, _request: object) -> int:
    """Take errors about windows that have gone meanwhile."""
    return 1
