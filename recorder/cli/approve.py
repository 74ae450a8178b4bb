"""`recorder approve` and `approvals`: what its owner lets a study have. Nothing is sent."""

from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.list import size_text
from recorder.cli.opening import (
    EpisodeArgument,
    FolderOption,
    JsonOption,
    PassphraseOption,
    YesOption,
    chosen_homes,
    own_folder,
    refuse_live,
)
from recorder.cli.passphrases import unlock_folder
from recorder.cli.progress import progress
from recorder.cli.spans import RANGE_HELP, clock_text, time_range
from recorder.consent.keys import load_public_key, load_user_key
from recorder.episodes.reader import open_episode
from recorder.places import places
from recorder.sharing.approval import Approval, Wish, approvals, approve, withdraw_approval
from recorder.sharing.consented import bounds_for

StudyOption = Annotated[str, typer.Option("--study", help="The study's name.")]


def approve_episode(  # noqa: PLR0913 - one parameter an option
    episode_id: EpisodeArgument,
    *,
    study: StudyOption,
    span: Annotated[
        list[str] | None, typer.Option("--range", help=f"{RANGE_HELP} May repeat.")
    ] = None,
    take_back: Annotated[
        bool, typer.Option("--withdraw", help="Take the approval back instead.")
    ] = False,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Approve an episode, or ranges of it, for a study.

    The approval holds for exactly what is stored now: any change of the episode ends it.
    A sealed copy of the approved rows is kept; only recorder share gives it away.
    """
    where = own_folder(folder)
    (home,) = chosen_homes(where, [episode_id])
    if take_back:
        withdraw_approval(where, study, home.name)
        payload: output.Payload = {"withdrawn": True, "episode_id": home.name, "study": study}
        output.emit("approve", payload, as_json, f"Took the approval for {study} back.")
        return
    ranges = None if span is None else [time_range(text) for text in span]
    wish = Wish(study, ranges, bounds_for(where, places().state, study))
    refuse_live(where, [home])
    what = "all of it" if span is None else ", ".join(span)
    output.confirm(f"Approve {home.name}, {what}, for the study {study}?", yes=yes)
    identity = unlock_folder(where, passphrase_file)
    episode = open_episode(home, folder=where, identity=identity)
    key = load_user_key(where, identity)
    with progress("Approving", len(episode.files.names())) as step:
        found = approve(episode, wish, key.sign, step)
    output.emit("approve", _payload(found), as_json, lambda: _told(found))


def list_approvals(
    *,
    study: Annotated[str | None, typer.Option(help="Of this study alone.")] = None,
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what you approved for studies, and whether it still holds; no passphrase."""
    where = own_folder(folder)
    found = _sorted(where, study)
    payload: output.Payload = {"approvals": [_payload(one) for one in found]}
    told = "\n".join(map(_line, found)) or "Nothing is approved."
    output.emit("approvals", payload, as_json, told)


def _sorted(folder: Path, study: str | None) -> list[Approval]:
    return list(approvals(folder, load_public_key(folder, "user"), study))


def _payload(found: Approval) -> output.Payload:
    told = found.statement
    return {
        "study": found.study,
        "episode_id": found.episode_id,
        "state": found.state,
        "path": str(found.path),
        "statement": None if told is None else told.model_dump(mode="json", by_alias=True),
    }


def _told(found: Approval) -> str:
    told = found.statement
    rows = {} if told is None else told.rows
    size = 0 if told is None else told.payload_bytes
    counts = ", ".join(f"{count} {table}" for table, count in rows.items())
    return (
        f"Approved {found.episode_id} for {found.study}: {counts}, {size_text(size)}.\n"
        "Nothing was sent. Any change of the episode ends the approval."
    )


def _line(found: Approval) -> str:
    told = found.statement
    words = {"changed": "no longer holds: the episode changed", "damaged": "damaged"}
    when = told.approved if told else ""
    spans = told.ranges if told else ()
    times = ", ".join(f"{clock_text(first)} to {clock_text(last)}" for first, last in spans[:3])
    more = " …" if len(spans) > len(spans[:3]) else ""
    state = words.get(found.state, "holds")
    return f"{found.study}  {found.episode_id}  {when}  {times}{more}  {state}"
