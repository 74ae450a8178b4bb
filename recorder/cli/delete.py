"""`recorder delete`: episodes for good, their keys first, or parts of them."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.completions import allowed_apps, lengths
from recorder.cli.delete_parts import How, Parts, delete_parts
from recorder.cli.opening import (
    DryRunOption,
    FolderOption,
    JsonOption,
    MaybeEpisodeArgument,
    PassphraseOption,
    YesOption,
    chosen_homes,
    own_folder,
    refuse_live,
)
from recorder.cli.progress import progress
from recorder.cli.spans import RANGE_HELP, time_range
from recorder.core.amounts import size_text
from recorder.core.each_alone import EachAlone
from recorder.episodes.homes import EpisodeUnknown
from recorder.episodes.store import Deleted, delete_episode, episode_info


def delete(  # noqa: PLR0913 - one parameter an option
    episode_id: MaybeEpisodeArgument = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every episode.")] = False,
    span: Annotated[str | None, typer.Option("--range", help=RANGE_HELP)] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="1h", help="The last minutes or hours, exactly.", autocompletion=lengths
        ),
    ] = None,
    app: Annotated[
        str | None, typer.Option(help="While this app had the focus.", autocompletion=allowed_apps)
    ] = None,
    site: Annotated[
        str | None, typer.Option(help="While a page of this site, or of one below it, had it.")
    ] = None,
    typed: Annotated[
        int | None, typer.Option(help="What was typed at this row of recorder search, keys alone.")
    ] = None,
    alike: Annotated[
        bool, typer.Option("--alike", help="Frames elsewhere with the same picture go too.")
    ] = False,
    dry_run: DryRunOption = False,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Delete an episode, all of them, or what is named of one or of all.

    Several of --range, --app and --site mean what lies in all of them. Without an id they reach
    through every episode, as --since does. Parts need the passphrase.
    """
    parts = Parts(
        span=None if span is None else time_range(span), since=since, app_id=app, url_host=site,
        alike=alike, typed=typed,
    )  # fmt: skip
    if episode_id is not None and every:
        raise output.UsageError("Name one episode, or --all", "recorder list shows the names")
    if parts.is_some:
        _check_parts(parts, episode_id)
    elif alike or (episode_id is None and not every):
        raise output.UsageError(
            "Name one episode, or --all, --since, --app or --site", "recorder list shows the names"
        )
    where = own_folder(folder)
    homes = chosen_homes(where, [] if episode_id is None else [episode_id])
    how = How(passphrase_file, dry_run, yes, as_json)
    if parts.is_some:
        delete_parts(where, homes, parts, how)
    else:
        _delete_whole(where, homes, how)


def _check_parts(parts: Parts, episode_id: str | None) -> None:
    others = (parts.span, parts.since, parts.app_id, parts.url_host, parts.alike or None)
    if parts.typed is not None and (episode_id is None or any(o is not None for o in others)):
        raise output.UsageError(
            "--typed needs the id of one episode, and nothing else",
            "recorder delete ID --typed 120",
        )
    if parts.span is not None and (episode_id is None or parts.since is not None):
        raise output.UsageError(
            "A range of times needs the id of one episode, and no --since",
            "recorder delete ID --range 10:00..12:30",
        )


def _delete_whole(where: Path, homes: Sequence[Path], how: How) -> None:
    refuse_live(where, homes)
    size_bytes = sum(episode_info(home).size_bytes for home in homes)
    what = f"{len(homes)} episodes" if len(homes) != 1 else homes[0].name
    if how.dry_run:
        names: output.Payload = {"dry_run": True, "episodes": [home.name for home in homes]}
        told = f"{what}, {size_text(size_bytes)}, would go. Nothing was changed."
        output.emit("delete", names, how.as_json, told)
        return
    if homes:
        output.confirm(f"Delete {what}, {size_text(size_bytes)}, for good?", yes=how.yes)
    gone = _delete_each(where, homes)
    payload: output.Payload = {
        "deleted": [deleted.episode_id for deleted in gone],
        "size_bytes": sum(deleted.size_bytes for deleted in gone),
    }
    human = (
        f"Deleted {len(gone)} episodes, {size_text(size_bytes)}. "
        "Backups and snapshots that you made may still hold them."
    )
    output.emit("delete", payload, how.as_json, human)


def _delete_each(folder: Path, homes: Sequence[Path]) -> list[Deleted]:
    """Delete all that can be deleted; one that cannot does not keep the others.

    Raises:
        RecorderError: The first thing that kept one of them.
    """
    gone: list[Deleted] = []
    each = EachAlone()
    with progress("Deleting", len(homes)) as step:
        for home in homes:
            with each.trying(), suppress(EpisodeUnknown):  # somebody else deleted it meanwhile
                gone.append(delete_episode(folder, home.name))
            step()
    if each.failed:
        output.say(f"Deleted {len(gone)} of {len(homes)} episodes.")
    each.end()
    return gone
