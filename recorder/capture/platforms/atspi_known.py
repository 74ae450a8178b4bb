"""What is known about the applications that matter; read on the watcher's own thread."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from recorder.capture.platforms import atspi_reading, atspi_targets
from recorder.capture.platforms.atspi_apps import App, Focus
from recorder.capture.platforms.atspi_calls import REGISTRY, ROOT_PATH, Calls
from recorder.capture.platforms.atspi_targets import Aim
from recorder.capture.platforms.bus_calls import Ref, Unanswered
from recorder.core.targets import Target

if TYPE_CHECKING:
    from collections.abc import Mapping

AIM_S: Final = 0.05
"""An element that is not told by then is left null."""


class Known:
    """Applications by process id. Its coroutines run on one loop; `apps` is for any thread.

    Args:
        on_news: Called when `apps` changed.
        on_loss: Called when an application fell silent: it is to be looked for again.
    """

    def __init__(self, on_news: Callable[[], None], on_loss: Callable[[], None]) -> None:
        self._on_news = on_news
        self._on_loss = on_loss
        self._calls: Calls | None = None
        self._apps: dict[int, App] = {}
        self._silent: dict[int, App] = {}
        self._wanted: frozenset[int] = frozenset()
        self._turn: tuple[int, int] = (0, 0)
        self._doubts: dict[int, int] = {}
        self._unverified: set[int] = set()
        self.apps: Mapping[int, App] = MappingProxyType({})
        """Replaced whole, never changed."""

    def connected(self, calls: Calls) -> None:
        """Ask over this bus from now on."""
        self._calls = calls

    def forget_all(self) -> None:
        """Know nothing: the bus is gone."""
        self._calls = None
        self._apps.clear()
        self._silent.clear()
        self._publish()

    def want(self, pids: frozenset[int]) -> None:
        """Let go of applications that do not matter any more."""
        self._wanted = pids
        for pid in (self._apps.keys() | self._silent.keys()) - pids:
            self._apps.pop(pid, None)
            self._silent.pop(pid, None)
            self._doubts.pop(pid, None)
        self._publish()

    def doubt(self, pid: int) -> None:
        """Remember that its page may be another; called from any thread."""
        self._doubts[pid] = self._doubts.get(pid, 0) + 1

    def is_doubted(self, pid: int) -> bool:
        """Tell whether the process was not read since the last doubt; from any thread."""
        return pid in self._doubts

    @property
    def is_missing(self) -> bool:
        """Whether a wanted process was not found on the bus, or does not answer."""
        return not self._wanted <= self._apps.keys()

    @property
    def pids(self) -> frozenset[int]:
        """The processes that answer."""
        return frozenset(self._apps)

    def pid_of(self, sender: str | None) -> int:
        """Give the process behind a bus name, 0 for one that does not matter."""
        return next((pid for pid, app in self._apps.items() if app.ref[0] == sender), 0)

    async def find_missing(self) -> None:
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
                await self.scan(pid, self._silent.get(pid, App(ref)))

    async def rescan(self, dirty: set[int]) -> None:
        """Read applications anew."""
        for pid in dirty & self._apps.keys():
            await self.scan(pid, self._apps[pid])

    async def scan(self, pid: int, app: App) -> None:
        """Read one application anew; of one that does not answer only the worst is known."""
        if self._calls is None:
            return
        doubts = self._doubts.get(pid)
        try:
            found = await atspi_reading.scan(self._calls, app)
        except Unanswered:
            self._lose(pid)
            self._publish()
            return
        if self._doubts.get(pid) == doubts:
            self._doubts.pop(pid, None)
        current = self._apps.get(pid, app)
        self._silent.pop(pid, None)
        self._apps[pid] = replace(found, focus=current.focus, is_silent=False)
        focus = self._apps[pid].focus
        if self._turn[0] == pid and (focus is None or focus.turn != self._turn[1]):
            await self.find_focus(pid, self._turn[1])
        self._publish()

    async def verify_all(self) -> None:
        """Ask again for what may have moved."""
        self._unverified = set(self._apps)
        for pid in list(self._apps):
            if self._calls is None or pid not in self._apps:
                continue
            try:
                found = await atspi_reading.verify(self._calls, self._apps[pid])
            except Unanswered:
                self._lose(pid)
            else:
                self._unverified.discard(pid)
                if pid in self._apps:  # it may have gone while it answered
                    self._apps[pid] = replace(found, focus=self._apps[pid].focus)
        self._publish()

    def give_up(self) -> None:
        """Count those as silent that did not answer in time when they were asked again."""
        for pid in self._unverified & self._apps.keys():
            self._lose(pid)
        self._publish()

    def silence(self) -> None:
        """Publish at once that nobody answered in time; called from any thread."""
        self.apps = MappingProxyType({pid: app.silent() for pid, app in self.apps.items()})

    def turn_to(self, pid: int, turn: int) -> None:
        """Take the window system's word that a process has the focus."""
        self._turn = (pid, turn)

    async def take_focus(self, pid: int, ref: Ref) -> None:
        """Read the object that just said it has the focus."""
        if self._calls is None or pid not in self._apps:
            return
        turn = self._turn[1] if self._turn[0] == pid else 0
        focus: Focus | None
        try:
            focus = await atspi_reading.read_focus(self._calls, self._apps[pid], ref, turn)
        except Unanswered:
            focus = None
        self._set_focus(pid, focus)

    def lost_focus(self, pid: int, path: str) -> None:
        """Take an object's word that it lost the focus."""
        focus = self._apps[pid].focus
        if focus is not None and focus.ref[1] == path:
            self._set_focus(pid, None)

    async def aim(self, aim: Aim, take: Callable[[Target | None], None]) -> None:
        """Tell the element under an action, or None when it is not told in time."""
        target: Target | None = None
        app = self._apps.get(aim.pid)
        if self._calls is not None and app is not None:
            try:
                target = await asyncio.wait_for(atspi_targets.find(self._calls, app, aim), AIM_S)
            except (Unanswered, TimeoutError):
                target = None
        take(target)

    async def find_focus(self, pid: int, turn: int) -> None:
        """Look where in a process the focus is."""
        if self._calls is None or pid not in self._apps:
            return
        try:
            focus = await atspi_reading.find_focus(self._calls, self._apps[pid], turn)
        except Unanswered:
            focus = None
        if turn == self._turn[1]:
            self._set_focus(pid, focus)

    def _set_focus(self, pid: int, focus: Focus | None) -> None:
        if pid in self._apps:
            self._apps[pid] = replace(self._apps[pid], focus=focus)
            self._publish()

    def _lose(self, pid: int) -> None:
        """Keep of an application what may still show: its windows with password fields."""
        app = self._apps.pop(pid, None)
        if app is not None:
            self._on_loss()
            if app.secrets:
                self._silent[pid] = app.silent()

    def _publish(self) -> None:
        found = {**self._silent, **self._apps}
        if dict(self.apps) != found:
            self.apps = MappingProxyType(found)
            self._on_news()
