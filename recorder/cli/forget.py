"""`recorder forget 10m`: the last minutes, in the open episode and in closed ones."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from recorder.agent.client import NotRunning, ask
from recorder.cli import output
from recorder.cli.completions import lengths
from recorder.cli.fast import duration_s
from recorder.cli.forget_everything import forget_everything
from recorder.cli.opening import FolderOption, JsonOption, YesOption, live_episode, own_folder
from recorder.cli.system_clock import SystemClock
from recorder.episodes.forgetting import Doomed, forget_closed, plan_forgetting
from recorder.episodes.owner import Owner, manifest_checker, manifest_signer
from recorder.places import places

_ASK_TIMEOUT_S = 30.0
"""The agent rewrites segments; a second on a slow disk, measured."""


def forget(  # noqa: PLR0913 - one parameter an option
    length: Annotated[
        str | None, typer.Argument(help="90s, 10m, 2h.", autocompletion=lengths)
    ] = None,
    *,
    everything: Annotated[
        bool,
        typer.Option(
            "--everything", help="All recordings, keys, consent and lists; leaves a receipt."
        ),
    ] = False,
    receipt: Annotated[
        Path | None, typer.Option(help="Where the receipt of --everything goes.")
    ] = None,
    folder: FolderOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Delete the last minutes: exactly in the open episode, whole files in closed ones.

    --everything deletes all that the recorder keeps of you, and needs no passphrase.
    """
    if everything is (length is not None) or (receipt is not None and not everything):
        raise output.UsageError("Name a length, or --everything", "recorder forget 10m")
    if length is None:
        forget_everything(own_folder(folder), receipt, yes=yes, as_json=as_json)
        return
    seconds = duration_s(length)
    clock = SystemClock()
    asked_ns, since_wall_ns = clock.monotonic_ns(), clock.wall_ns() - int(seconds * 1e9)
    where = own_folder(folder)
    live = live_episode(where)
    plan = plan_forgetting(where, since_wall_ns, keep=live)
    if live or plan:
        output.confirm(_question(length, plan), yes=yes)
    waited_s = (clock.monotonic_ns() - asked_ns) / 1e9
    open_rows = None
    if live:
        open_rows = _forget_open(seconds + waited_s)
        plan = plan_forgetting(where, since_wall_ns, keep=live_episode(where))
    owner = Owner(manifest_signer(where), (), manifest_checker(where))
    files, more_s = forget_closed(where, plan, owner)
    payload: output.Payload = {
        "open_rows": open_rows,
        "closed_files": files,
        "more_s": round(more_s, 1),
    }
    output.emit("forget", payload, as_json, _told(open_rows, files, more_s))


def _question(length: str, plan: Sequence[Doomed]) -> str:
    """Say what goes."""
    files = sum(len(doomed.parts) for doomed in plan)
    longer_s = max((doomed.more_s for doomed in plan), default=0.0)
    closed = f", and {files} files of closed episodes with {longer_s:.0f} s before" if files else ""
    return f"Delete the last {length}{closed}?"


def _forget_open(seconds: float) -> int | None:
    """Ask the agent to cut the open episode; None when nothing is being recorded."""
    try:
        answer = ask(places().socket, {"verb": "forget", "seconds": seconds}, _ASK_TIMEOUT_S)
    except NotRunning:
        return None
    rows = answer.get("rows")
    return rows if isinstance(rows, int) else 0


def _told(open_rows: int | None, files: int, more_s: float) -> str:
    lines = []
    if open_rows is not None:
        lines.append(f"Forgot {open_rows} rows of the open episode, exactly.")
    if files:
        more = f", with up to {more_s:.0f} s before it" if more_s else ""
        lines.append(f"Deleted {files} files of closed episodes{more}.")
    return "\n".join(lines) or "There was nothing to forget."
