"""The process that looks at foreign content: it forks for each, and each has limits of its own.

It holds no key and reads no folder. A fork may open nothing at all, no file and no socket:
its descriptors are the content, the answer and none more.
"""

import ctypes
import gc
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Final

from recorder.consent.memory import guard_memory
from recorder.core.errors import ExitCode
from recorder.research.content_check import check_content
from recorder.research.content_sample import check_sample
from recorder.research.content_verdict import HEAD, Asked, ContentLimits, ContentVerdict

_FIRST_FREE: Final = 3
_PIPE_BYTES: Final = 1 << 18
_PR_SET_NO_NEW_PRIVS: Final = 38
_BROKEN: Final = ContentVerdict(code=int(ExitCode.FORMAT), reason="its content breaks the check")


def main() -> int:
    """Fork for each message on the socket that is stdin, until it closes.

    A message is its length and an `Asked`, with two descriptors: where the plain content comes
    from, and where the answer goes. A fork that meets a limit dies, and its answer is missing.
    """
    guard_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    check_sample()
    gc.freeze()
    with socket.socket(fileno=os.dup(0)) as orders:
        while True:
            head, descriptors, *_ = socket.recv_fds(orders, HEAD.size, 2)
            if not head:
                return 0
            message = orders.recv(HEAD.unpack(head)[0], socket.MSG_WAITALL)
            if os.fork() == 0:
                _answer(message, *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)


def _answer(message: bytes, content: int, answer: int) -> None:
    """Check one content and end; never returns."""
    try:
        asked = Asked.model_validate_json(message)
        os.dup2(content, 0)
        os.dup2(answer, 1)
        os.closerange(_FIRST_FREE, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        _restrict(asked.limits)
        with os.fdopen(0, "rb", buffering=_PIPE_BYTES, closefd=False) as plain:
            verdict = check_content(asked, plain)
        os.write(1, verdict.model_dump_json().encode())
    except Exception:  # noqa: BLE001 - the edge of a process; what it broke on may be anything
        os.write(1, _BROKEN.model_dump_json().encode())
    finally:
        os._exit(0)


def _restrict(limits: ContentLimits) -> None:
    """Take from this process what a check does not need, for good."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most_bytes = pages * resource.getpagesize() + limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    signal.alarm(limits.wall_s)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


if __name__ == "__main__":
    raise SystemExit(main())
