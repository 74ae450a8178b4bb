"""`recorder search`: finds words in what episodes say, without writing anything."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.completions import allowed_apps
from recorder.cli.opening import (
    FolderOption,
    JsonOption,
    PassphraseOption,
    chosen_homes,
    names_to_complete,
    open_each,
    own_folder,
    own_identity,
)
from recorder.cli.progress import progress
from recorder.cli.spans import clock_text
from recorder.episodes.searching import FOUND, Match, Query, search

_PAGE: Final = 50
_Kind = StrEnum("_Kind", {kind.upper(): kind for kind in FOUND})  # type: ignore[misc]  # made of FOUND


def search_episodes(  # noqa: PLR0913 - one parameter an option
    text: Annotated[str, typer.Argument(help="Words, or a kind of mark such as EMAIL.")],
    *,
    app: Annotated[
        str, typer.Option(help="Only while this app had the focus.", autocompletion=allowed_apps)
    ] = "",
    kind: Annotated[list[_Kind] | None, typer.Option(help="Only in these; may repeat.")] = None,
    episode: Annotated[
        list[str] | None,
        typer.Option(help="Only in this one; may repeat.", autocompletion=names_to_complete),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Stop after so many; 0 for all.")] = _PAGE,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search typed text, titles, apps, sites, tasks, elements and marks, the newest first."""
    if not text.strip():
        raise output.UsageError("There is nothing to search for", "recorder search WORD")
    where = own_folder(folder)
    kinds = frozenset(one for one in FOUND if one in {str(k.value) for k in kind or ()})
    found = _search(where, Query(text.strip(), app, kinds), episode or [], passphrase_file)
    matches = list(islice(found, limit + 1 if limit else None))
    more = bool(limit) and len(matches) > limit
    shown = matches[:limit] if limit else matches
    payload: output.Payload = {
        "matches": [_payload(name, match) for name, match in shown],
        "more": more,
    }
    output.emit("search", payload, as_json, lambda: _told(shown, more=more))


def _search(
    folder: Path, query: Query, ids: list[str], passphrase_file: Path | None
) -> Iterator[tuple[str, Match]]:
    """Give matches with the episode's id; whoever has enough stops the reading."""
    homes = chosen_homes(folder, ids)[::-1]
    identity = own_identity(folder, homes, passphrase_file)
    with progress("Searching", len(homes)) as step:
        for episode in open_each(folder, homes, identity):
            for match in search(episode, query):
                yield episode.episode_id, match
            for problem in episode.problems:
                output.say(f"{episode.episode_id}: {problem.file} is {problem.why}, left out")
            step()


def _payload(name: str, match: Match) -> output.Payload:
    return {
        "episode_id": name,
        "kind": match.kind,
        "t_ns": match.t_ns,
        "text": match.text,
        "app_id": match.app_id,
        "seq": match.seq,
        "frame_id": match.frame_id,
    }


def _told(shown: list[tuple[str, Match]], *, more: bool) -> str:
    if not shown:
        return "Nothing was found."
    lines = []
    for name, match in shown:
        text = output.printable(match.text).replace("\n", " ")
        app = output.printable(match.app_id or "")
        row = f"row {match.seq}" if match.seq is not None else ""
        row = f"frame {match.frame_id}" if match.frame_id is not None else row
        when = clock_text(match.t_ns)
        lines.append(f"{name}  {when}  {match.kind:<6}  {row:<10}  {app:<12}  {text}")
    if more:
        lines.append("There is more: --limit 0 shows all.")
    return "\n".join(lines)
