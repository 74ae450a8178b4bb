"""The edge of the agent and of the two capture processes: first and last things."""

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

from recorder.agent.crash import crash_line, silence_tracebacks
from recorder.cli import wiring
from recorder.core.errors import ExitCode, RecorderError

_PR_SET_PDEATHSIG: Final = 1


def run_process(body: Callable[[], int]) -> int:
    """Harden, run the body, and say an expected failure as one JSON line on stdout."""
    wiring.close_network()
    silence_tracebacks(_to_log)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return body()
    except RecorderError as error:
        said = {"error": error.message, "fix": error.fix, "code": int(error.code)}
        sys.stdout.write(json.dumps(said))
        sys.stdout.flush()
        return int(error.code)
    except EOFError:
        return int(ExitCode.OK)  # the agent went away
    except Exception as error:  # noqa: BLE001 - the edge: a bug says its place, never its text
        _to_log(crash_line(error))
        return int(ExitCode.BUG)


def die_with_parent(parent_pid: int) -> None:
    """Ask the kernel to kill this process when its parent dies (prctl(2), Linux)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        raise EOFError


def _to_log(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
