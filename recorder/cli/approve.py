"""`recorder approve` and `approvals`: what its owner lets a study have. Nothing is sent."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.opening import (
    EpisodeArgument,
    FolderOption,
    JsonOption,
    MaybeEpisodeArgument,
    PassphraseOption,
    YesOption,
    chosen_homes,
    own_folder,
    refuse_live,
)
from recorder.cli.passphrases import unlock_folder
from recorder.cli.progress import progress
from recorder.cli.show import pairs, write_sheet
from recorder.cli.spans import RANGE_HELP, clock_text, time_range
from recorder.consent.keys import load_public_key, load_user_key
from recorder.core.amounts import size_text
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.episodes.names import TABLES
from recorder.episodes.reader import open_episode
from recorder.places import places
from recorder.sharing.approval import Approval, Wish, approvals, approve, withdraw_approval
from recorder.sharing.approved_content import Content, content_of, open_approved
from recorder.sharing.consented import bounds_for
from recorder.sharing.left_out import left_out_lines

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
    content = _content(found, identity)
    payload = {**_payload(found), "content": _facts(content)}
    output.emit("approve", payload, as_json, lambda: _told(found, content))


def list_approvals(  # noqa: PLR0913 - one parameter an option
    episode_id: MaybeEpisodeArgument = None,
    *,
    study: Annotated[str | None, typer.Option(help="Of this study alone.")] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Open the sealed copies and tell what they hold.")
    ] = False,
    contact_sheet: Annotated[
        Path | None,
        typer.Option(help="With --show, of one: write small pictures, not encrypted, as PNG."),
    ] = None,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> int:
    """List what you approved for studies, and whether it still holds; no passphrase.

    With --show it is read back from the sealed copies, byte for byte what a study would get.
    """
    where = own_folder(folder)
    found = _sorted(where, study, episode_id)
    if contact_sheet is not None and not (show and len(found) == 1):
        raise output.UsageError(
            "A contact sheet is of one approval", "recorder approvals ID --study NAME --show"
        )
    if show:
        identity = unlock_folder(where, passphrase_file) if found else ""
        return _show(found, identity, contact_sheet, as_json=as_json)
    payload: output.Payload = {"approvals": [_payload(one) for one in found]}
    told = "\n".join(map(_line, found)) or "Nothing is approved."
    output.emit("approvals", payload, as_json, told)
    return ExitCode.OK


def _show(found: list[Approval], identity: str, sheet: Path | None, *, as_json: bool) -> int:
    """Tell what the sealed copies hold; gives the exit code of the first that cannot be shown."""
    payloads: list[output.Payload] = []
    lines: list[str] = []
    each = EachAlone()
    with progress("Opening", len(found)) as step:
        for one in found:
            payloads.append(_payload(one))
            lines.append(_line(one))
            with each.trying(one.episode_id):
                content = _content(one, identity, sheet)
                payloads[-1]["content"] = _facts(content)
                lines += [f"  {line}" for line in (*_lines(content), *_left_out(one))]
            step()
    told = "\n".join(lines) or "Nothing is approved."
    output.emit("approvals", {"approvals": payloads}, as_json, lambda: output.printable(told))
    for name, error in each.failed:
        output.say(f"{name}: {error}")
    return next((error.code for _, error in each.failed), ExitCode.OK)


def _content(approval: Approval, identity: str, sheet: Path | None = None) -> Content:
    """Read an approval back from its sealed bytes."""
    episode = open_approved(approval, identity)
    try:
        if sheet is not None:
            write_sheet(episode, sheet)
        return content_of(episode)
    finally:
        episode.close()


def _sorted(folder: Path, study: str | None, episode_id: str | None) -> list[Approval]:
    wanted = None if episode_id is None else chosen_homes(folder, [episode_id])[0].name
    found = approvals(folder, load_public_key(folder, "user"), study)
    return [one for one in found if wanted in {None, one.episode_id}]


def _payload(found: Approval) -> output.Payload:
    told = found.statement
    return {
        "study": found.study,
        "episode_id": found.episode_id,
        "state": found.state,
        "path": str(found.path),
        "statement": None if told is None else told.model_dump(mode="json", by_alias=True),
    }


def _told(found: Approval, content: Content) -> str:
    size = 0 if found.statement is None else found.statement.payload_bytes
    lines = [
        f"Approved {found.episode_id} for {found.study}, {size_text(size)}.",
        "Read back from the sealed copy:",
        *(f"  {line}" for line in (*_lines(content), *_left_out(found))),
        "Nothing was sent. Any change of the episode ends the approval.",
    ]
    return output.printable("\n".join(lines))


def _facts(content: Content) -> output.Payload:
    return {
        "duration_s": content.duration_ns / 1e9,
        "first_picture": _instant(content.first_picture_wall_ns),
        "last_picture": _instant(content.last_picture_wall_ns),
        **content.told.model_dump(mode="json", exclude={"episode_id", "degraded"}),
    }


def _lines(content: Content) -> list[str]:
    """Say what a sealed copy holds."""
    told = content.told
    counts: dict[str, int] = {table: told.counts.get(table, 0) for table in TABLES}
    apps = ", ".join(app.app_name or app.app_id for app in told.apps) or "none"
    first, last = content.first_picture_wall_ns, content.last_picture_wall_ns
    pictures = f"{_instant(first)} to {_instant(last)}" if first is not None else "none"
    lines = [
        f"Length    {clock_text(content.duration_ns)}",
        f"Rows      {pairs(counts)}",
        f"Pictures  {told.counts.get('frames.with_image', 0)}; {pictures}",
        f"Apps      {apps}",
    ]
    lines += [f"Task      {task.instruction}" for task in told.tasks if task.instruction]
    return lines + [
        f"Redacted  {stream}: {pairs(kinds)}" for stream, kinds in told.redactions.items()
    ]


def _left_out(found: Approval) -> list[str]:
    """Say what of the approved times the study does not get."""
    told = found.statement
    return [f"Not in it  {line}" for line in left_out_lines(told.left_out if told else {})]


def _instant(wall_ns: int | None) -> str | None:
    if wall_ns is None:
        return None
    return datetime.fromtimestamp(wall_ns / 1e9, UTC).isoformat(timespec="seconds")


def _line(found: Approval) -> str:
    told = found.statement
    words = {"changed": "no longer holds: the episode changed", "damaged": "damaged"}
    when = told.approved if told else ""
    spans = told.ranges if told else ()
    times = ", ".join(f"{clock_text(first)} to {clock_text(last)}" for first, last in spans[:3])
    more = " …" if len(spans) > len(spans[:3]) else ""
    state = words.get(found.state, "holds")
    return f"{found.study}  {found.episode_id}  {when}  {times}{more}  {state}"
