"""Where a recording must not begin: as root, over SSH, in CI, on Wayland, without a display."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from recorder.core.errors import ExitCode, RecorderError

_LOCAL_DISPLAY = re.compile(r":\d{1,5}(\.\d{1,3})?")


class Privileged(RecorderError):
    """Nobody sits in front of this, or it is not a person's own account."""

    def __init__(self, what: str, flag: str) -> None:
        super().__init__(
            f"The recorder does not run {what}",
            f"run it on your own desktop; {flag} is for tests and demonstrations",
            ExitCode.PRIVILEGED,
        )


class NoDisplay(RecorderError):
    """There is no display that can be recorded."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message, fix, ExitCode.NOT_PERMITTED)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the person allowed on the command line."""

    root: bool = False
    ssh: bool = False
    ci: bool = False


def check_person(environment: Mapping[str, str], uid: int, allowed: Allowed) -> None:
    """See that it is a person's own account at their own desk.

    Raises:
        Privileged: Root, SSH or CI, not allowed by its flag.
    """
    if uid == 0 and not allowed.root:
        raise Privileged("as root", "--allow-root")
    names = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
    if any(environment.get(name) for name in names) and not allowed.ssh:
        raise Privileged("over SSH", "--allow-ssh")
    if environment.get("CI", "").lower() not in {"", "0", "false"} and not allowed.ci:
        raise Privileged("in CI", "--allow-ci")


def check_display(environment: Mapping[str, str], sessions: tuple[str, ...]) -> str:
    """Give the local X display to record.

    Args:
        environment: Where DISPLAY stands.
        sessions: Names of the X11 sessions that this machine offers at login.

    Raises:
        NoDisplay: Wayland, no display, or one on another machine.
    """
    is_wayland = environment.get("XDG_SESSION_TYPE") == "wayland"
    if is_wayland or environment.get("WAYLAND_DISPLAY"):
        fix = (
            f"log out and choose {' or '.join(sessions)} at login"
            if sessions
            else "install an X11 session; this computer offers none at login"
        )
        raise NoDisplay("This is a Wayland session, of which only a part could be seen", fix)
    display = environment.get("DISPLAY", "")
    if not display:
        raise NoDisplay("There is no display", "start it from a terminal of your X11 desktop")
    if not _LOCAL_DISPLAY.fullmatch(display):
        raise NoDisplay(
            "DISPLAY names another machine", "run the recorder where the screen is, with DISPLAY=:0"
        )
    return display
