"""`recorder open`: starts a browser that tells its sites and fields, with the usual profile."""

import glob
import os
import re
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.completions import browsers
from recorder.cli.scope_file import read_scope
from recorder.cli.virtual_processes import find_program
from recorder.core.errors import ExitCode, RecorderError
from recorder.places import places

_EARLY_S: Final = 1.0
"""A browser that cannot start says so sooner; one that hands over to another is gone."""
_URL: Final = re.compile(r"(?:(?:https?|file)://|about:)\S+|[A-Za-z0-9][\w.-]*(?::\d+)?(?:/\S*)?")


@dataclass(frozen=True, slots=True)
class Browser:
    """How one browser is started so that it tells what it shows.

    Attributes:
        name: As in the list of apps.
        programs: Names of its program, the first one found is taken.
        package: Debian package.
        flags: Before the address.
        root_flags: Added for root, for whom it starts in no other way.
        environment: Added to the person's.
        locks: Links beside its profiles that name the running process.
        sign: What the running process has on its command line or in its environment.
    """

    name: str
    programs: tuple[str, ...]
    package: str
    flags: tuple[str, ...]
    root_flags: tuple[str, ...]
    environment: Mapping[str, str]
    locks: tuple[str, ...]
    sign: bytes


BROWSERS: Final = {
    "chromium": Browser(
        "chromium", ("chromium", "chromium-browser"), "chromium",
        ("--force-renderer-accessibility",), ("--no-sandbox",), {"ACCESSIBILITY_ENABLED": "1"},
        ("{config}/chromium/SingletonLock", "{home}/snap/chromium/common/chromium/SingletonLock"),
        b"--force-renderer-accessibility",
    ),
    "firefox": Browser(
        "firefox", ("firefox", "firefox-esr"), "firefox-esr",
        (), (), {"GNOME_ACCESSIBILITY": "1"},
        ("{home}/.mozilla/firefox/*/lock", "{config}/mozilla/firefox/*/lock"),
        b"GNOME_ACCESSIBILITY=1",
    ),
}  # fmt: skip


class BrowserMissing(RecorderError):
    """The browser is not installed."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(
            f"{browser.name.capitalize()} is not installed",
            f"apt-get install {browser.package}",
            ExitCode.NOT_PERMITTED,
        )


class BrowserRuns(RecorderError):
    """It runs already, and what was started without accessibility cannot be given it."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(
            f"{browser.name.capitalize()} runs already, without telling its sites and fields",
            f"close all its windows, then recorder open {browser.name}",
            ExitCode.ALREADY_RUNNING,
        )


class BrowserEnded(RecorderError):
    """It was started and ended at once."""

    def __init__(self, browser: Browser, code: int) -> None:
        super().__init__(
            f"{browser.name.capitalize()} ended as soon as it was started ({code})",
            f"start {browser.name} by hand to see why",
            ExitCode.NOT_PERMITTED,
        )


class NoDisplay(RecorderError):
    """There is no screen to show a window on."""

    def __init__(self) -> None:
        super().__init__(
            "There is no display to open a browser on",
            "run it in a terminal on your desktop",
            ExitCode.NOT_PERMITTED,
        )


