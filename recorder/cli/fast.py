"""`pause`, `resume` and `status`: the commands that must answer at once.

Imports the standard library, the client and the places; never typer, pydantic or pyarrow.
"""

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from recorder.agent import client
from recorder.agent.live_line import how_it_goes_on, outside_hours
from recorder.agent.session import BY_PERSON
from recorder.cli import output
from recorder.cli.keep_house import announced
from recorder.cli.open_erasures import open_erasures
from recorder.cli.still_owed import still_owed
from recorder.core.degraded import DEGRADED, DISK_HANGS
from recorder.core.errors import ExitCode
from recorder.core.losses import left_out_words, lost_words
from recorder.episodes.reviewed import unreviewed
from recorder.places import places

Answer = dict[str, object]
_LONGEST = 1_000_000
_UNITS_S = {"s": 1, "m": 60, "h": 3600}
_STATES = {"paused": ExitCode.PAUSED, "stopped": ExitCode.NOT_RUNNING}


def run(words: list[str]) -> int:
    """Run one of the three commands; gives its exit code.

    Raises:
        RecorderError: It could not be done.
    """
    options = _parse(words)
    commands = {"pause": _pause, "resume": _resume, "status": _status}
    return commands[str(options.command)](options)


def duration_s(text: str) -> float:
    """Give the seconds of `90s`, `45m`, `2h`; a bare number is minutes.

    Raises:
        UsageError: It is no duration.
    """
    number, unit = (text[:-1], text[-1:]) if text[-1:] in _UNITS_S else (text, "m")
    if not number.isascii() or not number.isdigit() or not 0 < int(number) < _LONGEST:
        raise output.UsageError(f"{text!r} is no duration", "write 90s, 45m or 2h")
    return float(int(number) * _UNITS_S[unit])


class _Parser(argparse.ArgumentParser):
    """argparse whose complaint is one sentence with its fix."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage."""
        raise output.UsageError(message.capitalize(), f"{self.prog} --help")


@dataclass(frozen=True, slots=True)
class Option:
    """An option of one of the three; without a metavar it takes no value."""

    flag: str
    told: str
    metavar: str | None = None
    dest: str | None = None


_USUAL = (
    Option("--json", "print one JSON object"),
    Option("--folder", "taken, as by every command; not needed here", "FOLDER"),
)
OPTIONS = {
    "pause": (*_USUAL, Option("--for", "resume by itself after this", "10m", "length")),
    "resume": _USUAL,
    "status": (*_USUAL, Option("--watch", "show it again each second")),
}
TOLD = {
    "pause": (
        "Stop capturing until you resume; mouse, keyboard and screen are let go.",
        "recorder pause --for 10m",
    ),
    "resume": ("Go on after a pause.", "recorder resume"),
    "status": ("Show what is being recorded, stored and lost.", "recorder status --watch"),
}


def _parse(words: list[str]) -> argparse.Namespace:
    parser = _Parser(prog="recorder", add_help=False)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (told, example) in TOLD.items():
        command = commands.add_parser(name, description=told, epilog=f"Example: {example}")
        for one in OPTIONS[name]:
            if one.metavar is None:
                command.add_argument(one.flag, action="store_true", help=one.told)
            else:
                command.add_argument(one.flag, dest=one.dest, metavar=one.metavar, help=one.told)
    options, unknown = parser.parse_known_args(words)
    if unknown:
        is_option = unknown[0].startswith("-")
        what = "No such option: {}" if is_option else "Got unexpected extra argument ({})"
        commands.choices[options.command].error(what.format(unknown[0]))
    return options


def _pause(options: argparse.Namespace) -> int:
    request: Answer = {"verb": "pause"}
    if options.length:
        request["seconds"] = duration_s(options.length)
    try:
        answer = client.ask(places().socket, request)
    except client.NotRunning:
        output.emit("pause", {"state": "stopped"}, options.json, "Not recording.")
        return ExitCode.OK
    until = f"It resumes by itself in {options.length}; " if options.length else ""
    text = f"Paused: nothing holds the input or the screen. {until}recorder resume goes on."
    output.emit("pause", _facts(answer), options.json, text)
    return ExitCode.OK


def _resume(options: argparse.Namespace) -> int:
    answer = client.ask(places().socket, {"verb": "resume"}, timeout_s=10.0)
    state = answer.get("state")
    still = f"Still paused ({_reasons(answer)}): {how_it_goes_on(answer)}."
    text = "Recording." if state == "recording" else still
    output.emit("resume", _facts(answer), options.json, text)
    return ExitCode.OK if state == "recording" else ExitCode.PAUSED


def _status(options: argparse.Namespace) -> int:
    while True:
        code = _status_once(options)
        if not options.watch or code in {ExitCode.NOT_RUNNING, ExitCode.UNRESPONSIVE}:
            return code
        time.sleep(1.0)


def _status_once(options: argparse.Namespace) -> int:
    try:
        answer = client.ask(places().socket, {"verb": "status"})
    except client.NotRunning:
        folder = _folder(None)
        goes, left = announced(folder) if folder else "", _unreviewed(folder, "")
        sharing = _sharing(folder)
        told: Answer = {"state": "stopped", **({"retention": goes} if goes else {}), **left}
        told |= sharing
        lines = ["Not recording.", goes, *sharing.values(), *map(_to_review, left.values())]
        output.emit("status", told, options.json, "\n".join(str(line) for line in lines if line))
        return ExitCode.NOT_RUNNING
    except client.Unresponsive as error:
        output.emit("status", {"state": "unresponsive"}, options.json, "")
        output.say(str(error))
        return ExitCode.UNRESPONSIVE
    folder = _folder_of(answer)
    answer |= _unreviewed(folder, str(answer.get("episode") or ""))
    clear = "\x1b[2J\x1b[H" if options.watch and sys.stdout.isatty() else ""
    told = _facts(answer) | _sharing(folder)
    output.emit("status", told, options.json, lambda: clear + _describe(answer))
    fallback = ExitCode.DEGRADED if answer.get("degraded") else ExitCode.OK
    return _STATES.get(str(answer.get("state")), fallback)


