"""The one place that knows the adapters of this platform. Imports them when asked."""

import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

from recorder.core.ports import (
    Activated,
    BusState,
    InputSource,
    ScreenSource,
    SourceUnavailable,
    Startable,
)
from recorder.unfound import keep_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from recorder.agent.hotkey import GrabbedKey, Pressed
    from recorder.agent.indicator import Act, Indicator, Kind
    from recorder.agent.order import Watch
    from recorder.agent.stretch import Parts, WatchesScenes
    from recorder.capture.platforms.notifications import Notifications
    from recorder.capture.scope import Scope
    from recorder.core.ports import PresenceSource

FORBIDDEN_MODULES = frozenset({
    "ssl", "_ssl", "http", "http.client", "http.server", "urllib.request", "requests", "urllib3",
    "aiohttp", "httpx", "ftplib", "smtplib",
})  # fmt: skip
"""Nothing on the capture path speaks to a network; asyncio works without TLS."""
_TRAY_S = 3.0
"""Panels take a new icon within 0.2 s; asking whether there is one may take 2 s."""


def close_network() -> None:
    """Make it impossible to import a module that speaks HTTP or TLS, then harden.

    The first thing each process of a recording does.
    """
    keep_out(FORBIDDEN_MODULES)
    from recorder.capture.platforms.hardening import harden  # noqa: PLC0415 - of this platform

    harden()


def end_loading() -> None:
    """Collect garbage from now on; what was loaded so far stays and is never looked at."""
    gc.freeze()
    gc.enable()


def load_arrow() -> None:
    """Import pyarrow without TLS, which it wants only to name certificate files.

    pyarrow._fs asks ssl for the default paths when it is imported (26.0); files need none.
    """
    _import_without_tls("pyarrow.parquet")


def load_rules() -> None:
    """Import what the rules of redaction need, before a rule would and fail.

    stdnum.util imports ssl for look-ups on the web (2.2), which nothing here asks for.
    """
    _import_without_tls("stdnum.util")


def _import_without_tls(name: str) -> None:
    stand_in = ModuleType("ssl")
    paths = SimpleNamespace(cafile=None, capath=None, openssl_cafile="", openssl_capath="")
    stand_in.__dict__["get_default_verify_paths"] = lambda: paths
    sys.modules["ssl"] = stand_in
    try:
        import_module(name)
    finally:
        del sys.modules["ssl"]


def parts() -> "Parts":
    """Give the adapters that the agent itself uses."""
    from recorder.agent.stretch import Parts  # noqa: PLC0415 - the capture processes stay small

    return Parts(scenes=_scenes, display_answers=_display_answers)


def presence_sources(display: str, watch: "Watch") -> "tuple[PresenceSource, ...]":
    """Give who tells what is watched: somebody at the desk, a lock of the screen."""
    from recorder.capture.platforms.lock_buses import LockBuses  # noqa: PLC0415 - D-Bus
    from recorder.capture.platforms.x11_presence import X11Presence  # noqa: PLC0415 - Xlib

    found: list[PresenceSource] = []
    if watch.idle_s or watch.sees_locks:
        found.append(X11Presence(display, sees_locks=watch.sees_locks))
    if watch.sees_locks:
        found.append(LockBuses())
    return tuple(found)


def input_source(display: str, name: str) -> InputSource:
    """Give the source of mouse and keyboard: "record" or "pynput"."""
    if name == "pynput":
        from recorder.capture.platforms.pynput_input import (  # noqa: PLC0415 - an extra on Linux
            PynputInputSource,
        )

        return PynputInputSource(display)
    from recorder.capture.platforms.x11_input import X11InputSource  # noqa: PLC0415 - Xlib

    return X11InputSource(display)


def screen_source(display: str) -> ScreenSource:
    """Give the source of pictures."""
    from recorder.capture.platforms.x11_screen import X11ScreenSource  # noqa: PLC0415 - Xlib

    return X11ScreenSource(display)


