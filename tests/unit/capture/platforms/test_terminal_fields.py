import os
import pty
import subprocess
import sys
import termios
import time

import pytest

from recorder.capture.platforms.terminals import Terminals, classify
from recorder.core.scenes import Field

DEADLINE_S = 5.0


def test_a_line_read_without_echo_is_secure() -> None:
    assert classify(frozenset({"bash"}), is_prompt=True) == (Field.SECURE, ())


@pytest.mark.parametrize("name", ["sudo", "su", "passwd", "gpg", "pinentry-curses", "doas"])
def test_programs_that_ask_for_passwords_are_secure(name: str) -> None:
    assert classify(frozenset({"make", name}), is_prompt=False)[0] is Field.SECURE


@pytest.mark.parametrize(
    ("name", "word"),
    [("tmux: client", "multiplexer"), ("screen", "multiplexer"), ("ssh", "remote"),
     ("docker", "remote"), ("mosh-client", "remote")],
)  # fmt: skip
def test_what_hides_another_terminal_is_unknown(name: str, word: str) -> None:
    assert classify(frozenset({name}), is_prompt=False) == (Field.UNKNOWN, (word,))


def test_a_shell_is_plain() -> None:
    assert classify(frozenset({"bash"}), is_prompt=False) == (Field.PLAIN, ())


def test_a_process_that_is_gone_is_unknown() -> None:
    told = Terminals().look(2**22 - 1, 0)
    assert (told.field, told.degraded) == (Field.UNKNOWN, ("terminal_unknown",))


def test_a_terminal_is_looked_at_through_its_child() -> None:
    """A child of ours with a terminal of its own stands for an emulator's shell."""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", _SHELL], stdin=slave, stdout=slave, stderr=slave,
        start_new_session=True,
    )  # fmt: skip
    try:
        _until(lambda: _look(child.pid) is Field.PLAIN)
        modes = termios.tcgetattr(slave)
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, modes)
        assert _look(child.pid) is Field.SECURE
        modes[3] &= ~termios.ICANON
        termios.tcsetattr(slave, termios.TCSANOW, modes)
        assert _look(child.pid) is Field.PLAIN
    finally:
        child.kill()
        child.wait()
        os.close(master)
        os.close(slave)


def test_a_change_of_modes_is_noticed_at_the_next_look() -> None:
    """A child of ours stands for the shell of an emulator that we are."""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", _ALONE], stdin=slave, stdout=slave, stderr=slave,
        start_new_session=True,
    )  # fmt: skip
    try:
        _until(lambda: _look(os.getpid()) is Field.PLAIN)
        terminals = Terminals()
        told = terminals.look(os.getpid(), 0)
        terminals.is_changed(os.getpid(), told, 0)
        assert not terminals.is_changed(os.getpid(), told, 1)
        modes = termios.tcgetattr(slave)
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, modes)
        assert terminals.is_changed(os.getpid(), told, 2)
        told = terminals.look(os.getpid(), 2)
        assert told.field is Field.SECURE
        assert not terminals.is_changed(os.getpid(), told, 3)
    finally:
        child.kill()
        child.wait()
        os.close(master)
        os.close(slave)


def _look(pid: int) -> Field:
    """Look at the grandchild through an emulator that stands between."""
    return Terminals().look(pid, time.monotonic_ns()).field


def _until(is_so: object) -> None:
    assert callable(is_so)
    end_s = time.monotonic() + DEADLINE_S
    while not is_so():
        assert time.monotonic() < end_s


_SHELL = """
import fcntl, os, pty, termios, time
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
pid = os.fork()
time.sleep(60)
"""

_ALONE = """
import fcntl, termios, time
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
time.sleep(60)
"""
