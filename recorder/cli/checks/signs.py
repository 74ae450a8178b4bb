"""What shows that it records, and the key that pauses it: each is tried for a moment."""

import time
from typing import TYPE_CHECKING, Final

from recorder.agent import client
from recorder.agent.hotkey import LOST, PauseKey
from recorder.agent.indicator import Indicators
from recorder.cli import wiring
from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, fail, ok, warn
from recorder.core.degraded import DEGRADED
from recorder.core.faces import SHOWN_BY

if TYPE_CHECKING:
    from recorder.settings import Settings

LOADS: Final = ("recorder.settings", "recorder.agent.indicator", "Xlib.display", "dbus_fast.aio")
_KEY_S: Final = 2.0
_POLL_S: Final = 0.01
_NOTHING: Final = fail(
    "indicator", "Neither a panel nor a window can show that it records",
    "recorder start --foreground in a terminal, which shows a line",
)  # fmt: skip
_KEYS: Final = frozenset(word for word in DEGRADED if word.startswith("hotkey_"))
_OFF: Final = warn("hotkey", "No key pauses it", 'set pause_hotkey = "ctrl+alt+p" in recorder.toml')

_NO_PAGE: Final = warn(
    "menu", "The session bus does not start the review page, so the tray's menu only names it",
    "recorder review, in a terminal",
)  # fmt: skip
_NO_BROWSER: Final = warn(
    "menu", "No browser is found, so Review in the tray's menu shows nothing",
    "install one, or name it in the variable BROWSER; then log in again",
)  # fmt: skip


def look_at_signs(around: Around) -> list[Finding]:
    """Show the indicator and take the hotkey for a moment; ask a recorder that runs instead.

    Nothing where there is no display, and where the settings cannot be read: others tell that.
    """
    from recorder.settings import SettingsUnusable, read_settings  # noqa: PLC0415 - pydantic

    display = around.environment.get("DISPLAY", "")
    try:
        settings = read_settings(around.places.settings_file, environment=around.environment)
        said = client.ask(around.places.socket, {"verb": "status"})
    except client.NotRunning:
        return _tried(around, display, settings) if display else []
    except (client.Unresponsive, SettingsUnusable):
        return []
    return _in_force(around, said)


def _tried(around: Around, display: str, settings: "Settings") -> list[Finding]:
    kinds = wiring.indicators(display, settings.indicator)
    shown = Indicators(kinds, lambda _word: None)
    try:
        is_seen, name = shown.open(), shown.name
    finally:
        shown.close()
    indicator = ok("indicator", SHOWN_BY[name or "line"]) if is_seen else _NOTHING
    return [indicator, _key_finding(display, settings.pause_hotkey), *_menu(around, name)]


def _key_finding(display: str, words: str) -> Finding:
    key = PauseKey(words, wiring.hotkey(display, words))
    until_s = time.monotonic() + _KEY_S
    key.keep(time.monotonic_ns())
    while key.trouble == LOST and time.monotonic() < until_s:
        time.sleep(_POLL_S)
        key.keep(time.monotonic_ns())
    trouble = key.trouble
    key.close()
    return warn("hotkey", *DEGRADED[trouble]) if trouble else _works(words)


def _menu(around: Around, name: str) -> list[Finding]:
    """Tell whether the tray's menu opens the review page; other signs have no menu."""
    if name != "tray":
        return []
    import webbrowser  # noqa: PLC0415 - of this check alone, as the rest

    from recorder.cli.review_service import review_program  # noqa: PLC0415
    from recorder.consent.folder import FolderUnusable, chosen_folder  # noqa: PLC0415 - pydantic

    try:
        folder = chosen_folder(around.places, around.folder)
    except FolderUnusable:
        folder = around.places.default_folder
    if not review_program(folder, around.places, around.environment).is_startable():
        return [_NO_PAGE]
    try:
        webbrowser.get()
    except webbrowser.Error:
        return [_NO_BROWSER]
    return [ok("menu", "Review in the tray's menu opens the page")]


def _in_force(around: Around, said: dict[str, object]) -> list[Finding]:
    """Tell what a recorder that runs told of its signs."""
    name, words = str(said.get("indicator") or ""), str(said.get("hotkey") or "")
    indicator = (
        ok("indicator", SHOWN_BY[name])
        if name
        else warn("indicator", *DEGRADED["indicator_hidden"])
    )
    degraded = said.get("degraded")
    troubles = [word for word in (degraded if isinstance(degraded, dict) else {}) if word in _KEYS]
    key = warn("hotkey", *DEGRADED[troubles[0]]) if troubles else _works(words)
    return [indicator, key, *_menu(around, name)]


def _works(words: str) -> Finding:
    return ok("hotkey", f"{words} pauses it wherever you are") if words else _OFF
