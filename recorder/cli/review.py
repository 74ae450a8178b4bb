"""`recorder review`: the page on this machine that shows what was recorded."""

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.list import live_id
from recorder.cli.opening import (
    FolderOption,
    JsonOption,
    MaybeEpisodeArgument,
    chosen_homes,
    own_folder,
)
from recorder.cli.system_clock import SystemClock
from recorder.consent.memory import guard_memory
from recorder.core.context import ContextRow
from recorder.core.proofs import Redacted
from recorder.episodes.identity import unlock
from recorder.places import places
from recorder.review.app import build
from recorder.review.door import Door
from recorder.review.room import Room
from recorder.review.serve import Server, listen, only_one, serve
from recorder.review.vault import Vault


def review(
    episode_id: MaybeEpisodeArgument = None,
    *,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page, or print its link only.")
    ] = True,
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at what was recorded, on a page that only this computer sees; Ctrl-C ends it."""
    where = own_folder(folder)
    wanted = "" if episode_id is None else f"episode/{_named(where, episode_id)}"
    guard_memory()
    with only_one(places().state) as note, listen() as listening:
        port = listening.getsockname()[1]
        door = Door()
        room = Room(
            folder=where,
            port=port,
            door=door,
            vault=Vault(where, unlock),
            clock=SystemClock(),
            live=lambda: live_id(where),
            redact=_redact,
            begin_at=wanted,
        )
        note(door.home(port))
        serve(
            Server(build(room), lambda: _ready(room, browser=browser, as_json=as_json)), listening
        )
    output.say("The review page is closed; the keys are gone from memory.")


def _redact(label: ContextRow) -> Redacted[ContextRow]:
    """Redact a new label as a recording would; the rules load when it is first asked for."""
    from recorder.cli.relabel import redacted_label  # noqa: PLC0415 - the rules take a second

    return redacted_label(label.instruction, label.outcome)


def _named(folder: Path, episode_id: str) -> str:
    return chosen_homes(folder, [episode_id])[0].name


def _ready(room: Room, *, browser: bool, as_json: bool) -> None:
    """Print the link and open it."""
    link = room.door.link(room.port)
    payload: output.Payload = {"link": link, "address": room.door.home(room.port)}
    human = f"Review page, for this computer and this user only; the link works once:\n  {link}"
    output.emit("review", payload, as_json, human)
    if browser and not webbrowser.open(link):
        output.say("No browser opened. Fix: open the link above in one.")
    output.say("Ctrl-C ends it.")
