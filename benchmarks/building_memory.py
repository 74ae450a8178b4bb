"""How much memory a build takes while the number of episodes grows: the table that `building` prints.

Each number has a collection of its own and is built by a process that does nothing else, so that
what made the episodes is not counted. Told is the largest resident set.
"""

import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from benchmarks.building_place import Place
from recorder.research.building.local import LocalEngine

JOBS: Final = 2
_LEAST: Final = 200
_TIMES: Final = 10
_CLICKS: Final = 20
_FRAME_BYTES: Final = 6_000
_MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What one build took. `worker_mb`, `asker_mb`: the largest resident sets."""

    worker_mb: float
    asker_mb: float
    took_s: float
    steps: int
    parts: int


def tell_memory(above: Path, most: int) -> None:
    """Print a line for 200 episodes, for each tenfold, and for the most.

    `above`: where the collections are made; those that are there already are taken.
    """
    print(f"{'episodes':>10}{'a worker':>12}{'who asks':>12}{'time':>10}{'steps':>10}{'parts':>8}")
    for count in _counts(most):
        root = above / str(count)
        if not root.exists():
            Place.make(root, count, _CLICKS, _FRAME_BYTES)
        cost = _measured(root)
        print(
            f"{count:>10,}{cost.worker_mb:>9.0f} MB{cost.asker_mb:>9.0f} MB{cost.took_s:>8.0f} s"
            f"{cost.steps:>10,}{cost.parts:>8}",
            flush=True,
        )


def _counts(most: int) -> Iterator[int]:
    count = _LEAST
    while count < most:
        yield count
        count *= _TIMES
    yield most


def _measured(root: Path) -> Cost:
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_build, args=(root, theirs))
    process.start()
    theirs.close()
    try:
        found: Cost = ours.recv()
    except EOFError:
        raise SystemExit(f"the build of {root} broke") from None
    process.join()
    return found


def _build(root: Path, answer: Connection) -> None:
    peaks = [0.0]

    def look() -> None:
        peaks[0] = max(peaks[0], *map(_peak_mb, _workers()))

    place = Place.open(root)
    began_s = time.monotonic()
    report = place.build(LocalEngine(JOBS), step=look)
    took_s = time.monotonic() - began_s
    steps = sum(report.rows.values())
    answer.send(Cost(peaks[0], _peak_mb(os.getpid()), took_s, steps, report.built))


def _workers() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid is not None]


def _peak_mb(pid: int) -> float:
    """Give the largest resident set of a process so far."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0.0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 / _MB if found else 0.0
