"""`recorder list`: the newest episodes, from names, sizes and manifests; no passphrase."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.opening import FolderOption, JsonOption, live_episode, own_folder
from recorder.core.amounts import size_text
from recorder.core.errors import RecorderError
from recorder.episodes.homes import episode_homes
from recorder.episodes.store import EpisodeInfo, episode_info

_PAGE: Final = 50
"""Ten thousand at once took three seconds, measured; and nobody reads them."""


def list_episodes(
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="How many, the newest ones; 0 for all.")
    ] = _PAGE,
    folder: FolderOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer's way
) -> None:
    """List the newest episodes, oldest first."""
    where = own_folder(folder)
    live = live_id(where)
    homes = episode_homes(where)
    shown = homes[-limit:]
    more = len(homes) - len(shown)
    found = [(info, state_of(info, live)) for info in map(episode_info, shown)]
    payload: output.Payload = {
        "episodes": [_payload(info, state) for info, state in found],
        "more": more,
    }
    output.emit("list", payload, as_json, lambda: _told(found, more))


def started(info: EpisodeInfo) -> datetime:
    """Give when it began, UTC."""
    return datetime.fromtimestamp(info.started_wall_ns / 1e9, UTC)


def duration_text(duration_s: float) -> str:
    """Give a duration as h:mm:ss."""
    minutes, seconds = divmod(int(duration_s), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def live_id(folder: Path) -> str:
    """Give the id of the episode that is being recorded; "" for none, or if it cannot be told."""
    try:
        return live_episode(folder)
    except RecorderError:
        return ""


def state_of(info: EpisodeInfo, live: str) -> str:
    """Give the word for how far an episode is: recording, newer, damaged, closed or unfinished."""
    if info.episode_id == live:
        return "recording"
    if info.newer:
        return "newer"
    if info.damaged:
        return "damaged"
    return "closed" if info.closed else "unfinished"


def _payload(info: EpisodeInfo, state: str) -> output.Payload:
    return {
        "episode_id": info.episode_id,
        "path": str(info.path),
        "started": started(info).isoformat(),
        "duration_s": info.duration_s,
        "size_bytes": info.size_bytes,
        "files": info.files,
        "state": state,
        "sealed": info.sealed,
        "grant": info.grant,
    }


def _told(found: list[tuple[EpisodeInfo, str]], more: int) -> str:
    if not found:
        return "Nothing is recorded yet."
    lines = [f"{more} older ones are not shown. recorder list --limit 0 shows all."] if more else []
    lines += [
        f"{info.episode_id}  {started(info).astimezone():%Y-%m-%d %H:%M}  "
        f"{duration_text(info.duration_s):>8}  {size_text(info.size_bytes):>9}  {state}"
        + ("  demo" if info.grant == "demo" else "")
        for info, state in found
    ]
    return "\n".join(lines)
