"""One check in a process of its own: what hangs or crashes takes nothing with it.

`python -m recorder.cli.checks.apart NAME WAIT_S [FOLDER]` prints its findings as one JSON line.
"""

import json
import os
import queue
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from recorder.agent.crash import crash_line
from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, Verdict, fail
from recorder.cli.checks.inventory import CHECKS, Check


def command(check: Check, around: Around) -> list[str]:
    """Give the command line that runs a check apart."""
    folder = [] if around.folder is None else [str(around.folder)]
    module = ["-P", "-m", "recorder.cli.checks.apart"]
    return [sys.executable, *module, check.name, str(around.wait_s), *folder]


def read_findings(line: bytes) -> list[Finding] | None:
    """Give the findings of a check that ran apart; None when its process did not tell any."""
    try:
        return [
            Finding(one["name"], Verdict(one["verdict"]), one["told"], one["fix"])
            for one in json.loads(line)
        ]
    except (ValueError, KeyError, TypeError):
        return None


def safe_look(check: Check, around: Around) -> list[Finding]:
    """Give a check's findings; a bug in it is one of them, so that the others are told."""
    try:
        return check.look(around)
    except Exception as error:  # noqa: BLE001 - the edge: a bug says its place, never its text
        return [fail(check.name, f"This check broke: {crash_line(error)}", "please report it")]


def timely_look(check: Check, around: Around) -> list[Finding]:
    """Give a check's findings, or that it was silent for too long."""
    found: queue.SimpleQueue[list[Finding]] = queue.SimpleQueue()
    looking = threading.Thread(
        target=lambda: found.put(safe_look(check, around)), name=check.name, daemon=True
    )
    looking.start()
    try:
        return found.get(timeout=around.wait_s if check.is_timed else None)
    except queue.Empty:
        return [fail(check.name, check.silent, check.fix)]


def main(words: Sequence[str]) -> None:
    """Run the named check and leave at once, whatever still hangs."""
    name, wait_s, *folder = words
    check = next(check for check in CHECKS if check.name == name)
    around = Around(Path(folder[0]) if folder else None, float(wait_s))
    for module in check.loads:
        import_module(module)
    found = timely_look(check, around)
    sys.stdout.write(json.dumps([asdict(one) for one in found]) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
