"""Keeps what a process holds out of core dumps and away from debuggers."""

import ctypes
import sys

_PR_SET_DUMPABLE = 4


def guard_memory() -> None:
    """Shut core dumps and other processes of this user out of our memory (prctl(2)).

    For our own programs only: a person's Python session that reads episodes keeps its
    debuggers.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - absent on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
