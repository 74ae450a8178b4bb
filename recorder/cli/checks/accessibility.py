"""The session bus, and behind it what programs tell about their windows and fields."""

from typing import Final

from recorder.cli import wiring
from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, fail, ok, warn
from recorder.core.degraded import DEGRADED
from recorder.core.ports import BusState

_FOUND: Final = {
    BusState.NO_SESSION_BUS: warn("accessibility", *DEGRADED["no_session_bus"]),
    BusState.NOT_INSTALLED: warn("accessibility", *DEGRADED["no_accessibility_bus"]),
    BusState.NOT_STARTED: ok("accessibility", "It starts when a recording asks for it"),
    BusState.SILENT: fail(
        "accessibility",
        "The accessibility bus is there and does not answer, so fields are not known and keys are "
        "stored by kind only, browsers not at all",
        "log out and in again",
    ),
    BusState.ANSWERS: ok("accessibility", "Its bus answers"),
}  # fmt: skip


def look_at_accessibility(_around: Around) -> list[Finding]:
    """Tell how far one gets on the way to accessible programs."""
    return [_FOUND[wiring.accessibility()]]
