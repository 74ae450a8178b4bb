"""`recorder start`: sees that it may, starts the agent, and where need be is its indicator."""

import os
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from recorder.agent import client
from recorder.agent.indicator import NoIndicator
from recorder.agent.lead import AgentEnded, Lead, StartRefused, launch, wait_for_recording
from recorder.agent.live_line import live_line, outside_hours
from recorder.agent.lock import AlreadyRunning, own_folder
from recorder.agent.order import Order, Show, Watch
from recorder.agent.privileges import Allowed, check_display, check_person
from recorder.cli import output, wiring
from recorder.cli.apps import ScopeList
from recorder.cli.completions import lengths
from recorder.cli.fast import duration_s
from recorder.cli.guide import guide
from recorder.cli.keep_house import check_room, tidy_after
from recorder.cli.stop import DiskWaits, describe, facts, stop_agent
from recorder.cli.system_clock import SystemClock
from recorder.cli.terminal import open_terminal
from recorder.consent.folder import check_folder, chosen_folder
from recorder.consent.gate import Gate
from recorder.core.amounts import count_text
from recorder.core.degraded import DEGRADED
from recorder.core.errors import ExitCode
from recorder.core.faces import SHOWN_BY
from recorder.places import Places, places
from recorder.settings import Settings, read_settings

_START_S = 20.0
_POLL_S = 0.5
_IN_MINUTES_S = 90
_FOR_TESTS = "For tests and demonstrations."
Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for."""

    task: str | None
    cap_s: float
    as_json: bool
    foreground: bool
    paused: bool
    folder: Path | None
    allowed: Allowed


def start(  # noqa: PLR0913 - one parameter per flag
    task: Annotated[str | None, typer.Argument(help="What you are about to do.")] = None,
    *,
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Show it here, not in the tray or a window.")
    ] = False,
    paused: Annotated[
        bool, typer.Option("--paused", help="Capture nothing until recorder resume.")
    ] = False,
    length: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="45m",
            help="Stop by itself after this; else 2 hours.",
            autocompletion=lengths,
        ),
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="Where recordings go.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Where keys come from: record or pynput.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    allow_root: Annotated[bool, typer.Option("--allow-root", help=_FOR_TESTS)] = False,
    allow_ssh: Annotated[bool, typer.Option("--allow-ssh", help=_FOR_TESTS)] = False,
    allow_ci: Annotated[bool, typer.Option("--allow-ci", help=_FOR_TESTS)] = False,
) -> None:
    """Start recording. The tray or a small window shows it; recorder stop ends it.

    With --foreground, or where neither can be seen, this terminal shows it; Ctrl-C stops it.
    """
    where = places()
    settings = read_settings(where.settings_file, {"source": source})
    cap_s = duration_s(length) if length else settings.cap_minutes * 60.0
    allowed = Allowed(root=allow_root, ssh=allow_ssh, ci=allow_ci)
    wishes = Wishes(task, cap_s, as_json, foreground, paused, folder, allowed)
    order = _order(wishes, where, settings)
    for path in (where.state, where.runtime):
        own_folder(path)
    if order.show.indicator == "line" or not _in_background(order, where, as_json=as_json):
        _in_terminal(order, where, settings, wishes)
    tidy_after(Path(order.folder), datetime.now(UTC), settings.retention_days)


def _in_background(order: Order, where: Places, *, as_json: bool) -> bool:
    """Start a recording that the tray or a window shows; False when neither can be seen."""
    try:
        with launch(order, where.log) as lead:
            said = wait_for_recording(lead, _START_S)
            lead.let_go()
    except StartRefused as refused:
        if refused.code is not ExitCode.NO_INDICATOR or not sys.stderr.isatty():
            raise
        return False
    output.emit("start", facts(said), as_json, lambda: _describe(said))
    return True


def _in_terminal(order: Order, where: Places, settings: Settings, wishes: Wishes) -> None:
    """Record for as long as this terminal shows it."""
    if not (wishes.foreground or sys.stderr.isatty()):
        raise NoIndicator
    if order.show.indicator != "line":
        output.say("Neither the tray nor a window can be seen, so this terminal shows it.")
    show = Show(indicator="line", hotkey=settings.pause_hotkey)
    with launch(order.model_copy(update={"show": show}), where.log) as lead:
        said = wait_for_recording(lead, _START_S)
        output.emit("start", facts(said), wishes.as_json, lambda: _describe(said))
        _follow(lead, where, settings, as_json=wishes.as_json)


def _order(wishes: Wishes, where: Places, settings: Settings) -> Order:
    """See that it may begin, in the order in which a person would want to know."""
    check_person(os.environ, os.geteuid(), wishes.allowed)
    display = check_display(os.environ, wiring.x11_sessions())
    _check_alone(where)
    folder = _folder(wishes, where, ScopeList(where, display))
    room_mb = check_room(folder, settings.disk_floor_megabytes, settings.disk_budget_gigabytes)
    return Order(
        folder=str(folder), display=display, task=wishes.task, paused=wishes.paused,
        source=settings.source,
        cap_s=wishes.cap_s, pause_closes_s=settings.pause_closes_minutes * 60.0,
        stop_s=settings.stop_seconds, log_kilobytes=settings.log_kilobytes,
        floor_mb=settings.disk_floor_megabytes, room_mb=room_mb, watch=_watch(settings),
        show=Show(
            indicator="line" if wishes.foreground else settings.indicator,
            hotkey=settings.pause_hotkey,
        ),
    )  # fmt: skip


def _watch(settings: Settings) -> Watch:
    """Give for what it pauses by itself; for a lock always."""
    return Watch(
        idle_s=settings.idle_minutes * 60.0, sees_locks=True,
        days=settings.work_days, hours=settings.work_hours,
    )  # fmt: skip


def _check_alone(where: Places) -> None:
    try:
        client.ask(where.socket, {"verb": "status"})
    except client.NotRunning:
        return
    raise AlreadyRunning


def _folder(wishes: Wishes, where: Places, apps: ScopeList) -> Path:
    """Give a folder whose consent holds; on a terminal, lead through what is missing."""
    if sys.stdin.isatty() and sys.stdout.isatty() and not wishes.as_json:
        apps.check_display()
        return guide(where, open_terminal(), apps, wishes.folder)
    folder = chosen_folder(where, wishes.folder)
    check_folder(folder)
    Gate(folder, where.state, SystemClock()).agreed()
    if not apps.allowed():
        output.say("No app is allowed yet, so nothing is stored. Fix: recorder apps allow NAME")
    return folder


def _follow(lead: Lead, where: Places, settings: Settings, *, as_json: bool) -> None:
    """Show the live line until the recording ends; Ctrl-C ends it."""
    line = _Line(settings.line_seconds)
    try:
        said = _until_ended(lead, line)
    except KeyboardInterrupt:
        line.clear()
        said = _stop(lead, where)
    finally:
        line.clear()
    output.emit("stop", facts(said), as_json, lambda: describe(said))
    if "error" in said:
        raise StartRefused(said)


def _stop(lead: Lead, where: Places) -> Facts:
    """Stop the agent; one that is left to itself, or waits for the disk, is not waited for."""
    try:
        return stop_agent(where)
    except (DiskWaits, KeyboardInterrupt):
        lead.let_go()
        raise


def _until_ended(lead: Lead, line: "_Line") -> Facts:
    while True:
        try:
            said = lead.receive(_POLL_S)
        except EOFError as cause:
            raise AgentEnded from cause
        if said is None:
            continue
        if said.get("event") in {"ended", "error"}:
            return said
        line.show(said)


class _Line:
    """The line on a terminal's stderr, rewritten in place; elsewhere a line now and then."""

    def __init__(self, every_s: float) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._every_s = every_s
        self._shown_s = 0.0

    def show(self, said: Facts) -> None:
        """Show a status."""
        width = shutil.get_terminal_size().columns - 1 if self._is_terminal else 200
        text = live_line(said, width)
        if self._is_terminal:
            sys.stderr.write(f"\r\x1b[2K{text}")
        elif time.monotonic() - self._shown_s >= self._every_s:
            self._shown_s = time.monotonic()
            sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._is_terminal:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()


