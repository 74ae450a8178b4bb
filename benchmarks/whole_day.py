"""What a day has beside work: breaks, locks, an empty desk, the pause key, forgetting, new starts."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.lock_service import SAVER, LockService, lock_service
from benchmarks.robot import Field, Pace, Robot, play
from recorder.agent.order import DemoOrder, Show, Watch
from recorder.cli.demo_agent import DemoAgent, Facts, make_demo_home
from recorder.cli.demo_scene import SCENE_APPS, open_scene
from recorder.cli.demo_secrets import make_secrets
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_hands import Hands
from recorder.cli.virtual_processes import DesktopSilent, wait_until
from recorder.core.levels import KeyboardLevel, ScreenLevel, TitlesLevel
from recorder.episodes.homes import episode_homes

BREAKS: Final = ("pause", "lock", "idle", "key", "forget")
_EACH_HOUR: Final = 2
_IDLE_S: Final = 4.0
_BREAK_S: Final = 3.0
_FORGOTTEN_S: Final = 10
_STEP_S: Final = 0.5
_CHANGE_S: Final = 60.0
_KEY: Final = "ctrl+alt+p"
_TERMINAL: Final = Field(80, 120, 700, 400)
_WORK: Final = Pace(moves=40, keys=5, clicks=0.4, wheel=0.7)


def breaks_of(hour: int) -> tuple[str, ...]:
    """Give what comes at the end of an hour, counted from 0: all of `BREAKS` in turn."""
    first = _EACH_HOUR * hour
    return tuple(BREAKS[at % len(BREAKS)] for at in range(first, first + _EACH_HOUR))


def ends_with_a_stop(hour: int, hours: int) -> bool:
    """Tell whether the person stops after an hour and starts anew: twice in a day, early.

    Most of the day is left to one agent, so that its growth can be told.
    """
    return hour in {hours // 8, hours // 4} and hour < hours - 1


@dataclass(slots=True)
class Day:
    """A recording that is worked in; used by one thread.

    Attributes:
        agent: The one that records now.
        robot: Works.
        hands: Press the pause key.
        saver: Locks the screen.
        starts: How many agents there were.
        losses: Of those that ended, by stream and reason.
        broken: How often each kind of break was taken.
    """

    agent: DemoAgent
    robot: Robot
    hands: Hands
    saver: LockService
    starts: int = 1
    losses: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)

    def work(self, seconds: float) -> None:
        """Move, type, click and scroll."""
        play(self.robot, _WORK, seconds)

    def take(self, name: str) -> None:
        """Take one of `BREAKS`, and see that it records again afterwards."""
        breaks: dict[str, Callable[[], None]] = {
            "pause": self._pause, "lock": self._lock, "idle": self._idle, "key": self._press,
            "forget": self._forget,
        }  # fmt: skip
        breaks[name]()
        self._work_until("recording")
        self.broken[name] += 1

    def start_anew(self) -> None:
        """Stop, and start another recording."""
        self.stop()
        self.agent.start()
        self.starts += 1

    def stop(self) -> None:
        """Stop; what was lost is added up."""
        told = self.agent.stop()["losses"]
        for stream, losses in (told if isinstance(told, dict) else {}).items():
            self.losses.update({f"{stream} {reason}": count for reason, count in losses.items()})

    def _pause(self) -> None:
        self.agent.ask("pause")
        self.work(_BREAK_S)
        self.agent.ask("resume")

    def _lock(self) -> None:
        self.saver.lock(is_locked=True)
        self._work_until("paused", "lock")
        self.saver.lock(is_locked=False)

    def _idle(self) -> None:
        wait_until("the pause of an empty desk", lambda: self._is("paused", "idle"), _CHANGE_S)

    def _press(self) -> None:
        self.hands.key(_KEY)
        self._work_until("paused", "hotkey")
        self.agent.ask("resume")

    def _forget(self) -> None:
        self.agent.ask("forget", seconds=_FORGOTTEN_S)

    def _work_until(self, state: str, reason: str = "") -> None:
        """Work on until it is so: an idle desk would pause it."""
        for _step in range(int(_CHANGE_S / _STEP_S)):
            if self._is(state, reason):
                return
            self.work(_STEP_S)
        raise DesktopSilent(f"{state} {reason}", _CHANGE_S)

    def _is(self, state: str, reason: str) -> bool:
        told: Facts = self.agent.ask("status")
        reasons = told["reasons"] if isinstance(told["reasons"], list) else []
        return told["state"] == state and (not reason or reason in reasons)


@contextmanager
def beginning(root: Path) -> Iterator[Day]:
    """Give a day on a desktop of its own that is recorded from the block's start to its end.

    Args:
        root: An empty private folder with a short path.
    """
    with VirtualDesktop() as desktop:
        scene = open_scene(desktop, make_secrets())
        desktop.hands.activate(scene.terminal)
        home = make_demo_home(root, desktop.environment)
        order = DemoOrder(
            keyboard=KeyboardLevel.TEXT, screen=ScreenLevel.REDACTED,
            titles=TitlesLevel.TITLE, apps=SCENE_APPS,
        )  # fmt: skip
        watch, show = Watch(idle_s=_IDLE_S, sees_locks=True), Show(indicator="line", hotkey=_KEY)
        address = desktop.environment["DBUS_SESSION_BUS_ADDRESS"]
        with (
            lock_service(address, SAVER[0]) as saver,
            Robot(desktop.display, _TERMINAL) as robot,
            DemoAgent(home, order, watch=watch, show=show) as agent,
        ):
            yield Day(agent, robot, desktop.hands, saver)


def episodes_of(day: Day) -> int:
    """Give how many episodes the day has so far."""
    return len(episode_homes(day.agent.home.folder))
