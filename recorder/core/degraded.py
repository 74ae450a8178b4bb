"""What a recording could not tell: fixed words, a sentence and a fix for each."""

from typing import Final

DISK_HANGS: Final = "the disk does not answer"
"""Told by an agent of its folder's disk; whoever looks into the folder then hangs too."""
DEGRADED: Final = {
    "no_accessibility": (
        "A browser does not tell its sites, so it is painted out and not recorded",
        "close all its windows, then recorder open chromium (or firefox)",
    ),
    "no_accessibility_bus": (
        "Without accessibility no app tells its password fields or sites: keys by class, no browser",
        "apt-get install at-spi2-core, then log in again",
    ),
    "no_atspi": (
        "An app does not tell its fields, so its keys are stored by class only",
        "switch accessibility on (apt-get install at-spi2-core) and start the app again",
    ),
    "hotkey_lost": (
        "The pause hotkey does not work just now, since the display does not answer",
        "recorder pause, or a click on the sign; the key is asked for again by itself",
    ),
    "hotkey_no_key": (
        "The keyboard has no such key as the pause hotkey names, so it does not pause",
        "name another with pause_hotkey in recorder.toml, then stop and start again",
    ),
    "hotkey_taken": (
        "Another program has the pause hotkey, so it does not pause",
        "free it there, or name another with pause_hotkey in recorder.toml and start again",
    ),
    "indicator_hidden": (
        "The sign that it records cannot be seen; after five seconds it pauses",
        "none while another takes its place; else uncover it, or recorder start --foreground anew",
    ),
    "multiplexer": (
        "Fields inside tmux or screen cannot be told, so keys there are stored by class only",
        "use terminal windows without tmux and screen, above all for passwords",
    ),
    "no_idle_time": (
        "The display does not tell how long nobody was there, so no pause begins by itself then",
        "recorder pause when you leave; an X server with MIT-SCREEN-SAVER tells it",
    ),
    "no_session_bus": (
        "Without a session bus no app tells its password fields or sites: keys by class, no browser",
        "start it in a terminal of your desktop, or apt-get install dbus-x11 at-spi2-core",
    ),
    "remote": (
        "Fields of a remote shell cannot be told, so keys there are stored by class only",
        "none needed; to record typed text, work on this machine",
    ),
    "several_terminals": (
        "A terminal with several tabs does not tell which is shown: keys by class only",
        "use one window for each shell",
    ),
    "terminal_unknown": (
        "A terminal does not tell what runs in it, so its keys are stored by class only",
        "use xterm or gnome-terminal, as the person who records",
    ),
    "translucent": (
        "A window lets others shine through, so it is painted out",
        "switch its transparency off",
    ),
}  # fmt: skip
"""By word: what it means for the recording, and what mends it."""
