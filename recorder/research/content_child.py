"""The process that looks at foreign content: it forks for each, and each has limits of its own.

It holds no key and reads no folder. A fork may open nothing at all, no file and no socket:
its descriptors are the content, the answer and none more.
"""

import contextlib
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from recorder.consent.memory import guard_memory
from recorder.research.content_check import check_content
from recorder.research.content_verdict import MOST_ASKED_BYTES, Asked, ContentLimits
from recorder.research.tables_check import warm_up

_FIRST_FREE: Final = 3
_PIPE_BYTES: Final = 1 << 18


def main() -> int:
    """Fork for each message on the socket that is stdin, until it closes.

    A message is an `Asked` with two descriptors: where the plain content comes from, and where
    the answer goes. A fork that meets a limit dies, and its answer is cut short: that is told
    from the other side.
    """
    guard_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    warm_up()
    with socket.socket(fileno=os.dup(0)) as orders:
        while True:
            message, descriptors, *_ = socket.recv_fds(orders, MOST_ASKED_BYTES, 2)
            if not message:
                return 0
            if os.fork() == 0:
                _answer(message, *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)


def _answer(message: bytes, content: int, answer: int) -> None:
    """Check one content and end; never returns."""
    code = 1
    try:
        asked = Asked.model_validate_json(message)
        os.dup2(content, 0)
        os.dup2(answer, 1)
        os.closerange(_FIRST_FREE, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        restrict(asked.limits)
        with os.fdopen(0, "rb", buffering=_PIPE_BYTES, closefd=False) as plain:
            verdict = check_content(asked, plain)
        os.write(1, verdict.model_dump_json().encode() + b"\n")
        code = 0
    finally:
        os._exit(code)
