"""The accessibility watcher: one thread with an event loop, news as immutable values.

Without a session bus or an accessibility bus it says so and stays; nothing raises.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms import atspi_apps
from recorder.capture.platforms.atspi_apps import App, Focus
from recorder.capture.platforms.atspi_bus import connect, subscribe
from recorder.capture.platforms.atspi_calls import REGISTRY, ROOT_PATH, Calls, Ref, Unanswered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

_RESCAN_S: Final = 0.15
"""Applications report children in bursts; one scan serves a burst."""
_MISSING_S: Final = 1.0
_RETRY_S: Final = 5.0
_JOIN_S: Final = 2.0


class Accessibility:
    """What applications tell; started and stopped by its owner, asked from any thread.

    Args:
        on_news: Called on the watcher's thread when `apps` changed.
    """

    def __init__(self, on_news: Callable[[], None]) -> None:
        self._on_news = on_news
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="accessibility", daemon=True)
        self._stop = asyncio.Event()
        self._apps: dict[int, App] = {}
        self._wanted: frozenset[int] = frozenset()
        self._turn: tuple[int, int] = (0, 0)
        self._dirty: set[int] = set()
        self._doubts: dict[int, int] = {}
        self._wake = asyncio.Event()
        self._calls: Calls | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.apps: Mapping[int, App] = MappingProxyType({})
        """By process id; replaced whole, never changed."""
        self.is_present = False
        """Whether the accessibility bus answers."""

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
            self._post(self._look_for_missing)

    def focus_moved(self, pid: int, turn: int) -> None:
        """Say that the window system's focus went to a process; `turn` marks the answer."""
        self._post(self._refocus, pid, turn)

    def doubt(self, pid: int) -> None:
        """Say that a window of the process changed its title: its page may be another."""
        self._doubts[pid] = self._doubts.get(pid, 0) + 1
        self._post(self._mark_dirty, pid)

    def is_doubted(self, pid: int) -> bool:
        """Tell whether the process was not read since the last doubt."""
        return pid in self._doubts

    def verify(self, timeout_s: float) -> bool:
        """Ask wanted applications again, now; False when they did not answer in time.

        On failure what was known about the applications is dropped.
        """
        loop = self._loop
        if (
            loop is None
            or loop.is_closed()
            or not self.is_present
            or not self._apps
            or not self._thread.is_alive()
        ):
            return True
        done: Future[None] = asyncio.run_coroutine_threadsafe(self._verify_all(), loop)
        try:
            done.result(timeout_s)
        except FutureTimeout:
            done.cancel()
            self.apps = MappingProxyType({})
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
            bus = await connect()
            if bus is not None:
                await self._watch(bus)
            self._forget_all()
            await _either(self._stop.wait(), asyncio.sleep(_RETRY_S))

    async def _watch(self, bus: "MessageBus") -> None:
        calls = Calls(bus)
        try:
            await subscribe(calls)
        except Unanswered:
            bus.disconnect()
            return
        bus.add_message_handler(self._on_message)
        self._calls, self.is_present = calls, True
        self._look_for_missing()
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
        is_missing = not self._wanted <= self._apps.keys()
        await _either(
            self._wake.wait(), self._stop.wait(), _shielded(gone),
            *((asyncio.sleep(_MISSING_S),) if is_missing else ()),
        )  # fmt: skip
        was_woken = self._wake.is_set()
        self._wake.clear()
        if not self._wanted <= self._apps.keys():
            await self._find_apps()
        if was_woken and self._dirty:
            await asyncio.sleep(_RESCAN_S)
        await self._rescan()

    async def _find_apps(self) -> None:
        """Find the bus names of wanted processes."""
        if self._calls is None:
            return
        try:
            refs = await self._calls.children((REGISTRY, ROOT_PATH))
        except Unanswered:
            return
        known = {app.ref for app in self._apps.values()}
        for ref in refs:
            if ref in known:
                continue
            try:
                pid = await self._calls.pid(ref[0])
            except Unanswered:
                continue
            if pid in self._wanted and pid not in self._apps:
                await self._scan(pid, App(ref))

    async def _rescan(self) -> None:
        dirty, self._dirty = self._dirty, set()
        for pid in dirty & self._apps.keys():
            await self._scan(pid, self._apps[pid])

    async def _scan(self, pid: int, app: App) -> None:
        """Read one application anew; one that does not answer is forgotten."""
        if self._calls is None:
            return
        doubts = self._doubts.get(pid)
        try:
            found = await atspi_apps.scan(self._calls, app)
        except Unanswered:
            self._apps.pop(pid, None)
            self._publish()
            return
        if self._doubts.get(pid) == doubts:
            self._doubts.pop(pid, None)
        current = self._apps.get(pid, app)
        self._apps[pid] = replace(found, focus=current.focus)
        focus = self._apps[pid].focus
        if self._turn[0] == pid and (focus is None or focus.turn != self._turn[1]):
            await self._find_focus(pid, self._turn[1])
        self._publish()

    async def _find_focus(self, pid: int, turn: int) -> None:
        if self._calls is None or pid not in self._apps:
            return
        try:
            focus = await atspi_apps.find_focus(self._calls, self._apps[pid], turn)
        except Unanswered:
            focus = None
        if pid in self._apps and turn == self._turn[1]:
            self._apps[pid] = replace(self._apps[pid], focus=focus)
            self._publish()

    async def _take_focus(self, pid: int, ref: Ref) -> None:
        """Read the object that just said it has the focus."""
        if self._calls is None or pid not in self._apps:
            return
        turn = self._turn[1] if self._turn[0] == pid else 0
        focus: Focus | None
        try:
            focus = await atspi_apps.read_focus(self._calls, self._apps[pid], ref, turn)
        except Unanswered:
            focus = None
        if pid in self._apps:
            self._apps[pid] = replace(self._apps[pid], focus=focus)
            self._publish()

    async def _verify_all(self) -> None:
        for pid in list(self._apps):
            if self._calls is None or pid not in self._apps:
                continue
            try:
                found = await atspi_apps.verify(self._calls, self._apps[pid])
            except Unanswered:
                self._apps.pop(pid, None)
            else:
                self._apps[pid] = replace(found, focus=self._apps[pid].focus)
        self._publish()

    def _on_message(self, message: "Message") -> None:
        interface = message.interface or ""
        if not interface.startswith("org.a11y.atspi.Event."):
            return
        pid = next((p for p, app in self._apps.items() if app.ref[0] == message.sender), 0)
        if not pid:
            if not self._wanted <= self._apps.keys():
                self._wake.set()
            return
        is_focus = interface.endswith(".Focus") or message.member == "StateChanged"
        if not is_focus:
            self._mark_dirty(pid)
        elif interface.endswith(".Focus") or (len(message.body) > 1 and message.body[1]):
            self._spawn(self._take_focus(pid, (str(message.sender), str(message.path))))
        else:
            self._lost_focus(pid, str(message.path))

    def _lost_focus(self, pid: int, path: str) -> None:
        focus = self._apps[pid].focus
        if focus is not None and focus.ref[1] == path:
            self._apps[pid] = replace(self._apps[pid], focus=None)
            self._publish()

    def _refocus(self, pid: int, turn: int) -> None:
        self._turn = (pid, turn)
        if pid in self._apps:
            self._spawn(self._find_focus(pid, turn))

    def _mark_dirty(self, pid: int) -> None:
        if pid in self._apps:
            self._dirty.add(pid)
            self._wake.set()

    def _look_for_missing(self) -> None:
        for pid in self._apps.keys() - self._wanted:
            del self._apps[pid]
            self._doubts.pop(pid, None)
        self._wake.set()
        self._publish()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _forget_all(self) -> None:
        self._calls, self.is_present = None, False
        self._apps.clear()
        self._publish()

    def _publish(self) -> None:
        if dict(self.apps) != self._apps:
            self.apps = MappingProxyType(dict(self._apps))
            self._on_news()


async def _shielded(gone: "asyncio.Future[None]") -> None:
    await asyncio.wait([gone])


async def _either(*waits: Coroutine[Any, Any, Any]) -> None:
    """Wait until the first of several is done; end the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
