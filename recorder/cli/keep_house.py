"""Keeping house around a recording: room before it, retention after it. Standard library only.

Looking at episodes loads heavy libraries, which the window of a recording must not hold: a
child does that, and only when something is due.
"""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from recorder.cli import output
from recorder.core.errors import ExitCode, RecorderError

ANNOUNCED_FILE: Final = "announced.json"
SIZES_FILE: Final = "sizes.json"
NOTICE: Final = timedelta(days=7)
_CHILD_S: Final = 120.0
_WARN_SHARE: Final = 0.9
_MB: Final = 10**6
_GB: Final = 10**9


class NoRoom(RecorderError):
    """The disk is nearly full, or the budget is used up."""

    def __init__(self, why: str, fix: str) -> None:
        super().__init__(why, fix, ExitCode.UNWRITABLE)


def check_room(folder: Path, floor_mb: int, budget_gb: int) -> int | None:
    """See that there is room for a recording; warns when there is little.

    Gives how many MB the budget leaves; None when there is none.

    Raises:
        NoRoom: Less than the floor is free, or the budget is used up.
    """
    free_mb = shutil.disk_usage(folder).free // _MB
    used_mb = _known_bytes(folder) // _MB
    if free_mb < floor_mb:
        raise NoRoom(
            f"Only {free_mb} MB are free on the disk of {folder}",
            "make room, delete recordings, or set disk_floor_megabytes",
        )
    if budget_gb and used_mb * _MB >= budget_gb * _GB:
        raise NoRoom(
            f"Your recordings take {used_mb} MB, all of their budget",
            "recorder disk shows them; delete some, or set disk_budget_gigabytes",
        )
    if budget_gb and used_mb * _MB >= _WARN_SHARE * budget_gb * _GB:
        output.say(f"Your recordings take {used_mb} MB of {budget_gb} GB. See: recorder disk")
    return budget_gb * _GB // _MB - used_mb if budget_gb else None


def tidy_after(folder: Path, today: datetime, retention_days: int) -> None:
    """Announce and delete what retention says, in a child; mostly there is nothing."""
    oldest = min((path.name for path in _dates(folder)), default="9999")
    if not retention_days or oldest > _day(today - timedelta(days=retention_days) + NOTICE):
        return
    command = [
        sys.executable, "-P", "-m", "recorder.cli.main", "disk", "--tidy", "--folder", str(folder),
        "--json",
    ]  # fmt: skip
    subprocess.run(  # noqa: S603 - our own interpreter and module, fixed words and our folder
        command, stdout=subprocess.DEVNULL, check=False, timeout=_CHILD_S
    )
    told = announced(folder)
    if told:
        output.say(told)


def announced(folder: Path) -> str:
    """Give a sentence about what will be deleted; "" when nothing will."""
    found = _json(folder / ANNOUNCED_FILE)
    since, first_ns = found.get("since"), found.get("first_goes_wall_ns")
    if not isinstance(since, dict) or not since or not isinstance(first_ns, int):
        return ""
    count = len(since)
    noun = "episode" if count == 1 else "episodes"
    day = _day(datetime.fromtimestamp(first_ns / 1e9, UTC))
    return f"{count} {noun} will be deleted from {day} on, as retention says. See: recorder disk"


def _known_bytes(folder: Path) -> int:
    """Give what recordings took when they were last looked at."""
    sizes = _json(folder / SIZES_FILE).get("sizes")
    pairs = sizes.values() if isinstance(sizes, dict) else ()
    lists = [pair for pair in pairs if isinstance(pair, list) and pair]
    return sum(pair[-1] for pair in lists if isinstance(pair[-1], int))


def _dates(folder: Path) -> list[Path]:
    try:
        return [path for path in (folder / "episodes").iterdir() if path.name[:2] == "20"]
    except OSError:
        return []


def _json(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _day(when: datetime) -> str:
    return when.date().isoformat()
