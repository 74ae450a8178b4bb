"""Desktop notifications: org.freedesktop.Notifications, where a server answers.

Source: https://specifications.freedesktop.org/notification-spec/latest/
"""

import asyncio
import contextlib
import html
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final

from recorder.capture.platforms.bus_calls import BusCalls, Unanswered
from recorder.capture.platforms.session_thread import SessionThread
from recorder.core.notifications import Notification
from recorder.core.plain_line import plain_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from dbus_fast.aio import MessageBus

NAME: Final = "org.freedesktop.Notifications"
_REF: Final = (NAME, "/org/freedesktop/Notifications")
_APART_NS: Final = 60 * 10**9
_MOST_WAITING: Final = 16
_NORMAL: Final = 1
_SERVERS_TIME: Final = -1
_LAST_S: Final = 1.0
_POLL_S: Final = 0.01


class _Patient(BusCalls):
    """A server may have to be started by the bus first."""

    timeout_s = 5.0


class Notifications:
    """Sends notifications on a thread of its own; told and closed from any thread.

    Args:
        now_ns: The monotonic clock.
    """

    def __init__(self, now_ns: "Callable[[], int]" = time.monotonic_ns) -> None:
        self._now_ns = now_ns
        self._lock = threading.Lock()
        self._told_ns: dict[str, int] = {}
        self._waiting: deque[Notification | str] = deque(maxlen=_MOST_WAITING)
        self._wake = asyncio.Event()
        self._ids: dict[str, tuple[str, int]] = {}
        self._is_connected = False
        self._is_sending = False
        self.server = ""
        """The server that answered last, with its version; "" while none does."""
        self.shown = 0
        """How many notifications a server took."""
        self._thread = SessionThread("notifications", self)
        self._thread.start()

    def tell(self, notification: Notification) -> bool:
        """Send it soon; False without a bus or within a minute of its kind. Never waits.

        Whether a server took it is known later, by `shown`.
        """
        now_ns = self._now_ns()
        with self._lock:
            last_ns = self._told_ns.get(notification.kind)
            is_early = last_ns is not None and now_ns - last_ns < _APART_NS
            if is_early or not self._is_connected:
                return False
            self._told_ns[notification.kind] = now_ns
        self._waiting.append(notification)
        self._thread.post(self._wake.set)
        return True

    def take_away(self, kind: str) -> None:
        """Take away what was told of a kind, soon, where it still stands. Never waits."""
        self._waiting.append(kind)
        self._thread.post(self._wake.set)

    def close(self) -> None:
        """Send what waits, within a second, and end the thread; may be called twice."""
        until_s = time.monotonic() + _LAST_S
        while self._is_connected and self._is_busy and time.monotonic() < until_s:
            time.sleep(_POLL_S)
        self._thread.close()

    @property
    def _is_busy(self) -> bool:
        return bool(self._waiting) or self._is_sending

    async def serve(self, bus: "MessageBus") -> None:
        """Send what is told; called by the thread."""
        calls = _Patient(bus)
        self._is_connected = True
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                self._is_sending = True
                news = self._waiting.popleft()
                try:
                    if isinstance(news, str):
                        await self._close(calls, news)
                    else:
                        await self._send(calls, news)
                except Unanswered:
                    self.server = ""
                self._is_sending = False

    def lost(self) -> None:
        """Take note that there is no connection; called by the thread."""
        self._is_connected = False
        self.server = ""
        self._waiting.clear()
        self._is_sending = False

    async def _send(self, calls: BusCalls, notification: Notification) -> None:
        """Send one.

        Raises:
            Unanswered: There is no server, or it does not take it.
        """
        about = await calls.call(_REF, f"{NAME}.GetServerInformation")
        features = await calls.call(_REF, f"{NAME}.GetCapabilities")
        owner = await calls.owner_of(NAME)
        known, number = self._ids.get(notification.kind, ("", 0))
        told = await calls.call(
            _REF, f"{NAME}.Notify", "susssasa{sv}i", "Recorder", number if known == owner else 0,
            "", plain_line(notification.summary), _body(notification, features), [], _hints(),
            _SERVERS_TIME,
        )  # fmt: skip
        if not told or not isinstance(told[0], int):
            raise Unanswered(NAME)
        self._ids[notification.kind] = (owner, told[0])
        self.server = plain_line(" ".join(str(word) for word in (about[:1] + about[2:3])))
        self.shown += 1

    async def _close(self, calls: BusCalls, kind: str) -> None:
        """Close one, unless another server than the one that showed it is there.

        Raises:
            Unanswered: There is no server.
        """
        known, number = self._ids.get(kind, ("", 0))
        if number and known == await calls.owner_of(NAME):
            with contextlib.suppress(Unanswered):  # some say so where the person closed it before
                await calls.call(_REF, f"{NAME}.CloseNotification", "u", number)


def _body(notification: Notification, features: list[object]) -> str:
    """Give the body as the server reads it: as markup, or as it stands."""
    body = plain_line(notification.body)
    known = features[0] if features else []
    reads_markup = isinstance(known, list) and "body-markup" in known
    return html.escape(body, quote=False) if reads_markup else body


def _hints() -> dict[str, object]:
    from dbus_fast import Variant  # noqa: PLC0415

    return {"urgency": Variant("y", _NORMAL), "desktop-entry": Variant("s", "recorder")}
