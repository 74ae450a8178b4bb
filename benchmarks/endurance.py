"""A day sixtyfold: one agent records real programs for minutes, an hour each, and is watched.

./run bench endurance [--minutes 24] [--json]
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.footprint import memory
from benchmarks.robot import Field, Pace, Robot, play
from recorder.agent.order import DemoOrder
from recorder.cli.demo_agent import DemoAgent, make_demo_home
from recorder.cli.demo_scene import SCENE_APPS, open_scene
from recorder.cli.demo_secrets import make_secrets
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_processes import family, wait_until
from recorder.core.levels import KeyboardLevel, ScreenLevel, TitlesLevel

_HOUR_S: Final = 60.0
_BREAK_S: Final = 5.0
_SETTLED_S: Final = 45.0
_WARM: Final = 0.25
"""Of the hours, before which memory still fills caches; the slope leaves them out."""
_TERMINAL: Final = Field(80, 120, 700, 400)
_WORK: Final = Pace(moves=40, keys=5, clicks=0.4, wheel=0.7)
_GROWN: Final = 2
"""So many descriptors or threads more than at the beginning are chance."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the processes hold at the end of an hour's work.

    Attributes:
        after_s: Since the recording began.
        agent_mb: Resident memory of the agent, which lives through the day.
        all_mb: Resident memory of agent, input and screen process.
        descriptors: Open ones of the agent.
        threads: Of the agent.
    """

    after_s: float
    agent_mb: float
    all_mb: float
    descriptors: int
    threads: int


def main() -> int:
    """Record, print, and say by the exit code whether something leaked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=24, help="each is an hour of the day")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    looks, losses = _record(max(options.minutes, 2))
    told = {
        "minutes": len(looks), "begin": asdict(looks[0]), "end": asdict(looks[-1]),
        "agent_mb_per_hour": slope_mb_per_hour(looks), "losses": losses,
    }  # fmt: skip
    print(json.dumps(told) if options.json else as_text(looks, losses))
    return 9 if leaks(looks) else 0


def _record(minutes: int) -> tuple[list[Look], object]:
    """Give a look at the end of each minute, and what was lost in all."""
    with tempfile.TemporaryDirectory(prefix="rec-") as name, VirtualDesktop() as desktop:
        scene = open_scene(desktop, make_secrets())
        desktop.hands.activate(scene.terminal)
        home = make_demo_home(Path(name), desktop.environment)
        order = DemoOrder(
            keyboard=KeyboardLevel.TEXT, screen=ScreenLevel.REDACTED,
            titles=TitlesLevel.TITLE, apps=SCENE_APPS,
        )  # fmt: skip
        with DemoAgent(home, order) as agent, Robot(desktop.display, _TERMINAL) as robot:
            began_s = time.monotonic()
            looks = []
            for hour in range(minutes):
                print(f"hour {hour + 1} of {minutes}", file=sys.stderr)
                looks.append(_hour(agent, robot, began_s))
            return looks, agent.stop()["losses"]


def _hour(agent: DemoAgent, robot: Robot, began_s: float) -> Look:
    """Work, look, then a break: the person pauses and comes back."""
    end_s = time.monotonic() + _HOUR_S
    play(robot, _WORK, _HOUR_S - _BREAK_S)
    look = _look(agent.pid, time.monotonic() - began_s)
    agent.ask("pause")
    play(robot, _WORK, end_s - time.monotonic())
    agent.ask("resume")
    wait_until("recording", lambda: agent.ask("status")["state"] == "recording", _SETTLED_S)
    return look


def _look(pid: int, after_s: float) -> Look:
    own = Path(f"/proc/{pid}")
    return Look(
        round(after_s, 1), round(memory([pid]).rss_mb, 1), round(memory(family(pid)).rss_mb, 1),
        len(list((own / "fd").iterdir())), len(list((own / "task").iterdir())),
    )  # fmt: skip


def slope_mb_per_hour(looks: Sequence[Look]) -> float | None:
    """Give the agent's growth an hour of the clock, after warming up; None of too few looks."""
    warm = looks[int(len(looks) * _WARM) :]
    if len(warm) < 3:  # noqa: PLR2004 - two points have no slope worth telling
        return None
    slope, _ = np.polyfit([look.after_s / 3600 for look in warm], [x.agent_mb for x in warm], 1)
    return round(float(slope), 2)


def leaks(looks: Sequence[Look]) -> bool:
    """Tell whether descriptors or threads grew."""
    first, last = looks[0], looks[-1]
    more = max(last.descriptors - first.descriptors, last.threads - first.threads)
    return more > _GROWN


def as_text(looks: Sequence[Look], losses: object) -> str:
    """Give the table of the first and the last look, and what was lost."""
    lines = ["              agent MB   all MB   descriptors   threads"]
    for name, look in (("first hour", looks[0]), ("last hour", looks[-1])):
        lines.append(
            f"{name:<12}{look.agent_mb:>10}{look.all_mb:>9}{look.descriptors:>14}{look.threads:>10}"
        )
    slope = slope_mb_per_hour(looks)
    lines.append(f"{len(looks)} hours of a minute; the agent grows {slope} MB an hour of the clock")
    return "\n".join([*lines, f"losses: {losses}"])


if __name__ == "__main__":
    sys.exit(main())
