"""The best of several rounds: what an act costs when nothing else runs."""

import time
from collections.abc import Callable, Mapping
from typing import Final

ROUNDS: Final = 5


def best_cpu_s(acts: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Give the seconds of the processor of each act, the best of its rounds, taken in turn."""
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, act in acts.items():
            began_s = time.process_time()
            act()
            took_s = time.process_time() - began_s
            best[name] = min(took_s, best.get(name, took_s))
    return best
