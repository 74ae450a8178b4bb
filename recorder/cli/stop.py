"""`recorder stop`: ends the recording, shows what is still in work, then one line."""

import sys
import threading
from collections.abc import Iterator
from typing import Annotated

import typer

from recorder.agent import client
from recorder.agent.live_line import disk_waits, live_line
from recorder.cli import output
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.losses import left_out_words, lost_words
from recorder.places import Places, places

_LINE_S = 30.0
_QUIET_S = 1.0
"""So long the agent may say nothing before the person is told."""
_SLOW = (
    "Nothing is captured any more. The disk of {folder} does not answer, and the last seconds "
    "wait for it: reconnect it. This waits {wait_s:.0f} s; Ctrl-C loses nothing."
)
Facts = dict[str, object]


class DiskWaits(RecorderError):
    """Capture has ended, and the disk does not take what is left."""

    def __init__(self, folder: object) -> None:
        super().__init__(
            "Nothing is captured any more, but the last seconds are not stored yet: the disk of "
            f"{folder} does not answer",
            "reconnect it; the recorder then writes them and ends by itself",
            ExitCode.UNWRITABLE,
        )


def stop(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag
    folder: Annotated[str | None, typer.Option("--folder", help="Accepted everywhere.")] = None,
) -> None:
    """Stop recording and close the episode."""
    _ = folder
    try:
        said = stop_agent(places())
    except client.NotRunning:
        output.emit("stop", {"state": "stopped"}, as_json, "Not recording.")
        return
    output.emit("stop", facts(said), as_json, lambda: describe(said))


def stop_agent(where: Places) -> Facts:
    """Ask the agent to stop and follow its progress; gives its summary.

    Raises:
        NotRunning: There is no agent.
        Unresponsive: It said nothing for 30 s.
        DiskWaits: The disk did not answer for 30 s; the agent goes on waiting.
    """
    try:
        return _followed(_patient(client.ask_all(where.socket, {"verb": "stop"}, _LINE_S)))
    except KeyboardInterrupt:
        output.say("It was asked to stop and does so by itself; recorder status shows it.")
        raise


def _followed(lines: Iterator[Facts]) -> Facts:
    if not sys.stderr.isatty():
        return _last(lines)
    from rich.console import Console  # noqa: PLC0415 - only where it is shown

    with Console(stderr=True).status("stopping") as shown:
        said: Facts = {}
        for said in lines:
            shown.update(live_line(said, 60))
        return said


def _patient(lines: Iterator[Facts]) -> Iterator[Facts]:
    """Pass the lines on; the person is told once of what is late: the answer, or the disk."""
    told = f"The recorder does not answer yet; waiting up to {_LINE_S:.0f} s."
    late = threading.Timer(_QUIET_S, output.say, (told,))
    late.daemon = True
    late.start()
    is_told = False
    try:
        for said in lines:
            late.cancel()
            if disk_waits(said, _LINE_S):
                raise DiskWaits(said.get("folder"))
            if disk_waits(said) and not is_told:
                is_told = True
                output.say(_SLOW.format(folder=said.get("folder"), wait_s=_LINE_S))
            yield said
    finally:
        late.cancel()


def describe(said: Facts) -> str:
    """Give the summary in a line, and where it lies."""
    seconds = said.get("duration_s")
    whole = int(seconds) if isinstance(seconds, int | float) else 0
    counts = ", ".join(f"{said.get(n, 0)} {n}" for n in ("events", "frames", "redactions"))
    episodes = said.get("episodes")
    head = f"Stopped after {whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    names = [str(e) for e in episodes] if isinstance(episodes, list) else []
    if not names:
        return output.printable(f"{head}: nothing was recorded, so there is no episode.")
    noun, them = ("Episodes", "them") if len(names) > 1 else ("Episode", "it")
    return output.printable(
        f"{head}: {counts}; {_missing(said.get('losses'))}.\n"
        f"{noun} {', '.join(names)} in {said.get('folder', '?')}. recorder list shows {them}."
    )


def facts(said: Facts) -> Facts:
    """Give the summary without what only the pipe needs."""
    return {key: value for key, value in said.items() if key not in {"ok", "event"}}


def _missing(losses: object) -> str:
    """Say what was lost, and what was left out on purpose."""
    counts = losses if isinstance(losses, dict) else {}
    left_out = left_out_words(counts)
    lost = f"lost {told}" if (told := lost_words(counts)) else "nothing lost"
    return f"{lost}; left out {left_out}" if left_out else lost


def _last(lines: Iterator[Facts]) -> Facts:
    said: Facts = {}
    for said in lines:  # noqa: B007 - the last one counts
        pass
    return said
