"""What every test gets: a home of its own, no display, no network."""

import ctypes
import itertools
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from recorder.cli.demo_scene import Scene, open_scene
from recorder.cli.demo_secrets import make_secrets
from recorder.cli.virtual_desktop import VirtualDesktop

settings.register_profile(
    "project", deadline=None, database=None, derandomize=True, max_examples=25
)
settings.register_profile("soak", settings.get_profile("project"), max_examples=1000)
settings.load_profile("project")

_FOLDERS = (
    "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
)  # fmt: skip
_PR_SET_DUMPABLE = 4
_MADE = frozenset({"HOME", "XDG_RUNTIME_DIR"})
_REMOVED = (
    "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XAUTHORITY", "SSH_CONNECTION",
    "SSH_CLIENT", "SSH_TTY", "CI", "XDG_SESSION_TYPE",
)  # fmt: skip


# A runner in the background may have it ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--soak",
        action="store_true",
        help="multiply the counts of the desktop and fault tests (hours instead of minutes)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: takes minutes or root; runs with --soak alone")
    if config.getoption("--soak"):
        settings.load_profile("soak")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes or root, unless the long counts are asked for."""
    if config.getoption("--soak"):
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether the long counts are asked for."""
    return bool(request.config.getoption("--soak"))


@pytest.fixture(scope="session")
def desktop() -> Iterator[VirtualDesktop]:
    """One virtual desktop for all tests that leave it as they found it."""
    with VirtualDesktop() as found:
        yield found


@pytest.fixture(scope="session")
def opened(desktop: VirtualDesktop) -> Scene:
    """A terminal and a browser on the shared desktop."""
    return open_scene(desktop, make_secrets())


@pytest.fixture
def root() -> Iterator[Path]:
    """A private folder with a short path: sockets need one."""
    path = Path(tempfile.mkdtemp(prefix="rec-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give names for the tests' homes, one after the other."""
    above = tmp_path_factory.mktemp("homes")
    return (above / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def own_home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test folders of its own; no test sees or touches the user's.

    As on a fresh account, only the home and the runtime folder are there.
    """
    home = next(homes)
    for name in _FOLDERS:
        folder = home if name == "HOME" else home / name.lower()
        if name in _MADE:
            folder.mkdir(mode=0o700)
        monkeypatch.setenv(name, str(folder))
    settings_names = [name for name in os.environ if name.startswith("RECORDER_")]
    for name in (*_REMOVED, *settings_names):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(autouse=True)
def looked_at() -> Iterator[None]:
    """Let other processes look at this one again after a command that guarded its memory.

    A demonstration's agent asks whether its display was started by a recorder like itself;
    without the right to trace, it could not tell.
    """
    yield
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the machine."""
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _local_only(getattr(socket.socket, name)))


def _local_only(real: Callable[..., object]) -> Callable[..., object]:
    def connect(sock: socket.socket, address: object) -> object:
        is_local = sock.family == socket.AF_UNIX or (
            isinstance(address, tuple) and address[0] in {"127.0.0.1", "::1", "localhost"}
        )
        if not is_local:
            pytest.fail("a test reached for the network")
        return real(sock, address)

    return connect
