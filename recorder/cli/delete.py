"""`recorder delete`: episodes for good, their keys first."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.list import size_text
from recorder.cli.opening import (
    EpisodeOpen,
    FolderOption,
    JsonOption,
    YesOption,
    chosen_homes,
    live_episode,
    names_to_complete,
    own_folder,
)
from recorder.cli.progress import progress
from recorder.core.errors import RecorderError
from recorder.episodes.homes import EpisodeUnknown
from recorder.episodes.store import Deleted, delete_episode, episode_info


def delete(
    episode_id: Annotated[
        str | None,
        typer.Argument(help="An id of recorder list, or last.", autocompletion=names_to_complete),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every episode.")] = False,
    folder: FolderOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Delete an episode, or all of them."""
    if (episode_id is None) is not every:
        raise output.UsageError("Name one episode, or --all", "recorder list shows the names")
    where = own_folder(folder)
    homes = chosen_homes(where, [] if episode_id is None else [episode_id])
    if live_episode(where) in {home.name for home in homes}:
        raise EpisodeOpen
    size_bytes = sum(episode_info(home).size_bytes for home in homes)
    if homes:
        what = f"{len(homes)} episodes" if len(homes) > 1 else homes[0].name
        output.confirm(f"Delete {what}, {size_text(size_bytes)}, for good?", yes=yes)
    gone = _delete_each(where, homes)
    payload: output.Payload = {
        "deleted": [deleted.episode_id for deleted in gone],
        "size_bytes": sum(deleted.size_bytes for deleted in gone),
    }
    human = (
        f"Deleted {len(gone)} episodes, {size_text(size_bytes)}. "
        "Backups and snapshots that you made may still hold them."
    )
    output.emit("delete", payload, as_json, human)


def _delete_each(folder: Path, homes: Sequence[Path]) -> list[Deleted]:
    """Delete all that can be deleted; one that cannot does not keep the others.

    Raises:
        RecorderError: The first thing that kept one of them.
    """
    gone: list[Deleted] = []
    kept: list[RecorderError] = []
    with progress("Deleting", len(homes)) as step:
        for home in homes:
            try:
                gone.append(delete_episode(folder, home.name))
            except EpisodeUnknown:
                pass  # somebody else deleted it meanwhile
            except RecorderError as error:
                kept.append(error)
            step()
    if kept:
        output.say(f"Deleted {len(gone)} of {len(homes)} episodes.")
        raise kept[0]
    return gone
