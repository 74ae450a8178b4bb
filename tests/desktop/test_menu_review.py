"""The tray's menu opens the review page: for real, and outside of the agent's filter."""

import http.client
import os
import signal
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from recorder.agent.order import Show
from recorder.cli.checks.around import Around
from recorder.cli.checks.signs import look_at_signs
from recorder.cli.demo_agent import DemoAgent, DemoHome
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_processes import family, wait_until
from recorder.core.levels import ScreenLevel
from tests.contract.bus_peer import RemotePeer
from tests.contract.panel import MENU, remote_panel
from tests.desktop.recordings import home_on, order
from tests.web.site import NAVIGATED

SHOW = Show(indicator="tray")
DEADLINE_S = 45.0
REVIEW = 7
CHECKOUT = str(Path(__file__).parents[2])
BROWSER = """#!/bin/sh
printf '%s\\n' "$1" >> "$0.opened"
"""


def test_the_menu_s_row_opens_the_page_and_the_agent_s_filter_stands(
    desktop: VirtualDesktop, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, opened = _home(desktop, root)
    with (
        _panel(desktop) as panel,
        DemoAgent(home, order(screen=ScreenLevel.LAYOUT), show=SHOW) as agent,
    ):
        assert agent.ask("status")["indicator"] == "tray"
        wait_until("the row", lambda: _row(panel) == ("Review what was recorded", True), DEADLINE_S)
        panel.do("click", row=REVIEW)
        wait_until("a browser", lambda: len(_lines(opened)) == 1, DEADLINE_S)
        page = _page(home)
        try:
            assert page not in family(agent.pid)
            assert _filters(page) == _filters(os.getpid()) == _filters(agent.pid) - 1
            assert len(family(agent.pid)) == 3, "agent, input and screen process"
            assert _enter(_lines(opened)[0]) == 303
            panel.do("click", row=REVIEW)
            wait_until("another link", lambda: len(_lines(opened)) == 2, DEADLINE_S)
            assert _enter(_lines(opened)[1]) == 303
            assert _page(home) == page
            assert _doctor(home, monkeypatch) == ("ok", "Review in the tray's menu opens the page")
            agent.stop()
            assert _enter(_lines(opened)[1]) == 403, "the page outlives the agent"
        finally:
            os.kill(page, signal.SIGTERM)
    wait_until("the end of the page", lambda: not Path(f"/proc/{page}").exists(), DEADLINE_S)
    services = Path(desktop.environment["XDG_RUNTIME_DIR"]) / "dbus-1/services"
    assert list(services.iterdir()) == []


def _home(desktop: VirtualDesktop, root: Path) -> tuple[DemoHome, Path]:
    """Give a home on the session's bus with a browser of its own, and what that one opened."""
    browser = root / "a browser's"
    browser.write_text(BROWSER)
    browser.chmod(0o700)
    home = home_on(desktop, root)
    runtime = desktop.environment["XDG_RUNTIME_DIR"]
    more = {"XDG_RUNTIME_DIR": runtime, "BROWSER": str(browser)}
    found = replace(home, environment={**home.environment, **more})
    return found, browser.with_name(browser.name + ".opened")


@contextmanager
def _panel(desktop: VirtualDesktop) -> Iterator[RemotePeer]:
    panel = remote_panel({**desktop.environment, "PYTHONPATH": CHECKOUT})
    try:
        panel.do("own")
        yield panel
    finally:
        panel.close()


def _row(panel: RemotePeer) -> tuple[object, object]:
    told = panel.do("call", method=f"{MENU}.GetLayout", signature="iias", body=[0, -1, []])
    rows = {number: row for number, row, _ in told[1][2]}
    return rows[REVIEW]["label"], rows[REVIEW]["enabled"]


def _lines(opened: Path) -> list[str]:
    return opened.read_text().splitlines() if opened.exists() else []


def _doctor(home: DemoHome, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Give what `recorder doctor` tells of the menu."""
    for name in ("DBUS_SESSION_BUS_ADDRESS", "BROWSER"):
        monkeypatch.setenv(name, home.environment[name])
    monkeypatch.setattr(webbrowser, "_tryorder", None)  # it looks for browsers once a process
    *_, found = look_at_signs(Around(environment=home.environment))
    assert found.name == "menu"
    return found.verdict, found.told


def _enter(link: str) -> int:
    """Go to a link as a browser does; gives the answer's status."""
    host, _, path = link.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=DEADLINE_S)
    connection.request("GET", f"/{path}", headers=NAVIGATED)
    status = connection.getresponse().status
    connection.close()
    return status


def _page(home: DemoHome) -> int:
    """Give the pid of the page's process."""
    words = f"recorder.cli.review_by_menu\0{home.folder}\0".encode()
    (found,) = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if _bytes(path).endswith(words)
    ]
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _filters(pid: int) -> int:
    """Give how many filters the kernel holds a process by."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Seccomp_filters:"))
