"""`recorder show`: what one episode holds, and what was redacted and lost."""

from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.list import duration_text, live_id, started, state_of
from recorder.cli.opening import (
    EpisodeArgument,
    FolderOption,
    JsonOption,
    PassphraseOption,
    open_own,
    own_folder,
)
from recorder.core.amounts import size_text
from recorder.core.degraded import DEGRADED
from recorder.core.losses import left_out_words, lost_words
from recorder.episodes.manifest import Summary, TaskSeen
from recorder.episodes.reader import Episode
from recorder.episodes.store import EpisodeInfo, episode_info
from recorder.episodes.tally import summary, tally_of, total

_FRAME_COLUMNS = ("t_grab_end_ns", "frame_id", "dup_of_frame_id", "redacted_boxes")


def show(
    episode_id: EpisodeArgument = "last",
    *,
    contact_sheet: Annotated[
        Path | None,
        typer.Option("--contact-sheet", help="Write small pictures of it, not encrypted, as PNG."),
    ] = None,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show apps, tasks, counts, redactions, losses and problems of an episode."""
    where = own_folder(folder)
    episode = open_own(where, [episode_id], passphrase_file)[0]
    info = episode_info(episode.path)
    state = state_of(info, live_id(where))
    told = episode.summary or _counted(episode)
    losses = episode.manifest.losses if episode.manifest else {}
    payload: output.Payload = {
        **told.model_dump(mode="json"),
        "started": started(info).isoformat(),
        "duration_s": info.duration_s,
        "size_bytes": info.size_bytes,
        "closed": info.closed,
        "state": state,
        "losses": losses,
        "removed": [r.model_dump() for r in episode.manifest.removed] if episode.manifest else [],
        "problems": [{"file": p.file, "why": p.why} for p in episode.problems],
    }
    if contact_sheet is not None:
        payload["contact_sheet"] = write_sheet(episode, contact_sheet)
    output.emit("show", payload, as_json, lambda: _told(episode, info, told, state))


def write_sheet(episode: Episode, file: Path) -> str:
    """Write small pictures of an episode as PNG, which is said; gives the file's path.

    Raises:
        UsageError: It has no picture, or the file is there already.
        Unwritable: The file cannot be written.
    """
    from recorder.cli.contact_sheet import write_contact_sheet  # noqa: PLC0415 - loads Pillow

    path = file.expanduser().absolute()
    count = write_contact_sheet(episode, path)
    output.say(f"Wrote {count} pictures to {path}. It is not encrypted.")
    return str(path)


def _counted(episode: Episode) -> Summary:
    """Count the rows of an episode that has no summary."""
    tallies = (
        tally_of("events", episode.events),
        tally_of("frames", episode.read("frames", _FRAME_COLUMNS)),
        tally_of("context", episode.context),
    )
    return summary(episode.episode_id, total(tallies))


def _told(episode: Episode, info: EpisodeInfo, told: Summary, state: str) -> str:
    lines = [
        f"Episode   {info.episode_id}" + ("" if state == "closed" else f"  ({state})"),
        f"Started   {started(info).astimezone():%Y-%m-%d %H:%M:%S}",
        f"Lasted    {duration_text(info.duration_s)}, {size_text(info.size_bytes)}",
        "Apps      " + (", ".join(app.app_name or app.app_id for app in told.apps) or "none"),
    ]
    lines += [f"Task      {_task(task)}" for task in told.tasks]
    lines.append("Rows      " + pairs(told.counts))
    lines += [f"Redacted  {stream}: {pairs(kinds)}" for stream, kinds in told.redactions.items()]
    losses = episode.manifest.losses if episode.manifest else {}
    missing = {"Lost": lost_words(losses), "Left out": left_out_words(losses)}
    lines += [f"{name:<9} {words}" for name, words in missing.items() if words]
    for word, fix in told.degraded.items():
        lines.append(f"Degraded  {DEGRADED[word][0] if word in DEGRADED else word}. Fix: {fix}")
    for removed in episode.manifest.removed if episode.manifest else ():
        lines.append(f"Removed   seconds {removed.start_s} to {removed.end_s}, by its owner")
    lines += [f"Problem   {problem.file} is {problem.why}" for problem in episode.problems]
    return output.printable("\n".join(lines))


def _task(task: TaskSeen) -> str:
    """Say what was begun, or how it ended."""
    if task.instruction:
        return f"begins: {task.instruction}"
    return "ends" + (f": {task.outcome}" if task.outcome not in {None, "end"} else "")


def pairs(counts: dict[str, int]) -> str:
    """Give counts in words: a 3, b 4."""
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"
