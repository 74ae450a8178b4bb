"""Starts a process, hardens it, and tries what it must no longer be able to do."""

import subprocess
import sys

from recorder.capture.platforms.hardening import _MACHINES, socket_filter

_HARDEN = "from recorder.capture.platforms.hardening import harden\nresult = harden()\n"
_ATTEMPT = """
def attempt(*arguments):
    try:
        socket.socket(*arguments).close()
    except PermissionError:
        return "refused"
    return "made"
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


def test_a_hardened_process_makes_unix_sockets_only() -> None:
    code = f"""import socket
{_HARDEN}{_ATTEMPT}
families = (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET)
print([attempt(family, socket.SOCK_RAW if family == socket.AF_NETLINK else socket.SOCK_DGRAM)
       for family in families], attempt(socket.AF_UNIX), result.network_refused, result.degraded)
a, b = socket.socketpair(); a.send(b"x"); print(b.recv(1))
"""
    assert run(code).splitlines() == [
        "['refused', 'refused', 'refused', 'refused'] made True ()",
        "b'x'",
    ]


def test_threads_that_already_run_are_covered() -> None:
    code = f"""import queue, socket, threading
{_ATTEMPT}
ask, answer = queue.Queue(), queue.Queue()
def work():
    while ask.get():
        answer.put(attempt(socket.AF_INET))
thread = threading.Thread(target=work, daemon=True); thread.start()
ask.put(1); print(answer.get(timeout=10))
{_HARDEN}
ask.put(1); print(answer.get(timeout=10)); ask.put(0); thread.join(10)
"""
    assert run(code).split() == ["made", "refused"]


def test_children_inherit_the_filter_and_io_uring_is_refused() -> None:
    code = f"""import ctypes, errno, socket, subprocess, sys
{_HARDEN}
libc = ctypes.CDLL(None, use_errno=True)
print(libc.syscall(ctypes.c_long(425), 8, ctypes.create_string_buffer(120)),
      ctypes.get_errno() == errno.EPERM)
child = "import socket\\ntry: socket.socket()\\nexcept PermissionError: print('refused')"
print(subprocess.run([sys.executable, "-c", child], capture_output=True, text=True).stdout)
"""
    assert run(code).split() == ["-1", "True", "refused"]


def test_no_core_dumps_and_private_files() -> None:
    code = f"""import ctypes, os, resource
{_HARDEN}
print(resource.getrlimit(resource.RLIMIT_CORE), oct(os.umask(0)), ctypes.CDLL(None).prctl(3))
"""
    assert run(code) == "(0, 0) 0o77 0"


def test_an_unknown_machine_is_told_and_not_fatal() -> None:
    code = """import platform
platform.machine = lambda: "riscv64"
from recorder.capture.platforms.hardening import harden
print(harden())
"""
    assert run(code) == "Hardening(network_refused=False, degraded=('no_seccomp',))"


def test_another_system_is_told_and_not_fatal() -> None:
    code = """import sys
sys.platform = "darwin"
from recorder.capture.platforms.hardening import harden
print(harden().degraded)
"""
    assert run(code) == "('no_seccomp', 'no_dumpable')"


def test_calls_of_a_foreign_abi_are_refused() -> None:
    code = f"""import ctypes, errno
{_HARDEN}
libc = ctypes.CDLL(None, use_errno=True)
print(libc.syscall(ctypes.c_long(0x40000000 | 41), 2, 1, 0), ctypes.get_errno() == errno.EPERM)
"""
    assert run(code) == "-1 True"


def test_the_program_has_whole_instructions_on_each_machine() -> None:
    assert {len(socket_filter(machine)) % 8 for machine in _MACHINES.values()} == {0}
