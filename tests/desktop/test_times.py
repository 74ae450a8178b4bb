"""How long a pause, a resume and a status take while a pointer moves a thousand times a second."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from recorder.cli.demo_scene import Scene
from tests.desktop.pointer import moving
from tests.desktop.recordings import newest, number, order, recording, rows, start_ns

_ROUNDS = 7
_GATE_MS = 50
_PAUSE_MS = 200
_RESUME_MS = 600
_STATUS_MS = 150
_MS = 1e6


def test_the_gate_shuts_and_the_answers_come_in_time(scene: Scene, root: Path) -> None:
    """Medians, and the best start of a command, since others may share the machine."""
    asked: list[int] = []
    pauses, resumes = [], []
    with recording(scene.desktop, root, order()) as agent:
        with moving(scene.desktop.display):
            for _ in range(_ROUNDS):
                asked.append(time.monotonic_ns())
                agent.ask("pause")
                pauses.append((time.monotonic_ns() - asked[-1]) / _MS)
                began_ns = time.monotonic_ns()
                assert agent.ask("resume")["state"] == "recording"
                resumes.append((time.monotonic_ns() - began_ns) / _MS)
        command = [str(Path(sys.executable).parent / "recorder"), "status"]
        statuses = [_ms(command, dict(agent.home.environment)) for _ in range(_ROUNDS)]
        agent.stop()
        episode = newest(agent.home)
    t0_ns = start_ns(episode)
    shut = [number(row["t_ns"]) + t0_ns for row in rows(episode) if row["kind"] == "pause"]
    gates = [(at - ask) / _MS for at, ask in zip(shut, asked, strict=True)]
    assert statistics.median(gates) < _GATE_MS, gates
    assert statistics.median(pauses) < _PAUSE_MS, pauses
    assert statistics.median(resumes) < _RESUME_MS, resumes
    assert min(statuses) < _STATUS_MS, statuses


def _ms(command: list[str], environment: dict[str, str]) -> float:
    began_ns = time.monotonic_ns()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return (time.monotonic_ns() - began_ns) / _MS
