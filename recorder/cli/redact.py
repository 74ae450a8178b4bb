"""`recorder redact`: paints a box out of stored frames, for good."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.opening import (
    DryRunOption,
    EpisodeArgument,
    FolderOption,
    JsonOption,
    PassphraseOption,
    YesOption,
    open_own,
    own_folder,
    refuse_live,
)
from recorder.cli.progress import progress
from recorder.cli.spans import box as parsed_box
from recorder.core.geometry import Rect
from recorder.episodes.reader import Episode
from recorder.episodes.repainting import Affected, frames_of_window, on_grid, repaint

_WHY = {
    "resized": "the window has another size there",
    "behind": "another window had the focus, and it may show beside it",
    "unknown_window": "nothing tells which window the box lies in",
}


def redact(  # noqa: PLR0913 - one parameter an option
    episode_id: EpisodeArgument,
    *,
    box: Annotated[str, typer.Option(metavar="X,Y,W,H", help="Pixels from the frame's top left.")],
    frame: Annotated[
        int | None, typer.Option(help="Only this frame, and those with the same picture.")
    ] = None,
    window: Annotated[
        bool, typer.Option("--window", help="Everywhere that window of --frame is seen.")
    ] = False,
    certain: Annotated[
        bool, typer.Option("--certain", help="With --window: leave out what is not sure.")
    ] = False,
    dry_run: DryRunOption = False,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Paint a box out of every frame of an episode, of one frame, or of a window's frames."""
    wanted = parsed_box(box)
    if (window and frame is None) or (certain and not window):
        raise output.UsageError(
            "--window needs --frame, and --certain needs --window",
            "recorder redact ID --box 40,60,200,24 --frame 12 --window",
        )
    where = own_folder(folder)
    episode = open_own(where, [episode_id], passphrase_file)[0]
    refuse_live(where, [episode.path])
    found = _affected(episode, wanted, frame, window=window)
    found = [one for one in found if one.certain or not certain]
    painted = 0
    if found and not dry_run:
        output.say(_told(found))
        output.confirm("Paint this out for good?", yes=yes)
        painted = _paint(episode, {one.frame_id: one.box for one in found})
    payload: output.Payload = {
        "episode_id": episode.episode_id,
        "dry_run": dry_run,
        "frames": [_payload(one) for one in found],
        "painted": painted,
    }
    output.emit("redact", payload, as_json, lambda: _answer(found, painted, dry_run=dry_run))


def _affected(
    episode: Episode, box: Rect, frame_id: int | None, *, window: bool
) -> Sequence[Affected]:
    if frame_id is not None and window:
        return frames_of_window(episode, frame_id, box)
    columns = ["frame_id", "t_grab_end_ns", "width", "height"]
    rows = episode.read("frames", columns).to_pylist()
    if frame_id is not None:
        rows = [row for row in rows if row["frame_id"] == frame_id]
    sizes = [(row["width"], row["height"]) for row in rows]
    seen = [row for row, size in zip(rows, sizes, strict=True) if not on_grid(box, *size).is_empty]
    if rows and not seen:
        raise output.UsageError(
            "The box lies outside of every picture, so nothing would be painted",
            f"pictures are {max(sizes)[0]} x {max(sizes)[1]} pixels, counted from the top left",
        )
    found = [Affected(row["frame_id"], row["t_grab_end_ns"], box, "") for row in seen]
    if frame_id is None:
        return found
    return found or frames_of_window(episode, frame_id, box)


def _paint(episode: Episode, boxes: Mapping[int, Rect]) -> int:
    with progress("Painting", len(boxes)) as step:
        return repaint(episode, boxes, step=step)


def _told(found: Sequence[Affected]) -> str:
    lines = [f"{len(found)} frames are painted, and those with the same pictures."]
    for why, told in _WHY.items():
        unsure = [one.frame_id for one in found if one.why == why]
        if unsure:
            shown = ", ".join(map(str, unsure[:12])) + (
                " …" if len(unsure) > len(unsure[:12]) else ""
            )
            lines.append(f"  {len(unsure)} of them are not sure: {told} ({shown})")
    return "\n".join(lines)


def _payload(one: Affected) -> output.Payload:
    place = [one.box.x, one.box.y, one.box.w, one.box.h]
    return {"frame_id": one.frame_id, "t_ns": one.t_ns, "box": place, "why_unsure": one.why or None}


def _answer(found: Sequence[Affected], painted: int, *, dry_run: bool) -> str:
    if not found:
        return "No frame shows that."
    if dry_run:
        return _told(found) + "\nNothing was changed."
    return f"Painted {painted} frames. Approvals of the episode have ended."
