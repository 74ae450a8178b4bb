"""A context watcher on the shared desktop."""

from collections.abc import Callable, Iterator

import pytest

from recorder.capture.platforms.x11_scene import X11SceneSource
from recorder.capture.scope import Scope
from recorder.cli.virtual_desktop import VirtualDesktop
from tests.contract.scenes import Watcher, grant


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
