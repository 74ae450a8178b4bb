"""`recorder disk`: what takes space, what the budget says, and what retention deletes when."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.opening import FolderOption, JsonOption, live_episode, own_folder
from recorder.cli.progress import progress
from recorder.cli.system_clock import SystemClock
from recorder.core.amounts import size_text
from recorder.core.errors import ExitCode
from recorder.episodes.housekeeping import (
    Budget,
    DiskState,
    Due,
    Usage,
    announce,
    disk_state,
    due,
    tidy,
    usage,
)
from recorder.episodes.store import Deleted
from recorder.places import places
from recorder.settings import Settings, read_settings


def disk(
    *,
    apply: Annotated[
        bool, typer.Option("--tidy", help="Delete what is over and was announced, as start does.")
    ] = False,
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show what recordings take, their budget, and what will be deleted when; no passphrase."""
    where = own_folder(folder)
    settings = read_settings(places().settings_file)
    gone = housekeep(where, settings, live_episode(where)) if apply else []
    now_ns = SystemClock().wall_ns()
    dues = due(where, now_ns, settings.retention_days)
    announce(where, dues, now_ns)
    found = usage(where)
    state = disk_state(found, budget_of(settings))
    payload: output.Payload = {
        "episodes": found.episodes,
        "size_bytes": found.size_bytes,
        "approved_bytes": found.approved_bytes,
        "free_bytes": found.free_bytes,
        "largest": [{"episode_id": name, "size_bytes": size} for name, size in found.largest],
        "budget_bytes": budget_of(settings).most_bytes,
        "floor_bytes": budget_of(settings).floor_bytes,
        "state": state.state,
        "why": state.why,
        "retention_days": settings.retention_days,
        "due": [{"episode_id": d.home.name, "goes": _day(d.goes_wall_ns)} for d in dues],
        "deleted": [deleted.episode_id for deleted in gone],
    }
    output.emit("disk", payload, as_json, lambda: _told(found, state, settings, dues))
    return ExitCode.OK if state.state == "ok" else ExitCode.WARNINGS


def budget_of(settings: Settings) -> Budget:
    """Give the budget in bytes."""
    return Budget(settings.disk_budget_gigabytes * 10**9, settings.disk_floor_megabytes * 10**6)


def housekeep(folder: Path, settings: Settings, live: str = "") -> list[Deleted]:
    """Delete what retention says and was announced; says so on stderr."""
    with progress("Keeping house") as step:
        gone = tidy(folder, SystemClock().wall_ns(), settings.retention_days, live, step)
    if gone:
        size_bytes = sum(deleted.size_bytes for deleted in gone)
        output.say(
            f"Deleted {len(gone)} episodes older than {settings.retention_days} days, "
            f"{size_text(size_bytes)}, as announced. {folder / 'housekeeping.log'} names them."
        )
    return gone


def _told(found: Usage, state: DiskState, settings: Settings, dues: list[Due]) -> str:
    most = settings.disk_budget_gigabytes
    lines = [
        f"Episodes   {found.episodes}, {size_text(found.size_bytes)}",
        f"Approved   {size_text(found.approved_bytes)}",
        f"Budget     {f'{most} GB' if most else 'none'}, {size_text(found.free_bytes)} free on the disk",
        f"Retention  {_retention(settings.retention_days)}",
    ]
    lines += [f"Largest    {name}  {size_text(size)}" for name, size in found.largest[:3]]
    lines += [f"Goes       {one.home.name}  on {_day(one.goes_wall_ns)}" for one in dues[:20]]
    if len(dues) > len(dues[:20]):
        lines.append(f"Goes       {len(dues) - 20} more; --json names them")
    if dues:
        lines.append("To keep one, approve it for a study, export it, or set retention_days.")
    if state.state != "ok":
        fix = "recorder delete, or set disk_budget_gigabytes"
        stops = " Nothing is recorded until then." if state.state == "pause" else ""
        lines.append(f"Warning    {state.why}.{stops} Fix: {fix}")
    return "\n".join(lines)


def _retention(days: int) -> str:
    return f"what is not approved goes after {days} days" if days else "nothing goes by itself"


def _day(wall_ns: int) -> str:
    return datetime.fromtimestamp(wall_ns / 1e9, UTC).date().isoformat()
