"""The fixed workload: a terminal, a page and a painted clock, worked with in phases."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from benchmarks.painted_clock import CLOCK_APP, TITLE
from benchmarks.robot import Field, Pace, Robot, Sent, play
from recorder.cli.demo_scene import Scene, open_scene
from recorder.cli.demo_secrets import make_secrets
from recorder.cli.virtual_desktop import VirtualDesktop

APPS: Final = ("xterm", "zenity", "chromium:localhost", CLOCK_APP)
CLOCK_CORNER: Final = (200, 760)
_CLOCK_HZ: Final = 75
_HOGS: Final = 4
_POINTER: Final = Field(60, 140, 780, 440)
"""Inside the terminal: a window that is allowed."""
_MIXED: Final = Pace(moves=40, keys=5, clicks=0.4, wheel=0.7)
_BURST: Final = Pace(moves=1000, keys=30, clicks=4, wheel=5)
_SETTLE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long each phase lasts, seconds."""

    idle_s: float = 20
    mixed_s: float = 60
    burst_s: float = 10


QUICK: Final = Lengths(idle_s=5, mixed_s=12, burst_s=4)


@dataclass(slots=True)
class Workload:
    """The opened programs and what was sent to them."""

    scene: Scene
    robot: Robot

    @property
    def desktop(self) -> VirtualDesktop:
        """Where it happens."""
        return self.scene.desktop

    def idle(self, seconds: float) -> None:
        """Do nothing in front of a still screen."""
        time.sleep(seconds)

    def mixed(self, seconds: float) -> list[Sent]:
        """Work as a person does, with the clock on the screen."""
        return self._play(_MIXED, seconds)

    def burst(self, seconds: float) -> list[Sent]:
        """Move at 1 kHz and type fast while four programs eat the machine."""
        with _hogs(self.desktop):
            return self._play(_BURST, seconds)

    def secrets(self) -> None:
        """Type three values in clear view and three passwords."""
        self.desktop.hands.activate(self.scene.terminal)
        self.desktop.hands.key("ctrl+c")
        self.scene.work_in_terminal()
        self.scene.answer_dialog()
        self.scene.fill_page()

    def _play(self, pace: Pace, seconds: float) -> list[Sent]:
        first = len(self.robot.sent)
        with _clock(self.desktop):
            self.desktop.hands.activate(self.scene.terminal)
            self.robot.move()
            time.sleep(_SETTLE_S)
            play(self.robot, pace, seconds)
            time.sleep(_SETTLE_S)
        return self.robot.sent[first:]


@contextmanager
def open_workload() -> Iterator[Workload]:
    """Open a desktop with the programs on it."""
    with VirtualDesktop() as desktop:
        scene = open_scene(desktop, make_secrets())
        desktop.hands.activate(scene.terminal)
        desktop.hands.type_text("cat >/dev/null\n")
        with Robot(desktop.display, _POINTER) as robot:
            yield Workload(scene, robot)


@contextmanager
def _clock(desktop: VirtualDesktop) -> Iterator[None]:
    place = f"{CLOCK_CORNER[0]},{CLOCK_CORNER[1]}"
    clock = desktop.run(
        sys.executable, "-m", "benchmarks.painted_clock", "--at", place, "--hz", str(_CLOCK_HZ)
    )
    try:
        desktop.hands.window(TITLE)
        yield
    finally:
        desktop.end(clock)


@contextmanager
def _hogs(desktop: VirtualDesktop) -> Iterator[None]:
    hogs = [desktop.run(sys.executable, "-c", "while True: pass") for _ in range(_HOGS)]
    try:
        yield
    finally:
        for hog in hogs:
            desktop.end(hog)
