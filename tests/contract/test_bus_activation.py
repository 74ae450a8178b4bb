"""The session bus starts a program with fixed words: a real bus, a real program."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.capture.platforms.bus_activation import BusProgram, path_of
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_processes import wait_until

DEADLINE_S = 45.0
ODD = 'it\'s "odd" $HOME `true` %d #1; &'
CHECKOUT = str(Path(__file__).parents[2])


@pytest.fixture(autouse=True)
def on_the_desktop_s_bus(desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.environment["DBUS_SESSION_BUS_ADDRESS"])


@pytest.fixture
def file(root: Path) -> Iterator[Path]:
    """Give where the program writes; it ends with the test."""
    folder = root / ODD
    folder.mkdir()
    found = folder / "said"
    yield found
    found.with_suffix(".end").touch()


def program(desktop: VirtualDesktop, file: Path, mode: str, said: str = ODD) -> BusProgram:
    name = f"internal.recorder.Test.{mode}"
    variables = ("SAID=" + said, f"PYTHONPATH={CHECKOUT}")
    script = str(Path(__file__).with_name("activated.py"))
    words = ("/usr/bin/env", *variables, sys.executable, script, name, str(file), mode)
    return BusProgram(name, words, desktop.environment["XDG_RUNTIME_DIR"])


def services(desktop: VirtualDesktop) -> list[str]:
    """Give what lies in the session's own folder of services."""
    folder = Path(desktop.environment["XDG_RUNTIME_DIR"]) / "dbus-1/services"
    return sorted(path.name for path in folder.iterdir())


def test_the_bus_starts_it_once_with_its_words_as_they_are(
    desktop: VirtualDesktop, file: Path
) -> None:
    wanted = program(desktop, file, "shows")
    left_over = Path(wanted.runtime) / "dbus-1/services" / f"{wanted.name}.service"
    left_over.write_text(f"[D-BUS Service]\nName={wanted.name}\nExec=/bin/false\n")
    assert wanted.is_startable()
    assert not file.exists(), "asking starts nothing"
    assert wanted.activate()
    assert wanted.activate()
    assert file.read_text() == f"{ODD}\n{ODD}\n"
    assert services(desktop) == []
    file.with_suffix(".end").touch()
    wait_until("its end", file.with_suffix(".over").exists, DEADLINE_S)


@pytest.mark.parametrize("mode", ["fails", "leaves"])
def test_one_that_shows_nothing_is_told_at_once(
    desktop: VirtualDesktop, file: Path, mode: str
) -> None:
    begun_s = time.monotonic()
    assert not program(desktop, file, mode).activate()
    assert time.monotonic() - begun_s < DEADLINE_S
    assert services(desktop) == []


def test_nothing_is_asked_of_a_bus_that_is_not_there(
    desktop: VirtualDesktop, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    assert not program(desktop, file, "shows").is_startable()
    assert not program(desktop, file, "shows").activate()


@pytest.mark.parametrize("said", ["a\nExec=/bin/true", "back\\slash", "\x1b"])
def test_words_that_buses_read_each_in_its_own_way_are_not_tried(
    desktop: VirtualDesktop, file: Path, said: str
) -> None:
    wanted = program(desktop, file, "shows", said)
    assert not wanted.is_startable()
    assert not wanted.activate()
    assert not file.exists()
    assert services(desktop) == []


def test_a_runtime_folder_that_is_not_this_user_s_alone_is_not_used(tmp_path: Path) -> None:
    def is_startable(runtime: object) -> bool:
        return BusProgram("internal.recorder.Test", ("/bin/true",), str(runtime)).is_startable()

    shared, linked = tmp_path / "shared", tmp_path / "linked"
    shared.mkdir(mode=0o700)
    linked.symlink_to(shared)
    assert not is_startable("")
    assert not is_startable("run")
    assert not is_startable(tmp_path / "missing")
    assert not is_startable(linked)
    shared.chmod(0o770)
    assert not is_startable(shared)
    assert list(shared.iterdir()) == []


def test_a_runtime_folder_that_the_bus_does_not_read_is_told(
    desktop: VirtualDesktop, tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    wanted = BusProgram("internal.recorder.Test", ("/bin/true",), str(tmp_path))
    assert not wanted.is_startable()
    assert list((tmp_path / "dbus-1/services").iterdir()) == []


def test_the_path_follows_from_the_name() -> None:
    assert path_of("internal.recorder.Review") == "/internal/recorder/Review"
