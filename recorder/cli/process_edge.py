"""The edge of the agent and of the two capture processes: first and last things."""

import ctypes
import json
import signal
import sys
from collections.abc import Callable
from typing import Final

from recorder.agent.crash import crash_line, silence_libraries, silence_tracebacks
from recorder.cli import wiring
from recorder.core.errors import ExitCode, RecorderError

_PR_SET_PDEATHSIG: Final = 1


def run_process(body: Callable[[], int]) -> int:
    """Harden, run the body, and say an expected failure as one JSON line on stdout."""
    wiring.close_network()
    silence_tracebacks(_to_log)
    silence_libraries(_to_log)
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


def die_with_agent() -> None:
    """Ask the kernel to kill this process when the agent dies (prctl(2), Linux).

    One that died before is noticed by the end of the pipe.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _to_log(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
