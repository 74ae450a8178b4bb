"""Who sits where: the platform, the account, the session, and a recorder that runs already."""

import sys
from typing import Final

from recorder.agent import client
from recorder.agent.privileges import NoDisplay, Privileged, check_display, check_person
from recorder.cli import wiring
from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, fail, failed, ok, warn

_OTHERS: Final = 0o077


def look_at_platform(_around: Around) -> list[Finding]:
    """Tell whether this is the platform on which every test runs."""
    return [platform_finding(sys.platform)]


def platform_finding(name: str) -> Finding:
    """Give the finding for a value of `sys.platform`."""
    if name == "linux":
        return ok("platform", "Linux, on which everything is tested")
    known = {"darwin": "macOS", "win32": "Windows"}.get(name, name)
    return warn(
        "platform",
        f"{known}: its adapters are not yet verified on hardware; where it cannot tell the "
        "field with the focus, keys are stored by kind only and every line of text is painted",
        "record on Linux with X11 for more",
    )


def look_at_person(around: Around) -> list[Finding]:
    """Tell whether `start` would refuse this account: root, over SSH, in CI."""
    try:
        check_person(around.environment, around.uid, around.allowed)
    except Privileged as error:
        return [failed("account", error)]
    return [ok("account", "Your own account, at its own screen")]


def look_at_session(around: Around) -> list[Finding]:
    """Tell whether there is a session that can be recorded, by the environment alone."""
    try:
        check_display(around.environment, wiring.x11_sessions())
    except NoDisplay as error:
        return [failed("session", error)]
    return [ok("session", "An X11 session on this computer")]


def look_at_own_places(around: Around) -> list[Finding]:
    """Tell whether the state and runtime folders, where they exist, are the user's alone."""
    where = around.places
    for path in (where.state, where.runtime):
        if not path.exists():
            continue
        found = path.lstat()
        if found.st_uid != around.uid:
            return [fail("own places", f"{path} belongs to someone else", f"move {path} away")]
        if found.st_mode & _OTHERS:
            return [fail("own places", f"Others can open {path}", f"chmod 700 {path}")]
    return [ok("own places", "Log, lock and socket are yours alone")]


def look_at_recorder(around: Around) -> list[Finding]:
    """Tell whether a recorder runs, and whether it answers."""
    try:
        state = client.ask(around.places.socket, {"verb": "status"}).get("state")
    except client.NotRunning:
        return [ok("recorder", "Not recording")]
    except client.Unresponsive as error:
        return [failed("recorder", error)]
    return [ok("recorder", f"It runs and answers: {state}")]