def _folder(told: object) -> Path | None:
    """Give the recording folder: the one that was told, else the chosen one; None without."""
    try:
        return Path(str(told) if told else os.fsdecode(_pointed().rstrip(b"\n")))
    except (OSError, ValueError):
        return None


def _folder_of(answer: Answer) -> Path | None:
    """Give the folder of a recording that runs, to look into; None while its disk hangs."""
    degraded = answer.get("degraded")
    hangs = isinstance(degraded, dict) and DISK_HANGS in degraded
    return None if hangs else _folder(answer.get("folder"))


def _unreviewed(folder: Path | None, live: str) -> Answer:
    """Give how many recordings wait to be looked at; nothing without a folder."""
    return {} if folder is None else {"unreviewed": unreviewed(folder, live)}


def _to_review(count: object) -> str:
    noun = "recording" if count == 1 else "recordings"
    return f"{count} {noun} to look at: recorder review" if count else ""


def _sharing(folder: Path | None) -> dict[str, str]:
    """Say which erasures of shared recordings are not confirmed, and what is owed to drops."""
    if folder is None:
        return {}
    told = {"erasures": str(open_erasures(folder)), "owed": still_owed(folder)}
    return {name: text for name, text in told.items() if text}


def _pointed() -> bytes:
    return places().folder_pointer.read_bytes()


def _facts(answer: Answer) -> Answer:
    return {key: value for key, value in answer.items() if key != "ok"}


def _reasons(answer: Answer) -> str:
    reasons = answer.get("reasons")
    return ", ".join(str(r) for r in reasons) if isinstance(reasons, list) else "unknown"


def _describe(answer: Answer) -> str:
    """Give the status in lines: state, streams, counts, losses, disk, what is degraded."""
    state = str(answer.get("state"))
    head = f"{state} ({_reasons(answer)})" if state == "paused" else state
    lines = [f"State      {head} for {_clock(answer.get('since_s'))}"]
    lines += [_line(name, answer.get(name)) for name in ("task", "folder", "streams", "apps")]
    lines += [_line("shown", answer.get("indicator")), _line("hotkey", _hotkey(answer))]
    counts = ", ".join(f"{answer.get(n, 0)} {n}" for n in ("events", "frames", "redactions"))
    lines += [f"Stored     {counts}", *_missing(answer.get("losses"))]
    free_mb = answer.get("disk_free_mb")
    lines.append(f"Disk       {'?' if free_mb is None else free_mb} MB free")
    is_beside = state == "recording" and answer.get("is_outside_hours")
    lines += [f"Hours      {outside_hours(answer)}"] if is_beside else []
    lines += [f"Stops in   {_clock(answer.get('cap_left_s'))}"] if state != "stopping" else []
    lines.append(f"Next       {_next(answer)}")
    folder = _folder_of(answer)
    goes, waiting = announced(folder) if folder else "", _to_review(answer.get("unreviewed"))
    lines += [f"Goes       {goes}"] if goes else []
    lines += [f"To review  {waiting}"] if waiting else []
    sharing = _sharing(folder)
    lines += [f"Erasing    {sharing['erasures']}"] if "erasures" in sharing else []
    lines += [f"To do      {sharing['owed']}"] if "owed" in sharing else []
    degraded = answer.get("degraded")
    if isinstance(degraded, dict):
        lines += [f"Degraded   {_meaning(what)}. Fix: {fix}" for what, fix in degraded.items()]
    return "\n".join(output.printable(line) for line in lines if line)


def _missing(losses: object) -> list[str]:
    """Say what was lost, and what was left out on purpose."""
    counts = losses if isinstance(losses, dict) else {}
    left_out = left_out_words(counts)
    return [_line("lost", lost_words(counts) or "nothing"), _line("left out", left_out)]


def _hotkey(answer: Answer) -> str:
    words = str(answer.get("hotkey") or "")
    return words and (f"{words} pauses" if answer.get("hotkey_works") else f"{words} does not work")


def _meaning(word: str) -> str:
    return DEGRADED[word][0] if word in DEGRADED else word


def _next(answer: Answer) -> str:
    """Say what the person can do now."""
    if answer.get("state") == "stopping":
        return "nothing: it ends by itself when all is written"
    if answer.get("state") != "paused":
        return "recorder pause, recorder forget 10m, recorder stop"
    reasons = answer.get("reasons")
    if isinstance(reasons, list) and reasons and not BY_PERSON.issuperset(reasons):
        return f"{how_it_goes_on(answer)}; recorder stop"
    left_s = answer.get("resumes_in_s")
    by_itself = f" (goes on by itself in {_clock(left_s)})" if left_s is not None else ""
    return f"recorder resume, recorder stop{by_itself}"


def _line(name: str, value: object) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{key} {_line('', item)}" for key, item in value.items())
    elif isinstance(value, list):
        value = ", ".join(str(item) for item in value) or "none"
    if not name:
        return str(value)
    return f"{name.capitalize():<10} {value}" if value else ""


def _clock(seconds: object) -> str:
    whole = int(seconds) if isinstance(seconds, int | float) else 0
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
