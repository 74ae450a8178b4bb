"""The X server: whether it answers on its socket, and which extensions it offers."""

from typing import Final

from recorder.cli import wiring
from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, fail, failed, ok, warn
from recorder.core.ports import SourceUnavailable

_SERVER: Final = "use the X server of your distribution, with its extensions switched on"
NEEDED: Final = {
    "RECORD": "mouse and keyboard cannot be recorded",
    "XInputExtension": "mouse and keyboard cannot be recorded in time",
    "DAMAGE": "nobody tells when the screen changes",
}
"""Without these a recording cannot begin; what then is so."""
WANTED: Final = {
    "XFIXES": "every grab looks at the whole screen",
    "X-Resource": "windows without a name cannot be told apart and are painted out",
    "MIT-SHM": "each picture of the screen takes several times as long",
    "MIT-SCREEN-SAVER": "nobody tells when you are away",
    "RANDR": "several monitors are taken for one",
}
"""Without these less is recorded; what then is so."""


def look_at_display(around: Around) -> list[Finding]:
    """Tell whether the display answers, and what it lacks; nothing where there is none."""
    name = around.environment.get("DISPLAY", "")
    if not name:
        return []  # said of the session
    try:
        offered = wiring.extensions(name)
    except SourceUnavailable as error:
        return [failed("display", error)]
    found = ok("display", f"The X server {name} answers through its unix socket")
    return [found, *extension_findings(offered)]


def extension_findings(offered: frozenset[str]) -> list[Finding]:
    """Give a finding for each missing extension, or one that all are there."""
    missing = [
        fail("extensions", _told(n, why), _SERVER) for n, why in NEEDED.items() if n not in offered
    ]
    missing += [
        warn("extensions", _told(n, why), _SERVER) for n, why in WANTED.items() if n not in offered
    ]
    return missing or [ok("extensions", ", ".join((*NEEDED, *WANTED)))]


def _told(name: str, why: str) -> str:
    return f"The X server lacks {name}, so {why}"
