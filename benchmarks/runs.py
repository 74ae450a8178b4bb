"""Runs of the real agent over the workload; each gives the figures that it can tell."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.footprint import Watch, cpu_s
from benchmarks.measures import (
    FrameAges,
    counted,
    episode_start_ns,
    frame_ages,
    input_rows,
    masked,
    match,
    percentile,
    stamp_errors_ms,
)
from benchmarks.robot import Pace, Sent, play
from benchmarks.workload import APPS, CLOCK_CORNER, Lengths, Workload
from recorder.agent.order import DemoOrder
from recorder.cli.demo_agent import DemoAgent, DemoHome, make_demo_home
from recorder.cli.demo_evidence import search
from recorder.cli.virtual_processes import family
from recorder.core.levels import KeyboardLevel, ScreenLevel
from recorder.episodes.homes import episode_homes
from recorder.episodes.reader import Episode, open_episode

_REPEATS: Final = 5
_FLUSH_S: Final = 1.5
_LOADED_S: Final = 4.0
"""What the screen process loads right after the start is no part of idling."""
_KILLED_AFTER_S: Final = 8.0
_STEADY: Final = Pace(moves=100)


@dataclass(frozen=True, slots=True)
class Cpu:
    """CPU in percent of one core: together, and by process."""

    total: float
    by_process: dict[str, float]


@dataclass(slots=True)
class Figures:
    """What the runs found; None where it could not be told."""

    sent: int = 0
    kept: int = 0
    pointer_error_ms: float | None = None
    key_error_ms: float | None = None
    ages: FrameAges = field(default_factory=lambda: FrameAges((), 0, 0, 0))
    cpu: dict[str, Cpu] = field(default_factory=dict)
    peak_rss_mb: dict[str, float] = field(default_factory=dict)
    peak_pss_mb: dict[str, float | None] = field(default_factory=dict)
    disk_mb_per_minute: float | None = None
    start_s: float | None = None
    stop_s: float | None = None
    gate_ms: float | None = None
    pause_ms: float | None = None
    resume_ms: float | None = None
    status_ms: float | None = None
    lost_s: float | None = None
    leaks: int | None = None
    losses: dict[str, dict[str, int]] = field(default_factory=dict)


def run_whole(work: Workload, lengths: Lengths, found: Figures) -> None:
    """Record every phase with recognition on, at keyboard level text."""
    with _home(work) as home:
        began = time.monotonic()
        agent = DemoAgent(home, _order(ScreenLevel.REDACTED))
        agent.start()
        found.start_s = time.monotonic() - began
        with Watch(agent.pid) as watch:
            time.sleep(_LOADED_S)
            found.cpu["idle"] = _cpu(agent, lambda: work.idle(lengths.idle_s))
            size = _size_bytes(home.folder)
            mixed: list[Sent] = []
            began = time.monotonic()
            found.cpu["mixed"] = _cpu(agent, lambda: mixed.extend(work.mixed(lengths.mixed_s)))
            minutes = (time.monotonic() - began) / 60
            found.disk_mb_per_minute = (_size_bytes(home.folder) - size) / 1e6 / minutes
            burst = work.burst(lengths.burst_s)
            work.secrets()
            asked_ns = _pause_and_resume(agent, found)
            found.status_ms = _status_ms(home)
            began = time.monotonic()
            agent.stop()
            found.stop_s = time.monotonic() - began
        found.peak_rss_mb["redacted"] = watch.peak_rss_mb
        found.peak_pss_mb["redacted"] = watch.peak_pss_mb
        episode = _open(home)
        found.losses = episode.manifest.losses if episode.manifest else {}
        _compare(episode, mixed, burst, found)
        found.gate_ms = _gate_ms(episode, asked_ns)
        found.leaks = len(search(home, episode, work.scene.secrets.all()).leaks)


def run_layout(work: Workload, lengths: Lengths, found: Figures) -> None:
    """Record the mixed phase without recognition."""
    with _home(work) as home, DemoAgent(home, _order(ScreenLevel.LAYOUT)) as agent:
        with Watch(agent.pid) as watch:
            found.cpu["layout"] = _cpu(agent, lambda: work.mixed(lengths.mixed_s))
            agent.stop()
        found.peak_rss_mb["layout"] = watch.peak_rss_mb
        found.peak_pss_mb["layout"] = watch.peak_pss_mb


def run_killed(work: Workload, found: Figures) -> None:
    """Kill the agent while the pointer moves; see how much is missing at the end."""
    with _home(work) as home:
        agent = DemoAgent(home, _order(ScreenLevel.LAYOUT))
        agent.start()
        work.robot.sent.clear()
        play(work.robot, _STEADY, _KILLED_AFTER_S)
        killed_ns = time.monotonic_ns()
        agent.kill()
        episode = _open(home)
        pairs = match(input_rows(episode.events, ("move",)), work.robot.sent)
        last_ns = max((pair.sent.t_ns for pair in pairs), default=work.robot.sent[0].t_ns)
        found.lost_s = (killed_ns - last_ns) / 1e9


def _compare(
    episode: Episode, mixed: Sequence[Sent], burst: Sequence[Sent], found: Figures
) -> None:
    offset_ns = time.monotonic_ns() - time.time_ns()
    t0_ns = episode_start_ns(episode.context, offset_ns)
    both = [*mixed, *burst]
    last_ns = both[-1].t_ns - t0_ns + 10**9
    rows = [row for row in input_rows(episode.events) if int(str(row["t_ns"])) <= last_ns]
    pairs = match(rows, both)
    found.sent = len(both)
    told = len(pairs) + masked(pairs, both) + counted(episode.events, last_ns)
    found.kept = min(told, found.sent)
    saturated = [pair for pair in pairs if pair.sent.t_ns >= burst[0].t_ns]
    keys = [pair for pair in saturated if pair.sent.kind.startswith("key")]
    clear = [pair for pair in keys if pair.row["key"] is not None]
    pointer = [pair for pair in saturated if not pair.sent.kind.startswith("key")]
    found.pointer_error_ms = percentile(stamp_errors_ms(pointer, t0_ns), 0.95)
    found.key_error_ms = percentile(stamp_errors_ms(clear, t0_ns), 0.95)
    found.ages = frame_ages(pairs, episode.read("frames"), CLOCK_CORNER)


def _cpu(agent: DemoAgent, act: Callable[[], object]) -> Cpu:
    """Give the share of one core, in percent, that each of the processes uses meanwhile."""
    pids, began = family(agent.pid), time.monotonic()
    before = [cpu_s([pid]) for pid in pids]
    act()
    lasted = time.monotonic() - began
    shares = [100 * (cpu_s([pid]) - was) / lasted for pid, was in zip(pids, before, strict=True)]
    return Cpu(sum(shares), dict(zip(map(_name, pids), shares, strict=True)))


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes()
    names = ("agent", "input", "screen")
    return next((name for name in names if f"{name}_process".encode() in words), "other")


def _pause_and_resume(agent: DemoAgent, found: Figures) -> list[int]:
    """Pause and resume some times; gives when each pause was asked for."""
    asked_ns, paused_ms, resumed_ms = [], [], []
    for _ in range(_REPEATS):
        asked_ns.append(time.monotonic_ns())
        agent.ask("pause")
        paused_ms.append((time.monotonic_ns() - asked_ns[-1]) / 1e6)
        began_ns = time.monotonic_ns()
        agent.ask("resume")
        resumed_ms.append((time.monotonic_ns() - began_ns) / 1e6)
        time.sleep(_FLUSH_S)
    found.pause_ms, found.resume_ms = max(paused_ms), max(resumed_ms)
    return asked_ns


def _gate_ms(episode: Episode, asked_ns: Sequence[int]) -> float | None:
    """Give the longest time from asking for a pause to the stamp at which the gate shut."""
    t0_ns = episode_start_ns(episode.context, time.monotonic_ns() - time.time_ns())
    rows = [row for row in episode.events.to_pylist() if row["kind"] == "pause"]
    if len(rows) != len(asked_ns):
        return None
    late_ns = [int(row["t_ns"]) + t0_ns - ns for row, ns in zip(rows, asked_ns, strict=True)]
    return max(late_ns) / 1e6


def _status_ms(home: DemoHome) -> float:
    times = []
    for _ in range(_REPEATS):
        began = time.monotonic()
        subprocess.run(
            [str(Path(sys.executable).parent / "recorder"), "status", "--json"],
            env=dict(home.environment), stdout=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        times.append((time.monotonic() - began) * 1000)
    return sorted(times)[_REPEATS // 2]


def _size_bytes(folder: Path) -> int:
    time.sleep(_FLUSH_S)
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _order(screen: ScreenLevel) -> DemoOrder:
    return DemoOrder(keyboard=KeyboardLevel.TEXT, screen=screen, apps=APPS)


def _open(home: DemoHome) -> Episode:
    path = episode_homes(home.folder)[-1]
    return open_episode(path, folder=home.folder, passphrase=home.passphrase.text)


@contextmanager
def _home(work: Workload) -> Iterator[DemoHome]:
    root = Path(tempfile.mkdtemp(prefix="recorder-bench-"))
    try:
        yield make_demo_home(root, work.desktop.environment)
    finally:
        shutil.rmtree(root, ignore_errors=True)
