"""Remembers the latest wall time, so that a clock set back cannot revive an expired yes."""

from pathlib import Path

from recorder.consent.ledger import LedgerPlace
from recorder.files import private_folder, read_regular, write_whole

STEP_NS = 3600 * 1_000_000_000
"""Written at most once an hour."""
_MAX_DIGITS = 20
_MAX_BYTES = 64


def last_seen_ns(place: LedgerPlace) -> int:
    """Give the latest wall time that was noted; 0 when there is none."""
    try:
        text = read_regular(_path(place), _MAX_BYTES).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return 0
    return int(text) if text.isdigit() and len(text) < _MAX_DIGITS else 0


def note_time(place: LedgerPlace, now_wall_ns: int) -> None:
    """Note the time if it is an hour past the last note.

    Raises:
        OSError: It could not be written.
    """
    if now_wall_ns - last_seen_ns(place) >= STEP_NS:
        private_folder(_path(place).parent)
        write_whole(_path(place), str(now_wall_ns).encode())


def forget_time(place: LedgerPlace) -> None:
    """Begin anew; a person who says yes now has seen what the clock says."""
    _path(place).unlink(missing_ok=True)


def _path(place: LedgerPlace) -> Path:
    return place.state / "seen" / f"{place.chain}.ns"
