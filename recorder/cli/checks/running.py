"""Runs all checks at once, each within its time."""

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from recorder.cli.checks.apart import command, read_findings, safe_look
from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, fail
from recorder.cli.checks.inventory import Check

_LOAD_S: Final = 60.0
"""A process may take so long to load on a busy computer; far above what was ever seen."""
_REAP_S: Final = 0.2
"""What hangs in the kernel outlives its kill; nobody waits for it."""
_READ_BYTES: Final = 1 << 16


def run_checks(checks: Sequence[Check], around: Around) -> list[Finding]:
    """Give the findings of all checks, in their order."""
    with ThreadPoolExecutor(max(len(checks), 1), "check") as pool:
        jobs = [pool.submit(_apart if one.silent else safe_look, one, around) for one in checks]
        return [finding for job in jobs for finding in job.result()]


def _apart(check: Check, around: Around) -> list[Finding]:
    """Run a check in a process of its own, which is killed when it has told or is late."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command(check, around), env=dict(around.environment), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    line = _line_of(process, time.monotonic() + around.wait_s + _LOAD_S)
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_REAP_S)
    if process.stdout is not None:
        process.stdout.close()
    found = read_findings(line)
    return [fail(check.name, check.silent, check.fix)] if found is None else found


def _line_of(process: "subprocess.Popen[bytes]", until_s: float) -> bytes:
    """Give the line that a process prints, as much as there is at the deadline or its end."""
    if process.stdout is None:
        return b""
    line, descriptor = b"", process.stdout.fileno()
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], max(until_s - time.monotonic(), 0))
        data = os.read(descriptor, _READ_BYTES) if ready else b""
        if not data:
            break
        line += data
    return line
