"""Pictures of monitors by MIT-SHM, and news of change by XDamage."""

import select
import time
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.x11_connection import (
    DisplayName,
    connect,
    parse_display,
    require_display,
)
from recorder.capture.platforms.x11_monitors import watch_monitors
from recorder.core.frames import RawFrame
from recorder.core.geometry import Monitor
from recorder.core.ports import SourceLost, SourceUnavailable
from recorder.core.proofs import LiveGrant

if TYPE_CHECKING:
    from mss import MSS
    from Xlib.display import Display

_BOUNDING_BOX: Final = 2
_TRIES: Final = 2
_ROUNDS: Final = 3
"""Damage that arrives while older damage is cleared is cleared too; what is still left after
so many rounds counts as a change after the grab."""


class X11ScreenSource:
    """`core.ports.ScreenSource` for X11, used by one thread.

    Args:
        display: As `DISPLAY` has it; without a host.
    """

    def __init__(self, display: str) -> None:
        self._name = parse_display(display)
        self._connection: Display | None = None
        self._camera: MSS | None = None
        self._damage = 0
        self._last_change_ns: int | None = None
        self._valid_from_ns: int | None = None
        self._is_changed = True
        self._is_geometry_changed = False

    def open(self, grant: LiveGrant) -> None:
        """Connect to the display.

        Raises:
            SourceUnavailable: No display, no XDamage, or a grant bound to another display.
        """
        require_display(grant, self._name)
        self._connection = connection = connect(self._name)
        connection.set_error_handler(_ignore_error)
        if not connection.has_extension("DAMAGE"):
            self.close()
            raise SourceUnavailable(
                "The X server does not tell when the screen changes (no DAMAGE extension)",
                "use an X server with the DAMAGE extension, as every current one has",
            )
        connection.damage_query_version()
        watch_monitors(connection)
        self._damage = connection.screen().root.damage_create(_BOUNDING_BOX)
        connection.damage_subtract(self._damage)
        connection.flush()
        self._camera = _open_camera(self._name)

    def fileno(self) -> int:
        """Give the descriptor that is readable when something may have changed.

        Raises:
            SourceLost: The display server went away.
        """
        return int(self._alive().display.socket.fileno())

    def wait_for_change(self, timeout_s: float) -> bool:
        """Wait for damage; True when something changed since the last grab."""
        end_s = time.monotonic() + timeout_s
        self._take_news()
        while not self._is_changed:
            left_s = end_s - time.monotonic()
            if left_s <= 0:
                return False
            select.select([self.fileno()], [], [], left_s)
            self._take_news()
        return True

    @property
    def last_change_ns(self) -> int | None:
        """When the newest damage arrived; None before the first."""
        return self._last_change_ns

    def grab(self, monitor: Monitor) -> RawFrame | None:
        """Take one monitor's picture; a camera that fails is rebuilt once.

        None when it fails again: the screen became smaller, and news of it is on its way.

        Raises:
            SourceLost: The display server went away.
        """
        from mss import ScreenShotError  # noqa: PLC0415

        for _ in range(_TRIES):
            was_changed = self._listen_anew()
            start_ns = time.monotonic_ns()
            if was_changed:
                self._valid_from_ns = start_ns
            try:
                pixels = self._take(monitor)
            except (ScreenShotError, OSError):
                self._close_camera()
                continue
            end_ns = time.monotonic_ns()
            return RawFrame(
                pixels, monitor.rect, monitor.monitor_id, monitor.scale, start_ns, end_ns,
                self._valid_from_ns,
            )  # fmt: skip
        return None

    def close(self) -> None:
        """Disconnect; never raises, may be called twice."""
        from Xlib.error import ConnectionClosedError  # noqa: PLC0415

        self._close_camera()
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (ConnectionClosedError, OSError):
                return

    def _alive(self) -> "Display":
        if self._connection is None:
            raise SourceLost("The screen source is closed")
        return self._connection

    def _listen_anew(self) -> bool:
        """Have the next change told again; True when the screen changed since the last time.

        The server has cleared the damage before the picture is asked for on the camera's
        connection, so no change falls between the two.
        """
        from Xlib.error import ConnectionClosedError  # noqa: PLC0415

        was_changed = False
        for _ in range(_ROUNDS):
            self._take_news()
            if not self._is_changed:
                break
            was_changed, self._is_changed = True, False
            try:
                self._alive().damage_subtract(self._damage)
                self._alive().sync()
            except (ConnectionClosedError, OSError) as cause:
                raise SourceLost("The X display went away") from cause
        return was_changed

    def _take_news(self) -> None:
        """Read pending events. Until the next grab the server tells of growing damage only."""
        from Xlib.error import ConnectionClosedError  # noqa: PLC0415

        connection = self._alive()
        try:
            while count := connection.pending_events():
                for _ in range(count):
                    self._note(connection.next_event())
        except (ConnectionClosedError, OSError) as cause:
            raise SourceLost("The X display went away") from cause

    def _note(self, event: Any) -> None:  # noqa: ANN401 - python-xlib has no types
        name = type(event).__name__
        if name in {"ScreenChangeNotify", "CrtcChangeNotify"}:
            self._is_geometry_changed = True
        elif name != "DamageNotify":
            return
        self._last_change_ns, self._is_changed = time.monotonic_ns(), True

    def _take(self, monitor: Monitor) -> bytearray:
        if self._is_geometry_changed:
            self._is_geometry_changed = False
            self._close_camera()
        if self._camera is None:
            self._camera = _open_camera(self._name)
        rect = monitor.rect
        shot = self._camera.grab({"left": rect.x, "top": rect.y, "width": rect.w, "height": rect.h})
        return shot.raw

    def _close_camera(self) -> None:
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()


def _open_camera(name: DisplayName) -> "MSS":
    """Open MIT-SHM grabbing.

    Named `unix/:N`, libxcb stays with the unix socket; a bare `:N` falls back to TCP.

    Raises:
        SourceUnavailable: The server refuses.
    """
    from mss import MSS, ScreenShotError  # noqa: PLC0415

    try:
        return MSS(backend="xshmgetimage", display=name.xlib)
    except (ScreenShotError, OSError) as cause:
        raise SourceUnavailable(
            "The X server gives no pictures of the screen",
            "use a display of 24 or 32 bits per pixel, on this machine",
        ) from cause


def _ignore_error(_error: object, _request: object) -> int:
    return 1
