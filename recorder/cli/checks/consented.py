"""Consent, and the clock that dates it; reads the ledger and notes nothing."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, fail, failed, ok, warn
from recorder.cli.system_clock import SystemClock
from recorder.consent.errors import NoConsent, date_text
from recorder.consent.gate import CLOCK_TOLERANCE_NS, Gate
from recorder.consent.last_seen import last_seen_ns
from recorder.consent.ledger import LedgerPlace, read_ledger
from recorder.core.errors import RecorderError

_NS: Final = 1_000_000_000
_DAY_NS: Final = 86_400 * _NS
_SOON_DAYS: Final = 14
_HAS_BOOT: Final = hasattr(time, "CLOCK_BOOTTIME")
"""CLOCK_BOOTTIME counts suspended time too, so it is never behind; Linux has it."""
_EARLIEST_NS: Final = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * _NS
"""Before this there was no recorder."""
_LATEST_NS: Final = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp()) * _NS


def look_at_consent(around: Around, folder: Path) -> list[Finding]:
    """Tell whether the gate would open now, and until when."""
    clock = SystemClock()
    try:
        terms = Gate(folder, around.places.state, clock).agreed()
    except NoConsent as error:
        return [warn("consent", error.message, error.fix)]
    except RecorderError as error:
        return [failed("consent", error)]
    return [consent_finding(terms.expires_wall_ns, clock.wall_ns())]


def consent_finding(expires_ns: int, now_ns: int) -> Finding:
    """Give the finding for a consent in force that expires then; wall times."""
    days = (expires_ns - now_ns) // _DAY_NS
    told = f"In force until {date_text(expires_ns)}"
    if days < _SOON_DAYS:
        left = "less than a day" if days < 1 else f"{days} days" if days > 1 else "a day"
        return warn("consent", f"{told}, {left} from now", "recorder consent give")
    return ok("consent", told)


def look_at_clock(around: Around, folder: Path | None) -> list[Finding]:
    """Tell whether the clocks make sense, and whether the date was not set back."""
    monotonic_ns = time.monotonic_ns()
    boot_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME) if _HAS_BOOT else None
    newest_ns = _newest_ns(around, folder) if folder else 0
    return [clock_finding(SystemClock().wall_ns(), newest_ns, (monotonic_ns, boot_ns))]


def clock_finding(wall_ns: int, newest_ns: int, running_ns: tuple[int, int | None]) -> Finding:
    """Give the finding for the clocks of this computer.

    Args:
        wall_ns: What the date says.
        newest_ns: Wall time of the newest thing in the ledger, 0 where there is none.
        running_ns: CLOCK_MONOTONIC, and CLOCK_BOOTTIME where there is one.
    """
    monotonic_ns, boot_ns = running_ns
    fix = "set date and time right: timedatectl set-ntp true"
    if not _EARLIEST_NS <= wall_ns < _LATEST_NS:
        return fail("clock", f"The date cannot be {date_text(wall_ns)}", fix)
    if wall_ns < newest_ns - CLOCK_TOLERANCE_NS:
        told = f"The date is {date_text(wall_ns)}, but it was {date_text(newest_ns)} before"
        return fail("clock", told, fix)
    if monotonic_ns <= 0 or (boot_ns is not None and boot_ns < monotonic_ns):
        return fail("clock", "The computer's running clocks contradict each other", "restart it")
    return ok("clock", "The date and both running clocks make sense")


def _newest_ns(around: Around, folder: Path) -> int:
    """Give the newest wall time that is known, 0 where the ledger cannot tell."""
    place = LedgerPlace(folder, around.places.state)
    try:
        entries = read_ledger(place).entries
    except RecorderError:
        return last_seen_ns(place)  # said of the consent
    return max(last_seen_ns(place), *(entry.wall_ns for entry in entries), 0)