def open_browser(
    browser: Annotated[
        str,
        typer.Argument(metavar="chromium|firefox", help="Which one.", autocompletion=browsers),
    ],
    url: Annotated[str | None, typer.Argument(help="A page to open.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag
    folder: Annotated[str | None, typer.Option("--folder", help="Accepted everywhere.")] = None,
) -> None:
    """Start a browser so that its sites, fields and password boxes are known.

    It has your usual profile and stays when this terminal closes. Which of its sites are
    recorded is up to: recorder apps allow chromium:jira.example.com
    """
    _ = folder
    wanted = BROWSERS.get(browser.lower())
    if wanted is None:
        raise output.UsageError(
            f"{output.printable(browser)[:40]} cannot be opened",
            "recorder open chromium, or recorder open firefox",
        )
    if url is not None and not _URL.fullmatch(url):
        raise output.UsageError("That is no address of a page", "write https://jira.example.com")
    pid, is_new = start(wanted, url, os.environ)
    allowed = [e for e in read_scope(places()) if e.partition(":")[0] == wanted.name]
    notes = _notes(wanted, allowed, is_root=os.geteuid() == 0 and is_new)
    payload: output.Payload = {
        "browser": wanted.name, "pid": pid, "new": is_new, "allowed": allowed, "notes": notes,
    }  # fmt: skip
    said = "is open" if is_new else "runs already"
    output.emit(
        "open", payload, as_json,
        "\n".join((f"{wanted.name.capitalize()} {said} and tells its sites and fields.", *notes)),
    )  # fmt: skip


def start(browser: Browser, url: str | None, environment: Mapping[str, str]) -> tuple[int, bool]:
    """Start it apart from this terminal; gives its process id and whether it is a new one.

    Raises:
        RecorderError: It is missing, runs without accessibility, or ended at once.
    """
    if not environment.get("DISPLAY"):
        raise NoDisplay
    program = next((found for p in browser.programs if (found := find_program(p))), None)
    if program is None:
        raise BrowserMissing(browser)
    running = running_pid(browser, environment)
    if running is not None and not tells(browser, running):
        raise BrowserRuns(browser)
    process = subprocess.Popen(  # noqa: S603 - a browser by its own name, no shell
        command(browser, program, url, is_root=os.geteuid() == 0),
        env={**environment, **browser.environment},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        code = process.wait(_EARLY_S)
    except subprocess.TimeoutExpired:
        process.returncode = 0  # it lives on; nobody waits for it here
        return (process.pid, True) if running is None else (running, False)
    if code or running is None:
        raise BrowserEnded(browser, code)
    return running, False


def command(browser: Browser, program: Path, url: str | None, *, is_root: bool) -> Sequence[str]:
    """Give the command line."""
    flags = browser.flags + (browser.root_flags if is_root else ())
    return [str(program), *flags, *([url] if url else [])]


def running_pid(browser: Browser, environment: Mapping[str, str]) -> int | None:
    """Give the process that holds one of the person's profiles, None when there is none.

    The lock is a link to `host-pid` (Chromium) or `address:+pid` (Firefox).
    """
    home = environment.get("HOME") or str(Path.home())
    config = environment.get("XDG_CONFIG_HOME") or f"{home}/.config"
    for pattern in browser.locks:
        for lock in glob.glob(pattern.format(home=glob.escape(home), config=glob.escape(config))):  # noqa: PTH207 - of links that lead nowhere
            try:
                target = os.readlink(lock)  # noqa: PTH115 - no path: it names a process
            except OSError:
                continue
            host, _, number = target.replace(":+", "-").rpartition("-")
            is_here = browser.name != "chromium" or host == socket.gethostname()
            if is_here and number.isdigit() and Path(f"/proc/{number}").exists():
                return int(number)
    return None


def tells(browser: Browser, pid: int) -> bool:
    """Tell whether a running browser was started with accessibility on.

    Chromium joins its command line with blanks.
    """
    for name in ("cmdline", "environ"):
        try:
            if (
                browser.sign
                in Path(f"/proc/{pid}/{name}").read_bytes().replace(b"\0", b" ").split()
            ):
                return True
        except OSError:
            continue
    return False


def _notes(browser: Browser, allowed: Sequence[str], *, is_root: bool) -> list[str]:
    notes = []
    if is_root and browser.root_flags:
        notes.append(f"As root it runs without its sandbox ({' '.join(browser.root_flags)}).")
    if find_program("at-spi-bus-launcher") is None:
        notes.append(
            "The accessibility service is missing, so nothing of it is recorded. "
            "Fix: apt-get install at-spi2-core"
        )
    if not allowed:
        notes.append(f"No site of it is recorded yet. Fix: recorder apps allow {browser.name}:SITE")
    return notes
