"""The accessibility watcher: one thread with an event loop, news as immutable values.

Without a session bus or an accessibility bus it says so and stays; nothing raises.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.atspi_bus import BusMissing, connect, subscribe
from recorder.capture.platforms.atspi_calls import Calls
from recorder.capture.platforms.atspi_known import Known
from recorder.capture.platforms.atspi_targets import Aim
from recorder.capture.platforms.bus_calls import Unanswered, either, ended
from recorder.core.targets import Target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

    from recorder.capture.platforms.atspi_apps import App

_RESCAN_S: Final = 0.15
"""Applications report children in bursts; one scan serves a burst."""
_MISSING_S: Final = 1.0
_RETRY_S: Final = 5.0
_JOIN_S: Final = 2.0
_MOST_AIMS: Final = 16
"""Questions for elements at one time; with more an application is behind anyway."""


class Accessibility:
    """What applications tell; started and stopped by its owner, asked from any thread.

    Args:
        on_news: Called on the watcher's thread when `apps` changed.
    """

    def __init__(self, on_news: Callable[[], None]) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="accessibility", daemon=True)
        self._stop = asyncio.Event()
        self._wanted: frozenset[int] = frozenset()
        self._dirty: set[int] = set()
        self._wake = asyncio.Event()
        self._on_news = on_news
        self._known = Known(on_news, self._wake.set)
        self._tasks: set[asyncio.Task[None]] = set()
        self._aims = 0
        self.is_present = False
        """Whether the accessibility bus answers."""
        self.missing = ""
        """The bus that was asked for and is not there, a word of `core.degraded`; "" for none."""

    @property
    def apps(self) -> "Mapping[int, App]":
        """By process id; replaced whole, never changed."""
        return self._known.apps

    def start(self) -> None:
        """Start the watcher's thread."""
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def close(self) -> None:
        """End the thread; may be called twice."""
        self._post(self._stop.set)
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def want(self, pids: frozenset[int]) -> None:
        """Say which processes' windows matter; others are not looked at."""
        if pids != self._wanted:
            self._wanted = pids
            self._post(self._look_for_missing, pids)

    def focus_moved(self, pid: int, turn: int) -> None:
        """Say that the window system's focus went to a process; `turn` marks the answer."""
        self._post(self._refocus, pid, turn)

    def doubt(self, pid: int) -> None:
        """Say that a window of the process changed its title: its page may be another."""
        self._known.doubt(pid)
        self._post(self._mark_dirty, pid)

    def is_doubted(self, pid: int) -> bool:
        """Tell whether the process was not read since the last doubt."""
        return self._known.is_doubted(pid)

    def aim(self, aim: Aim, take: Callable[[Target | None], None]) -> None:
        """Ask for the element under an action; `take` is called on the watcher's thread.

        Never waits; where nobody watches `take` is not called.
        """
        self._post(self._begin_aim, aim, take)

    def verify(self, timeout_s: float) -> bool:
        """Ask wanted applications again, now; False when they did not answer in time.

        On failure nothing is told of the applications but where password fields were.
        """
        loop = self._loop
        if (
            loop is None
            or loop.is_closed()
            or not self.is_present
            or not self.apps
            or not self._thread.is_alive()
        ):
            return True
        done: Future[None] = asyncio.run_coroutine_threadsafe(self._known.verify_all(), loop)
        try:
            done.result(timeout_s)
        except FutureTimeout:
            done.cancel()
            self._known.silence()
            self._post(self._known.give_up)
            return False
        return True

    def _post(self, function: Callable[..., None], *arguments: object) -> None:
        """Call a function on the watcher's thread; nothing when it has ended."""
        with contextlib.suppress(RuntimeError):
            if self._loop is not None and self._thread.is_alive():
                self._loop.call_soon_threadsafe(function, *arguments)

    def _run(self) -> None:
        if self._loop is None:
            return
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                bus = await connect()
            except BusMissing as missing:
                self._miss(str(missing))
            else:
                self._miss("")
                await self._watch(bus)
            self._forget_all()
            await either(self._stop.wait(), asyncio.sleep(_RETRY_S))

    def _miss(self, word: str) -> None:
        """Tell that a bus is missing, or there again."""
        if word != self.missing:
            self.missing = word
            self._on_news()

    async def _watch(self, bus: "MessageBus") -> None:
        calls = Calls(bus)
        try:
            await subscribe(calls)
        except Unanswered:
            bus.disconnect()
            return
        bus.add_message_handler(self._on_message)
        self._known.connected(calls)
        self.is_present = True
        self._look_for_missing(self._wanted)
        disconnected: Coroutine[Any, Any, None] = bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast leaves it untyped
        gone = asyncio.ensure_future(disconnected)
        try:
            while not self._stop.is_set() and not gone.done():
                await self._work(gone)
        finally:
            bus.disconnect()
            await asyncio.gather(gone, return_exceptions=True)

    async def _work(self, gone: "asyncio.Future[None]") -> None:
        """Wait for something to do and do it."""
        await either(
            self._wake.wait(), self._stop.wait(), ended(gone),
            *((asyncio.sleep(_MISSING_S),) if self._known.is_missing else ()),
        )  # fmt: skip
        was_woken = self._wake.is_set()
        self._wake.clear()
        if self._known.is_missing:
            await self._known.find_missing()
        if was_woken and self._dirty:
            await asyncio.sleep(_RESCAN_S)
        dirty, self._dirty = self._dirty, set()
        await self._known.rescan(dirty)

    def _on_message(self, message: "Message") -> None:
        interface = message.interface or ""
        if not interface.startswith("org.a11y.atspi.Event."):
            return
        pid = self._known.pid_of(message.sender)
        if not pid:
            if self._known.is_missing:
                self._wake.set()
            return
        is_focus = interface.endswith(".Focus") or message.member == "StateChanged"
        if not is_focus:
            self._mark_dirty(pid)
        elif interface.endswith(".Focus") or (len(message.body) > 1 and message.body[1]):
            self._spawn(self._known.take_focus(pid, (str(message.sender), str(message.path))))
        else:
            self._known.lost_focus(pid, str(message.path))

    def _refocus(self, pid: int, turn: int) -> None:
        self._known.turn_to(pid, turn)
        self._spawn(self._known.find_focus(pid, turn))

    def _begin_aim(self, aim: Aim, take: Callable[[Target | None], None]) -> None:
        if self._aims >= _MOST_AIMS:
            take(None)
        else:
            self._spawn(self._aim(aim, take))

    async def _aim(self, aim: Aim, take: Callable[[Target | None], None]) -> None:
        self._aims += 1
        try:
            await self._known.aim(aim, take)
        finally:
            self._aims -= 1

    def _mark_dirty(self, pid: int) -> None:
        if pid in self._known.pids:
            self._dirty.add(pid)
            self._wake.set()

    def _look_for_missing(self, wanted: frozenset[int]) -> None:
        self._known.want(wanted)
        self._wake.set()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _forget_all(self) -> None:
        self.is_present = False
        self._known.forget_all()
