"""Takes from a process what it must never use: dumps, other users' files, the network.

The filter is classic BPF by prctl/seccomp(2) through ctypes: no package, no capability.
Sources: seccomp(2), linux/audit.h, linux/filter.h, the kernel's syscall tables.
"""

import ctypes
import os
import platform
import struct
import sys
from dataclasses import dataclass
from errno import EPERM
from typing import Final

_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38
_SET_MODE_FILTER: Final = 1
_TSYNC: Final = 1
"""SECCOMP_FILTER_FLAG_TSYNC: threads that already run get the filter too."""

_LOAD_WORD: Final = 0x20
_JUMP_EQUAL: Final = 0x15
_JUMP_GREATER_OR_EQUAL: Final = 0x35
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_DENY: Final = 0x00050000 | EPERM
_KILL: Final = 0x80000000
_OFFSET_NR, _OFFSET_ARCH, _OFFSET_ARG0 = 0, 4, 16
_AF_UNIX: Final = 1
_X32_BIT: Final = 0x40000000
_IO_URING_SETUP: Final = 425


@dataclass(frozen=True, slots=True)
class Machine:
    """Numbers of one architecture: audit id, socket(2) and seccomp(2)."""

    audit_arch: int
    socket: int
    seccomp: int


_MACHINES: Final = {
    "x86_64": Machine(0xC000003E, 41, 317),
    "aarch64": Machine(0xC00000B7, 198, 277),
}


@dataclass(frozen=True, slots=True)
class Hardening:
    """What was put in place, and what could not be.

    Attributes:
        network_refused: Every new socket but AF_UNIX is refused by the kernel.
        degraded: Fixed words for what is missing: "no_seccomp", "no_dumpable".
    """

    network_refused: bool
    degraded: tuple[str, ...] = ()


def harden() -> Hardening:
    """Restrict this process for good; the first thing that a process does.

    No core dumps, not readable by debuggers of the same user, files for the owner only,
    no socket but AF_UNIX, no io_uring. Where the platform has no such filter, the result
    says so and nothing is raised.
    """
    os.umask(0o077)
    _refuse_core_dumps()
    if not sys.platform.startswith("linux"):
        return Hardening(network_refused=False, degraded=("no_seccomp", "no_dumpable"))
    libc = ctypes.CDLL(None, use_errno=True)
    degraded = []
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
        degraded.append("no_dumpable")
    machine = _MACHINES.get(platform.machine())
    refused = machine is not None and _install(libc, machine)
    if not refused:
        degraded.append("no_seccomp")
    return Hardening(network_refused=refused, degraded=tuple(degraded))


def socket_filter(machine: Machine) -> bytes:
    """Give the BPF program: socket(domain) for AF_UNIX only, no io_uring, native calls only."""
    lines = (
        (_LOAD_WORD, 0, 0, _OFFSET_ARCH),
        (_JUMP_EQUAL, 1, 0, machine.audit_arch),
        (_RETURN, 0, 0, _KILL),
        (_LOAD_WORD, 0, 0, _OFFSET_NR),
        (_JUMP_GREATER_OR_EQUAL, 5, 0, _X32_BIT),
        (_JUMP_EQUAL, 4, 0, _IO_URING_SETUP),
        (_JUMP_EQUAL, 0, 2, machine.socket),
        (_LOAD_WORD, 0, 0, _OFFSET_ARG0),
        (_JUMP_EQUAL, 0, 1, _AF_UNIX),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    )
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _install(libc: ctypes.CDLL, machine: Machine) -> bool:
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    code = socket_filter(machine)
    program = _Program(len(code) // 8, code)
    call = ctypes.c_long(machine.seccomp)
    return bool(libc.syscall(call, _SET_MODE_FILTER, _TSYNC, ctypes.byref(program)) == 0)


def _refuse_core_dumps() -> None:
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
