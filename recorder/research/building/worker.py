"""A worker of this computer: one task after the other from a pipe, until it closes."""

import ctypes
import signal
import sys
from multiprocessing.connection import Connection
from typing import Final

import pyarrow as pa

from recorder.consent.memory import guard_memory
from recorder.core.errors import ExitCode, RecorderError
from recorder.research.building.builder import build
from recorder.research.building.work import Answer, Work

_PR_SET_PDEATHSIG: Final = 1


def serve(tasks: Connection) -> None:
    """Answer each `Work` with an `Answer`; ends with the process that asked.

    A worker that outlived the build could write what an erasure has just deleted, so on Linux
    the kernel ends it together with the thread that started it.
    """
    guard_memory()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_memory_pool(pa.system_memory_pool())
    pa.set_cpu_count(1)
    with tasks:
        while True:
            try:
                asked = tasks.recv_bytes()
            except EOFError:
                return
            answer = answered(Work.model_validate_json(asked))
            tasks.send_bytes(answer.model_dump_json(by_alias=True).encode())


def answered(work: Work) -> Answer:
    """Do one task; an expected failure is an answer too."""
    try:
        return Answer(done=build(work))
    except RecorderError as error:
        return Answer(failed=(error.message, error.fix, int(error.code)))
    except OSError as cause:
        why = f"{work.place} cannot be written: {(cause.strerror or 'unknown').lower()}"
        return Answer(failed=(why, "make room there", int(ExitCode.UNWRITABLE)))