def indicators(display: str, wish: str) -> "tuple[Kind, ...] | None":
    """Give what can show that it records, the best first; None where a live line shows it.

    The one list: a panel's item goes before the window, the line comes last.

    Args:
        display: As `DISPLAY` has it.
        wish: "auto", "tray", "window" or "line", as the setting has it.
    """
    from recorder.agent.indicator import Kind  # noqa: PLC0415 - the capture processes stay small

    if wish == "line":
        return None
    found = (
        Kind("tray", _tray, _TRAY_S),
        Kind("window", lambda act: _window(display, act)),
    )
    return tuple(kind for kind in found if wish in {"auto", kind.name})


def hotkey(display: str, words: str) -> "Callable[[Pressed], GrabbedKey] | None":
    """Give what takes the pause hotkey; None where none is wanted."""
    from recorder.core.hotkeys import read_hotkey  # noqa: PLC0415 - as above

    wanted = read_hotkey(words)
    if wanted is None:
        return None

    def grab(pressed: "Pressed") -> "GrabbedKey":
        from recorder.capture.platforms.x11_hotkey import X11Hotkey  # noqa: PLC0415 - Xlib

        return X11Hotkey(display, wanted, pressed)

    return grab


def x11_sessions() -> tuple[str, ...]:
    """Give the names of the X11 sessions that the login screen offers."""
    found = []
    for folder in _data_folders():
        for path in sorted((folder / "xsessions").glob("*.desktop")):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            found += [line[5:].strip() for line in lines if line.startswith("Name=")][:1]
    return tuple(dict.fromkeys(found))


def open_windows(display: str) -> list[tuple[str, str]]:
    """Give (app id, name) of the programs that show a window.

    Raises:
        SourceUnavailable: There is no display.
    """
    from recorder.capture.platforms import x11_open_windows  # noqa: PLC0415 - Xlib

    return x11_open_windows.open_windows(display)


def extensions(display: str) -> frozenset[str]:
    """Give the names of the X server's extensions.

    Raises:
        SourceUnavailable: There is no display.
    """
    from recorder.capture.platforms import x11_extensions  # noqa: PLC0415 - Xlib

    return x11_extensions.extensions(display)


def accessibility() -> BusState:
    """Give the state of the accessibility bus; switches nothing on, may wait for ever."""
    from recorder.capture.platforms.atspi_probe import bus_state  # noqa: PLC0415 - dbus-fast

    return bus_state()


def multiplexers() -> tuple[str, ...]:
    """Give the names of this user's programs that show several terminals in one."""
    from recorder.capture.platforms.terminals import multiplexers_of  # noqa: PLC0415 - of Linux

    return multiplexers_of(os.getuid())


def _scenes(display: str, scope: "Scope") -> "WatchesScenes":
    from recorder.capture.platforms.x11_scene import X11SceneSource  # noqa: PLC0415 - Xlib

    return X11SceneSource(display, scope)


def notifications() -> "Notifications":
    """Give what asks the desktop to tell news for a moment; without a bus it tells none."""
    from recorder.capture.platforms.notifications import Notifications  # noqa: PLC0415 - dbus

    return Notifications()


def bus_program(name: str, command: tuple[str, ...], runtime: str) -> Startable:
    """Give a program that the session bus would start: see there."""
    from recorder.capture.platforms.bus_activation import BusProgram  # noqa: PLC0415 - dbus

    return BusProgram(name, command, runtime)


def answering(name: str, show: "Callable[[], bool]") -> Activated:
    """Give the end of a program that the session bus started: see there."""
    from recorder.capture.platforms.bus_activation import Answering  # noqa: PLC0415 - dbus

    return Answering(name, show)


def _tray(act: "Act") -> "Indicator":
    from recorder.capture.platforms.tray import open_tray  # noqa: PLC0415 - dbus

    return open_tray(act)


def _window(display: str, act: "Act") -> "Indicator":
    from recorder.capture.platforms.x11_indicator import X11Indicator  # noqa: PLC0415 - Xlib

    return X11Indicator(display, act)


def _display_answers(display: str) -> bool:
    from recorder.capture.platforms.x11_connection import connect, parse_display  # noqa: PLC0415

    try:
        connect(parse_display(display)).close()
    except SourceUnavailable:
        return False
    return True


def _data_folders() -> list[Path]:
    text = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [Path(word) for word in text.split(":") if word.startswith("/")]
