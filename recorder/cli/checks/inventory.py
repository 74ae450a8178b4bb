"""The list of checks, in the order in which a person would want to know."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from recorder.cli.checks import (
    accessibility,
    desk,
    display,
    folder,
    libraries,
    programs,
    signs,
)
from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding

Look = Callable[[Around], list[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        name: Of its finding when it does not come to one.
        look: Gives its findings; changes nothing.
        silent: What is told when it does not answer in time; "" for one that cannot hang,
            which then runs in the process of the command.
        fix: What mends that.
        loads: Modules to import before the time counts.
        is_timed: False for one that watches the time itself.
    """

    name: str
    look: Look
    silent: str = ""
    fix: str = ""
    loads: tuple[str, ...] = ()
    is_timed: bool = True


CHECKS: Final = (
    Check("platform", desk.look_at_platform),
    Check("account", desk.look_at_person),
    Check("session", desk.look_at_session),
    Check(
        "display", display.look_at_display,
        "The X server takes connections and does not answer",
        "log out and in again", ("Xlib.display",),
    ),
    Check(
        "indicator", signs.look_at_signs,
        "The libraries did not load in time", "try again when the computer is less busy",
        signs.LOADS, is_timed=False,
    ),
    Check("own places", desk.look_at_own_places),
    Check(
        "folder", folder.look_at_folder,
        "The disk of the recordings' folder does not answer",
        "plug it in again or reconnect it, or name another folder: recorder init --folder DIR",
        folder.LOADS,
    ),
    Check(
        "accessibility", accessibility.look_at_accessibility,
        "The session bus takes connections and does not answer",
        "log out and in again", ("dbus_fast.aio",),
    ),
    Check("browsers", programs.look_at_browsers),
    Check("terminals", programs.look_at_multiplexers),
    Check("recorder", desk.look_at_recorder),
    Check(
        "libraries", libraries.look_at_libraries,
        "The libraries did not load in time", "try again when the computer is less busy",
        is_timed=False,
    ),
)  # fmt: skip
"""Add a check here and nowhere else."""
