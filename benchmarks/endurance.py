"""A day sixtyfold: one person records real programs for minutes, an hour each, and is watched.

./run bench endurance [--minutes 24] [--json]
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from benchmarks.footprint import memory
from benchmarks.whole_day import Day, beginning, breaks_of, ends_with_a_stop, episodes_of
from recorder.cli.virtual_processes import family

_HOUR_S: Final = 60.0
_BREAKS_S: Final = 20.0
"""Of an hour, for what comes at its end; the day goes on when that takes longer."""
_SAMPLES: Final = 10
"""Seconds over which memory is looked at: while a file is written it is higher for a moment."""
_WARM: Final = 0.25
"""Of an agent's hours, before which memory still fills caches; the slope leaves them out."""
_FEWEST: Final = 3
"""Two points have no slope worth telling."""
_GROWN: Final = 2
"""So many descriptors or threads more than at the beginning are chance."""
_ROWS: Final = 8
"""Of the table, at most; the first and the last hour are among them."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the processes hold at the end of an hour's work.

    Attributes:
        hour: From 1.
        agent: From 1; the person stopped and started anew before the next one.
        after_s: Since the day began.
        agent_mb: Resident memory of the agent, the median of some seconds of work.
        all_mb: Resident memory of agent, input and screen process, likewise.
        descriptors: Open ones of the agent.
        threads: Of the agent.
    """

    hour: int
    agent: int
    after_s: float
    agent_mb: float
    all_mb: float
    descriptors: int
    threads: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """A day that is over.

    Attributes:
        looks: One an hour.
        episodes: How many were recorded.
        breaks: How often each kind was taken.
        losses: By stream and reason.
    """

    looks: tuple[Look, ...]
    episodes: int
    breaks: Mapping[str, int]
    losses: Mapping[str, int]


def main() -> int:
    """Record, print, and say by the exit code whether something leaked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=24, help="each is an hour of the day")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    outcome = _record(max(options.minutes, 2))
    told = {**asdict(outcome), "agent_mb_per_hour": slope_mb_per_hour(outcome.looks)}
    print(json.dumps(told) if options.json else as_text(outcome))
    return 9 if leaks(outcome.looks) else 0


def _record(hours: int) -> Outcome:
    looks = []
    with tempfile.TemporaryDirectory(prefix="rec-") as name, beginning(Path(name)) as day:
        began_s = time.monotonic()
        for hour in range(hours):
            print(f"hour {hour + 1} of {hours}", file=sys.stderr)
            looks.append(_hour(day, hour, began_s))
            if ends_with_a_stop(hour, hours):
                day.start_anew()
        day.stop()
        found = episodes_of(day)
    losses = {name: count for name, count in day.losses.items() if count}
    return Outcome(tuple(looks), found, {**day.broken, "start": day.starts}, losses)


def _hour(day: Day, hour: int, began_s: float) -> Look:
    """Work, look, then what interrupts the work; what is left of the hour is worked again."""
    end_s = time.monotonic() + _HOUR_S
    day.work(_HOUR_S - _BREAKS_S - _SAMPLES)
    look = _look(day, hour, time.monotonic() - began_s)
    for name in breaks_of(hour):
        day.take(name)
    day.work(end_s - time.monotonic())
    return look


def _look(day: Day, hour: int, after_s: float) -> Look:
    pid = day.agent.pid
    own = Path(f"/proc/{pid}")
    agent_mb, all_mb = [], []
    for _ in range(_SAMPLES):
        day.work(1.0)
        agent_mb.append(memory([pid]).rss_mb)
        all_mb.append(memory(family(pid)).rss_mb)
    return Look(
        hour + 1, day.starts, round(after_s, 1), round(median(agent_mb), 1), round(median(all_mb), 1),
        len(list((own / "fd").iterdir())), len(list((own / "task").iterdir())),
    )  # fmt: skip


def by_agent(looks: Sequence[Look]) -> list[list[Look]]:
    """Give the looks of each agent's life."""
    return [list(found) for _, found in groupby(looks, lambda look: look.agent)]


def slope_mb_per_hour(looks: Sequence[Look]) -> float | None:
    """Give how much the agent that lived longest grew an hour of the clock, once it was warm.

    None of too few looks.
    """
    life = max(by_agent(looks), key=len)
    warm = life[int(len(life) * _WARM) :]
    if len(warm) < _FEWEST:
        return None
    slope, _ = np.polyfit([look.after_s / 3600 for look in warm], [x.agent_mb for x in warm], 1)
    return round(float(slope), 2)


def leaks(looks: Sequence[Look]) -> bool:
    """Tell whether an agent's descriptors or threads grew over its life."""
    return any(
        max(life[-1].descriptors - life[0].descriptors, life[-1].threads - life[0].threads) > _GROWN
        for life in by_agent(looks)
    )


def as_text(outcome: Outcome) -> str:
    """Give the table of some hours, how the longest-lived agent grew, and what was lost."""
    lines = ["hour   start   agent MB   all MB   descriptors   threads"]
    lines += [
        f"{look.hour:>4}{look.agent:>8}{look.agent_mb:>11}{look.all_mb:>9}"
        f"{look.descriptors:>14}{look.threads:>10}"
        for look in _some(outcome.looks)
    ]
    slope = slope_mb_per_hour(outcome.looks)
    grew = f"the agent that ran longest grew {slope} MB an hour of the clock"
    told = "too few for a slope" if slope is None else grew
    lines.append(f"{len(outcome.looks)} hours of a minute; {told}")
    lines.append(f"episodes: {outcome.episodes}; {_counts(outcome.breaks)}")
    return "\n".join([*lines, f"lost: {_counts(outcome.losses) or 'nothing'}"])


def _some(looks: Sequence[Look]) -> list[Look]:
    """Give looks spread over the day, the first and the last among them."""
    chosen = np.linspace(0, len(looks) - 1, min(_ROWS, len(looks))).round().astype(int)
    return [looks[at] for at in chosen]


def _counts(found: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items()))


if __name__ == "__main__":
    sys.exit(main())
