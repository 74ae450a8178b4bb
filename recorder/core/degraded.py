"""What a recording could not tell: fixed words, a sentence and a fix for each."""

from typing import Final

DEGRADED: Final = {
    "no_accessibility": (
        "A browser does not tell its sites, so it is painted out and not recorded",
        "close all its windows, then recorder open chromium (or firefox)",
    ),
    "no_atspi": (
        "An app does not tell its fields, so its keys are stored by class only",
        "switch accessibility on (apt-get install at-spi2-core) and start the app again",
    ),
    "multiplexer": (
        "Fields inside tmux or screen cannot be told, so keys there are stored by class only",
        "use terminal windows without tmux and screen, above all for passwords",
    ),
    "no_idle_time": (
        "The display does not tell how long nobody was there, so no pause begins by itself then",
        "recorder pause when you leave; an X server with MIT-SCREEN-SAVER tells it",
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
