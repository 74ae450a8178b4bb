"""A command line, light passphrases, a watcher on the shared desktop, an X server of one test."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from recorder.capture.platforms.x11_connection import connect, parse_display
from recorder.capture.platforms.x11_scene import X11SceneSource
from recorder.capture.scope import Scope
from recorder.cli.virtual_desktop import VirtualDesktop
from tests import light_seal
from tests.contract.commands import Run, ran_json
from tests.contract.scenes import Watcher, grant
from tests.contract.session_bus import session_bus
from tests.contract.x_server import Server


@pytest.fixture(scope="module", autouse=True)
def light_passphrases() -> Iterator[None]:
    """Seal what this process makes with a light scrypt; whatever opens it does so as always.

    `test_consent_identity` has the real one, and so has every program that a test starts.
    """
    with light_seal.used():
        yield


@pytest.fixture(scope="session")
def bus() -> Iterator[dict[str, str]]:
    """Give the environment of a session bus that no desktop uses."""
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
    with tempfile.TemporaryDirectory(prefix="rec-") as root, session_bus(Path(root), own) as found:
        yield found


@pytest.fixture
def on_the_bus(bus: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus["DBUS_SESSION_BUS_ADDRESS"])


@pytest.fixture
def watch(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Watcher]]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.environment["DBUS_SESSION_BUS_ADDRESS"])
    opened: list[X11SceneSource] = []

    def start(*apps: str) -> Watcher:
        source = X11SceneSource(desktop.display, Scope(apps, ("*",)))
        source.open(grant())
        opened.append(source)
        return Watcher(source)

    yield start
    for source in opened:
        source.close()
        source.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*words: str) -> tuple[int, dict[str, Any], str]:
        return ran_json(monkeypatch, capsys, *words)

    return run_command


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.close()


@pytest.fixture
def hands(server: Server) -> Iterator[Any]:
    display = connect(parse_display(server.display))
    yield display
    display.display.socket.close()
