"""Who the panel is: the process of the tray's watcher, or of a host that shows its items.

Any program on the bus may read an icon and call a menu's row. Only a panel's look means that
the icon is shown, and only its click is the person's.
"""

from typing import Final

from recorder.capture.platforms.bus_calls import BusCalls, Unanswered
from recorder.capture.platforms.tray_watcher import WATCHER

_HOSTS: Final = ("org.kde.StatusNotifierHost", "org.freedesktop.StatusNotifierHost")
"""Hosts own such a name with their process number behind it; see the specification."""
_MOST_HOSTS: Final = 16
_MOST_KNOWN: Final = 64


class Panels:
    """Tells panels from other connections, on one connection of ours.

    Args:
        calls: On that connection.
    """

    def __init__(self, calls: BusCalls) -> None:
        self._calls = calls
        self._known: set[str] = set()

    async def has(self, sender: str) -> bool:
        """Tell whether a connection is a panel's; False where the bus does not say.

        One that is none may become one: a host takes its name after its first look.
        """
        if sender in self._known:
            return True
        is_panel = await self._look(sender)
        if is_panel and len(self._known) < _MOST_KNOWN:
            self._known.add(sender)
        return is_panel

    async def _look(self, sender: str) -> bool:
        try:
            (names,) = await self._calls.bus_call("ListNames")
            hosts = [name for name in names if name.startswith(_HOSTS)]
            pids = [await self._pid(name) for name in (WATCHER, *hosts[:_MOST_HOSTS])]
            return await self._pid(sender) in {pid for pid in pids if pid}
        except Unanswered:
            return False

    async def _pid(self, name: str) -> int:
        """Give the process of a connection, 0 when it is gone."""
        try:
            return int((await self._calls.bus_call("GetConnectionUnixProcessID", "s", name))[0])
        except Unanswered:
            return 0
