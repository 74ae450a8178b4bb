"""The tray item: shows the state in the desktop's panel, and says whether it is seen there.

Seen means: a watcher owns its name, it has a host, it lists the item, and a panel took the
icon that is in force. Anything less is not seen, with the reason in words.
"""

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from recorder.capture.platforms.bus_calls import BusCalls
from recorder.capture.platforms.session_thread import SessionThread
from recorder.capture.platforms.tray_item import ITEM, ITEM_PATH
from recorder.capture.platforms.tray_objects import Answer, TrayObjects
from recorder.capture.platforms.tray_panel import Panels
from recorder.capture.platforms.tray_watcher import (
    NO_ANSWER,
    NO_HOST,
    NO_TRAY,
    NOT_LISTED,
    Watching,
)
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.faces import Face

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

NO_BUS: Final = "there is no session bus, or it does not answer"
NOT_TAKEN: Final = "no panel has taken the recorder's icon"
NOT_YET: Final = "the tray has not been asked yet"
_KNOWN_S: Final = 2.0
_TAKE_S: Final = 5.0
"""A panel that showed the icon before takes a new one within this time; most need 0.2 s."""
_MOST_CHECKS: Final = 32


class TrayMissing(RecorderError):
    """The desktop has no tray, or nothing in it shows items."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The recorder cannot show itself in a tray: {why}",
            "none needed where a window or a terminal shows it; else start the desktop's panel",
            ExitCode.NO_INDICATOR,
        )


def open_tray(on_choice: Callable[[str], None]) -> "Tray":
    """Give a tray item that the desktop has a place for; it is seen once `is_visible`.

    Raises:
        TrayMissing: There is no bus, no tray or no panel, or it does not answer within 2 s.
    """
    tray = Tray(on_choice)
    why = tray.wait_known(_KNOWN_S)
    if why in {NO_BUS, NO_TRAY, NO_HOST, NO_ANSWER, NOT_YET}:
        tray.close()
        raise TrayMissing(why)
    return tray


class Tray:
    """The indicator in the panel, from its construction to `close`; used from any thread.

    Only `wait_visible` and `wait_known` wait for the bus, and `close` for 2 s at most.

    Args:
        on_choice: Called on the tray's thread with "pause", "resume", "forget", "review" or "stop"; it
            must not wait.
    """

    def __init__(self, on_choice: Callable[[str], None]) -> None:
        self._on_choice = on_choice
        self._objects = TrayObjects(self._choose, self._icon_read)
        self._face = Face("starting")
        self._news = threading.Condition()
        self._doubt = NOT_YET
        self._watcher_doubt = NOT_YET
        self._is_taken = False
        self._overdue: asyncio.TimerHandle | None = None
        self._bus: MessageBus | None = None
        self._watching: Watching | None = None
        self._panels: Panels | None = None
        self._checks: set[asyncio.Task[None]] = set()
        self._thread = SessionThread("tray", self)
        self._thread.start()

    def show(self, face: Face) -> bool:
        """Show a state; gives whether the tray is seen just now. Never waits."""
        if face != self._face:
            self._face = face
            self._thread.post(self._put_on)
        return self.is_visible()

    def is_visible(self) -> bool:
        """Tell whether the desktop confirms that the item is seen."""
        return not self._doubt and self._thread.is_alive

    def wait_visible(self, timeout_s: float) -> bool:
        """Wait until it is seen; False when it was not in time."""
        with self._news:
            self._news.wait_for(lambda: not self._doubt, timeout_s)
        return self.is_visible()

    def wait_known(self, timeout_s: float) -> str:
        """Wait until it is known whether there is a tray at all; gives `why_not`."""
        with self._news:
            self._news.wait_for(lambda: self._doubt != NOT_YET, timeout_s)
        return self.why_not

    @property
    def why_not(self) -> str:
        """Why it is not seen, in words; "" while it is."""
        return self._doubt

    def close(self) -> None:
        """Take the item away and end the thread; may be called twice."""
        self._thread.close()

    async def serve(self, bus: "MessageBus") -> None:
        """Keep the item on a connection; called by the thread."""
        watching = Watching(BusCalls(bus), str(bus.unique_name), self._watcher_says)

        def on_message(message: "Message") -> "Message | bool":
            watching.hear(message)
            return self._objects.answer(message)

        self._bus, self._watching, self._panels = bus, watching, Panels(BusCalls(bus))
        bus.add_message_handler(on_message)
        try:
            await watching.keep()
        finally:
            for task in self._checks:
                task.cancel()
            await asyncio.gather(*self._checks, return_exceptions=True)

    def lost(self) -> None:
        """Take note that there is no connection; called by the thread."""
        self._bus = self._watching = self._panels = None
        self._settle(is_taken=False)
        self._watcher_says(NO_BUS)

    def _put_on(self) -> None:
        """Tell panels of the newest face; those before it in a burst are left out."""
        for path, interface, signal, body in self._objects.put_on(self._face):
            self._send(path, interface, signal, body)
            if signal == "NewIcon" and self._is_taken and self._overdue is None:
                loop = asyncio.get_running_loop()
                self._overdue = loop.call_later(_TAKE_S, self._not_taken)

    def _send(self, path: str, interface: str, signal: str, body: Answer) -> None:
        from dbus_fast import Message  # noqa: PLC0415

        if self._bus is not None and self._bus.connected:
            self._bus.send(Message.new_signal(path, interface, signal, *body))

    def _choose(self, choice: str, sender: str) -> None:
        """Hand a choice on; anybody may pause, what else is chosen must come from a panel.

        Outside of the library's handler, which would hide a bug.
        """
        if choice == "pause":
            asyncio.get_running_loop().call_soon(self._on_choice, choice)
        else:
            self._if_panel(sender, partial(self._on_choice, choice))

    def _icon_read(self, sender: str) -> None:
        self._if_panel(sender, self._icon_taken)

    def _if_panel(self, sender: str, then: Callable[[], None]) -> None:
        """Do something if a panel asked for it; of very many at once the first ones."""
        if self._panels is not None and len(self._checks) < _MOST_CHECKS:
            task = asyncio.ensure_future(self._check(self._panels, sender, then))
            self._checks.add(task)
            task.add_done_callback(self._checks.discard)

    async def _check(self, panels: Panels, sender: str, then: Callable[[], None]) -> None:
        if await panels.has(sender):
            asyncio.get_running_loop().call_soon(then)

    def _icon_taken(self) -> None:
        """Believe it while there is a tray; the last look of one that went comes late."""
        if self._watching is not None and self._watching.has_tray:
            self._settle(is_taken=True)

    def _not_taken(self) -> None:
        self._settle(is_taken=False)

    def _watcher_says(self, doubt: str) -> None:
        had_panel = self._watcher_doubt in {"", NOT_LISTED, NO_ANSWER}
        self._watcher_doubt = doubt
        if had_panel and doubt in {NO_TRAY, NO_HOST}:
            self._settle(is_taken=False)
        if not doubt and not self._is_taken:
            self._send(ITEM_PATH, ITEM, "NewIcon", ("", []))
        self._update()

    def _settle(self, *, is_taken: bool) -> None:
        """Take note whether a panel has the icon in force."""
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None
        self._is_taken = is_taken
        self._update()

    def _update(self) -> None:
        doubt = self._watcher_doubt or ("" if self._is_taken else NOT_TAKEN)
        with self._news:
            self._doubt = doubt
            self._news.notify_all()
