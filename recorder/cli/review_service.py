"""The review page as a program that the session bus starts; the agent itself may not.

Its words are made before anything is captured: nothing that is seen or typed can be in them.
"""

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from recorder.cli import wiring
from recorder.core.ports import Startable
from recorder.places import Places

_NAME: Final = "internal.recorder.Review"
_OWN: Final = ("XDG_CONFIG_HOME", "XDG_STATE_HOME")
"""Say where things are; one that is not set here is none there either."""
_HANDED_ON: Final = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "DISPLAY", "XAUTHORITY", "BROWSER", "XDG_CACHE_HOME",
    "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS",
    "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE",
)  # fmt: skip
"""Variables that a bus may lack or have otherwise, and that finding a browser needs."""


def review_program(folder: Path, where: Places, environment: Mapping[str, str]) -> Startable:
    """Give the page of a folder.

    Args:
        folder: The recordings' folder.
        where: Of the same user and settings.
        environment: Of this process.
    """
    own = [f"{name}={environment.get(name, '')}" for name in _OWN]
    handed = [f"{name}={environment[name]}" for name in _HANDED_ON if environment.get(name)]
    page = (sys.executable, "-P", "-m", "recorder.cli.review_by_menu", str(folder))
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    return wiring.bus_program(bus_name(where), ("/usr/bin/env", *own, *handed, *page), runtime)


def bus_name(where: Places) -> str:
    """Give the name of a page on the bus: recorders with other settings have another one."""
    return f"{_NAME}.s{hashlib.sha256(os.fsencode(where.state)).hexdigest()[:12]}"
