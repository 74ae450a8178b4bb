"""`recorder review`: the page on this machine that shows what was recorded."""

import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.list import live_id
from recorder.cli.opening import (
    FolderOption,
    JsonOption,
    chosen_homes,
    names_to_complete,
    own_folder,
    refuse_live,
)
from recorder.cli.review_page import serve_page
from recorder.core.each_alone import EachAlone
from recorder.episodes.homes import find_home
from recorder.episodes.reviewed import unreviewed
from recorder.episodes.seen import mark_seen, unmark_seen
from recorder.review.room import Room

EpisodesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        help="An id of recorder list, or last; several with --done.",
        autocompletion=names_to_complete,
    ),
]


def review(  # noqa: PLR0913 - one parameter an option
    episode_ids: EpisodesArgument = None,
    *,
    done: Annotated[
        bool, typer.Option("--done", help="Mark as seen what you looked at; opens no page.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="With --done: take the mark back.")] = False,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page, or print its link only.")
    ] = True,
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at what was recorded, on a page that only this computer sees; Ctrl-C ends it.

    With --done an episode is marked as seen until it changes; no passphrase is needed.
    """
    where = own_folder(folder)
    names = [home.name for home in chosen_homes(where, episode_ids)] if episode_ids else []
    if done:
        _mark(where, names, undo=undo, as_json=as_json)
        return
    if undo or len(names) > 1:
        raise output.UsageError(
            "--undo belongs to --done" if undo else "The page begins with one episode",
            "recorder review --done ID --undo" if undo else "name one, or add --done",
        )
    wanted = f"episode/{names[0]}" if names else ""
    serve_page(where, lambda room: _ready(room, browser=browser, as_json=as_json), begin_at=wanted)
    output.say("The review page is closed; the keys are gone from memory.")


def _mark(folder: Path, names: list[str], *, undo: bool, as_json: bool) -> None:
    """Mark episodes as seen, or take that back."""
    if not names:
        raise output.UsageError("Name what you have seen", "recorder review --done last")
    homes = [find_home(folder, name) for name in dict.fromkeys(names)]
    refuse_live(folder, homes)
    changed = _mark_each(homes, undo=undo)
    left = unreviewed(folder, live_id(folder))
    payload: output.Payload = {"episodes": changed, "seen": not undo, "unreviewed": left}
    output.emit("review", payload, as_json, lambda: _marked(changed, left, undo=undo))


def _mark_each(homes: list[Path], *, undo: bool) -> list[str]:
    """Do it for all that it can be done for; gives their ids.

    Raises:
        RecorderError: The first thing that kept one of them.
    """
    today, each, changed = datetime.now(UTC), EachAlone(), []
    for home in homes:
        with each.trying(home.name):
            if undo:
                unmark_seen(home)
            else:
                mark_seen(home, today)
            changed.append(home.name)
    if len(homes) > 1:
        for name, error in each.failed:
            output.say(f"{name}: {error.message}")
    each.end()
    return changed


def _marked(names: list[str], left: int, *, undo: bool) -> str:
    what = "no longer marked as seen" if undo else "marked as seen, until it changes"
    lines = [f"{name}  {what}" for name in names]
    return "\n".join([*lines, f"{left} left to review." if left else "Nothing is left to review."])


def _ready(room: Room, *, browser: bool, as_json: bool) -> None:
    """Print the link and open it."""
    link = room.door.link(room.port)
    payload: output.Payload = {"link": link, "address": room.door.home(room.port)}
    human = f"Review page, for this computer and this user only; the link works once:\n  {link}"
    output.emit("review", payload, as_json, human)
    if browser and not webbrowser.open(link):
        output.say("No browser opened. Fix: open the link above in one.")
    output.say("Ctrl-C ends it.")
