"""Programs that decide what can be known: browsers, and terminals within terminals."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from recorder.cli import wiring
from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, ok, warn
from recorder.cli.virtual_processes import find_program

if TYPE_CHECKING:
    from recorder.cli.open_browser import Browser


def look_at_browsers(around: Around) -> list[Finding]:
    """Tell which browsers are there, and which of them run without telling their sites."""
    from recorder.cli.open_browser import BROWSERS  # noqa: PLC0415 - typer, not for each process

    return [_browser(browser, around) for browser in BROWSERS.values()]


def _browser(browser: "Browser", around: Around) -> Finding:
    from recorder.cli.open_browser import running_pid, tells  # noqa: PLC0415 - as above

    name = browser.name.capitalize()
    if not any(find_program(program) for program in browser.programs):
        return ok(browser.name, f"{name} is not installed")
    running = running_pid(browser, around.environment)
    if running is None:
        return ok(browser.name, f"{name} is installed; recorder open {browser.name} starts it")
    if tells(browser, running):
        return ok(browser.name, f"{name} runs and tells its sites and fields")
    return warn(
        browser.name, f"{name} runs without telling its sites and fields, so it is not recorded",
        f"close all its windows, then recorder open {browser.name}",
    )  # fmt: skip


def look_at_multiplexers(_around: Around) -> list[Finding]:
    """Tell of running multiplexers, inside which nobody knows which program has the keys."""
    return [multiplexer_finding(wiring.multiplexers())]


def multiplexer_finding(running: Sequence[str]) -> Finding:
    """Give the finding for the names of what runs."""
    if not running:
        return ok("terminals", "No tmux, screen or the like runs")
    verb = "runs" if len(running) == 1 else "run"
    return warn(
        "terminals",
        f"{' and '.join(running)} {verb}: which program has the keys there cannot be told, so "
        "what you type inside is stored by kind only",
        "type in a plain terminal what shall be stored as text",
    )
