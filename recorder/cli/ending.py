"""Putting a consent out of force, whatever state its ledger is in; no passphrase."""

import secrets
from dataclasses import dataclass
from typing import Literal

from recorder.cli.system_clock import SystemClock
from recorder.consent.errors import ConsentUntrusted, Missing, NoConsent
from recorder.consent.folder import FolderReadOnly
from recorder.consent.giving import withdraw
from recorder.consent.keys import KeyUnusable
from recorder.consent.ledger import LedgerPlace, remove_head, set_aside
from recorder.core.ids import ulid

How = Literal["ended", "already", "refused", "never", "set aside", "no folder"]
_NOTHING: dict[Missing, How] = {
    Missing.NEVER: "never",
    Missing.REFUSED: "refused",
    Missing.WITHDRAWN: "already",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a consent came to its end; it is out of force now in every case.

    Attributes:
        why: What was wrong with a ledger that was set aside.
    """

    how: How
    why: str = ""


def end_consent(place: LedgerPlace) -> Ended:
    """Put every consent of a chain out of force.

    Raises:
        FolderReadOnly: It could not be written down; it is out of force all the same.
    """
    if not place.folder.is_dir():
        remove_head(place)
        return Ended("no folder")
    try:
        return _write_end(place)
    except OSError as cause:
        remove_head(place)
        raise FolderReadOnly(place.folder, (cause.strerror or "").lower()) from cause


def ledger_mark() -> str:
    """Give what a ledger that is set aside is named for."""
    return ulid(SystemClock().wall_ns(), secrets.token_bytes(10))


def _write_end(place: LedgerPlace) -> Ended:
    try:
        withdraw(place, SystemClock())
    except NoConsent as nothing:
        return Ended(_NOTHING[nothing.why])
    except (ConsentUntrusted, KeyUnusable) as problem:
        set_aside(place, ledger_mark())
        why = problem.what if isinstance(problem, ConsentUntrusted) else problem.message
        return Ended("set aside", why)
    return Ended("ended")