def _describe(said: Facts) -> str:
    if said.get("state") == "paused":
        return output.printable(
            f"Started paused, for {said.get('folder')}: nothing is captured.\n"
            f"recorder resume begins with {_apps(said)}, recorder stop ends it."
        )
    cap_s = said.get("cap_left_s")
    left_s = cap_s if isinstance(cap_s, int | float) else 0
    longest = count_text(round(left_s), "second")
    if left_s >= _IN_MINUTES_S:
        longest = count_text(round(left_s / 60), "minute")
    beside = f"{outside_hours(said)}.\n" if said.get("is_outside_hours") else ""
    return output.printable(
        f"{beside}"
        f"Recording {_apps(said)} into {said.get('folder')}, for {longest} at most.\n"
        + "\n".join(_ways(said))
    )


def _apps(said: Facts) -> str:
    apps = said.get("apps")
    return ", ".join(str(a) for a in apps) if isinstance(apps, list) and apps else "no app yet"


def _ways(said: Facts) -> list[str]:
    """Say how it is seen, paused and stopped."""
    key = str(said.get("hotkey") or "")
    pauses = [key] if key and said.get("hotkey_works") else []
    shown, stops = str(said.get("indicator") or ""), "recorder stop ends it"
    if shown == "line":
        stops = "Ctrl-C ends it"
    elif shown:
        pauses.append("a click on it")
    troubles = said.get("degraded")
    wrong = [
        f"{DEGRADED[word][0]}. Fix: {DEGRADED[word][1]}"
        for word in (troubles if isinstance(troubles, dict) else {})
        if word in DEGRADED
    ]
    ways = ", ".join([*pauses, "recorder pause"])
    seen = [f"{SHOWN_BY[shown]}."] if shown in {"tray", "window"} else []
    deletes = "recorder forget 10m deletes the last minutes"
    return [*seen, f"To pause: {ways}. {deletes}, {stops}.", *wrong]
