"""What a terminal emulator's field is: by its terminals' state and foreground programs."""

import os
import termios
from dataclasses import dataclass
from typing import Final

from recorder.capture.platforms.processes import (
    Process,
    all_processes,
    owner,
    read_file,
    read_process,
)
from recorder.core.scenes import Field

ASKS: Final = frozenset({
    "age", "chage", "chfn", "chpasswd", "chsh", "cryptsetup", "doas", "gopass", "gpasswd", "gpg",
    "gpg-agent", "gpg2", "gpgsm", "kinit", "login", "pass", "passwd", "pinentry",
    "pinentry-curses", "pinentry-tty", "pkexec", "pkttyagent", "runuser", "ssh-add",
    "ssh-askpass", "ssh-copy-id", "ssh-keygen", "su", "sudo", "sudoedit", "systemd-ask-pas",
    "systemd-tty-ask", "vault",
})  # fmt: skip
"""Programs that ask for a password; secure for as long as they are in the foreground."""
REMOTE: Final = frozenset({
    "docker", "et", "incus", "kubectl", "lxc", "machinectl", "minicom", "mosh", "mosh-client",
    "nerdctl", "picocom", "podman", "rlogin", "rsh", "scp", "sftp", "slogin", "ssh", "telnet",
    "virsh",
})  # fmt: skip
"""Programs behind which another terminal is; secure while they read lines themselves."""
MULTIPLEXERS: Final = frozenset({
    "abduco", "byobu", "dtach", "dvtm", "screen", "script", "tmux", "tmux: client", "zellij",
})  # fmt: skip
"""Programs that show several terminals in one."""

_MOST_TERMINALS: Final = 64
_MOST_PROCESSES: Final = 64
_LIST_FOR_NS: Final = 500_000_000


@dataclass(frozen=True, slots=True)
class TerminalField:
    """What is known about the field of a terminal window.

    `mark`: changes when another program takes the foreground.
    """

    field: Field
    mark: int = 0
    degraded: tuple[str, ...] = ()


_UNKNOWN: Final = TerminalField(Field.UNKNOWN, 0, ("terminal_unknown",))


class Terminals:
    """Tells the field of terminal windows; remembers who runs in them for half a second."""

    def __init__(self) -> None:
        self._shells: dict[int, tuple[int, tuple[int, ...]]] = {}
        self._sign: object = None
        self._sign_until_ns = 0

    def is_changed(self, pid: int, told: TerminalField, now_ns: int) -> bool:
        """Tell whether the field is another than was told; asked ten times a second.

        Modes and foreground groups are read each time, names and shells twice a second.
        """
        _, shells = self._shells.get(pid, (0, ()))
        sign = [(p.pts, p.foreground, _modes(p.pts)) for s in shells if (p := read_process(s))]
        if sign == self._sign and now_ns < self._sign_until_ns:
            return False
        self._sign, self._sign_until_ns = sign, now_ns + _LIST_FOR_NS
        return self.look(pid, now_ns) != told

    def look(self, pid: int, now_ns: int) -> TerminalField:
        """Give the field of a terminal emulator's window by its process."""
        if pid <= 0:
            return _UNKNOWN
        shells = [p for s in self._shells_of(pid, now_ns) if (p := read_process(s)) is not None]
        by_pts = {shell.pts: shell for shell in shells if shell.pts is not None}
        if not by_pts or len(by_pts) > _MOST_TERMINALS:
            self._shells.pop(pid, None)
            return _UNKNOWN
        fields = [_look_at(shell) for shell in by_pts.values()]
        if len(fields) == 1:
            return fields[0]
        is_secure = any(f.field is Field.SECURE for f in fields)
        return TerminalField(
            Field.SECURE if is_secure else Field.UNKNOWN, fields[0].mark, ("several_terminals",)
        )

    def _shells_of(self, pid: int, now_ns: int) -> tuple[int, ...]:
        until_ns, shells = self._shells.get(pid, (0, ()))
        if now_ns >= until_ns:
            shells = _children(pid)
            self._shells = {pid: (now_ns + _LIST_FOR_NS, shells)}
        return shells


def multiplexers_of(uid: int) -> tuple[str, ...]:
    """Give the names of a user's multiplexers that hold a terminal, sorted."""
    found = [p for p in all_processes() if p.pts is not None and p.name in MULTIPLEXERS]
    return tuple(sorted({p.name.partition(":")[0] for p in found if owner(p.pid) == uid}))


def classify(names: frozenset[str], *, is_prompt: bool) -> tuple[Field, tuple[str, ...]]:
    """Give field and degraded words from the foreground programs and the terminal's state.

    `is_prompt`: ECHO is off and ICANON is on. ECHO alone also matches readline and less.
    """
    if is_prompt or names & ASKS:
        return Field.SECURE, ()
    if names & REMOTE:
        return Field.UNKNOWN, ("remote",)
    if names & MULTIPLEXERS:
        return Field.UNKNOWN, ("multiplexer",)
    return Field.PLAIN, ()


def _look_at(shell: Process) -> TerminalField:
    modes = _modes(shell.pts)
    if modes is None or shell.foreground <= 0:
        return _UNKNOWN
    is_echo, is_lines = modes
    names = frozenset(_foreground_names(shell.foreground))
    if not names:
        return _UNKNOWN
    field, degraded = classify(names, is_prompt=is_lines and not is_echo)
    if names & REMOTE and is_lines:
        field, degraded = Field.SECURE, ()
    return TerminalField(field, shell.foreground, degraded)


def _modes(pts: int | None) -> tuple[bool, bool] | None:
    """Give (ECHO, ICANON) of /dev/pts/N, None when it cannot be opened; 30 us (measured)."""
    try:
        descriptor = os.open(f"/dev/pts/{pts}", os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        local = termios.tcgetattr(descriptor)[3]
    except termios.error:
        return None
    finally:
        os.close(descriptor)
    return bool(local & termios.ECHO), bool(local & termios.ICANON)


def _foreground_names(group: int) -> set[str]:
    """Give the names of a process group's leader and of what it started in the group."""
    names: set[str] = set()
    waiting = [group]
    for _ in range(_MOST_PROCESSES):
        if not waiting:
            break
        pid = waiting.pop()
        process = read_process(pid)
        if process is not None and group in {process.group, pid}:
            names.add(process.name)
            waiting.extend(_children(pid))
    return names


def _children(pid: int) -> tuple[int, ...]:
    """Give a process's children; by a scan where the kernel does not list them."""
    folder = f"/proc/{pid}/task"
    try:
        lists = [read_file(f"{folder}/{task}/children") for task in os.listdir(folder)]  # noqa: PTH208 - polled
    except OSError:
        return ()
    if None in lists:
        return tuple(p.pid for p in all_processes() if p.parent == pid)
    return tuple(int(word) for data in lists for word in (data or b"").split())
