"""A pause is instant and real: nothing after the acknowledgement, no hook held."""

import time
from contextlib import closing
from pathlib import Path
from random import SystemRandom

from recorder.agent.order import Watch
from recorder.capture.platforms.x11_clients import hooks_by_pid
from recorder.cli.demo_agent import DemoAgent
from recorder.cli.demo_scene import Scene
from recorder.cli.virtual_processes import family, wait_until
from tests.desktop.pointer import moving
from tests.desktop.recordings import (
    INPUT_KINDS,
    home_on,
    newest,
    number,
    order,
    recording,
    rows,
    start_ns,
)

_RANDOM = SystemRandom()
_WAIT_S = 45.0


def test_nothing_is_stamped_and_no_hook_is_held_while_paused(
    scene: Scene, root: Path, *, soak: bool
) -> None:
    pauses: list[tuple[int, int]] = []
    with recording(scene.desktop, root, order()) as agent, moving(scene.desktop.display):
        for _ in range(200 if soak else 20):
            time.sleep(_RANDOM.uniform(0.05, 0.3))
            agent.ask("pause")
            paused_ns = time.monotonic_ns()
            assert family(agent.pid) == [agent.pid], "a capture process outlived the pause"
            assert not _hooks(agent, scene.desktop.display)
            time.sleep(_RANDOM.uniform(0.02, 0.1))
            pauses.append((paused_ns, time.monotonic_ns()))
            agent.ask("resume")
            wait_until("recording", lambda: agent.ask("status")["state"] == "recording")
            assert _hooks(agent, scene.desktop.display), "the hooks can be seen from outside"
        agent.stop()
        episode = newest(agent.home)

    t0_ns = start_ns(episode)
    times = [number(row["t_ns"]) + t0_ns for row in rows(episode) if row["kind"] in INPUT_KINDS]
    assert times, "nothing was recorded between the pauses"
    late = [t for t in times for begin, end in pauses if begin < t < end]
    assert late == []
    states = [row["kind"] for row in rows(episode) if row["kind"] in {"pause", "resume"}]
    assert states == ["pause", "resume"] * len(pauses)
    for row in episode.frames.to_pylist():
        grabbed_ns = number(row["t_grab_end_ns"]) + t0_ns
        assert not [1 for begin, end in pauses if begin < grabbed_ns < end]


def test_nobody_at_the_desk_pauses_it_and_somebody_lets_it_go_on(scene: Scene, root: Path) -> None:
    desktop = scene.desktop
    watch = Watch(idle_s=3, sees_locks=True)
    with closing(DemoAgent(home_on(desktop, root), order(), watch=watch)) as agent:
        with moving(desktop.display, every_s=0.1):
            agent.start()
            wait_until("recording", lambda: _state(agent) == ("recording", []), _WAIT_S)
            desktop.hands.key("Home")
        wait_until("the pause", lambda: _state(agent) == ("paused", ["idle"]), _WAIT_S)
        assert family(agent.pid) == [agent.pid], "a capture process outlived the pause"
        assert not _hooks(agent, desktop.display)
        with moving(desktop.display, every_s=0.1):
            wait_until("recording", lambda: _state(agent) == ("recording", []), _WAIT_S)
        agent.stop()
    told = [(row["kind"], row["reason"]) for row in rows(newest(agent.home))]
    first = told.index(("pause", "idle"))
    assert ("key_down", None) in told[:first], "what came before the pause is kept"
    assert ("resume", "idle") in told[first:]


def _state(agent: DemoAgent) -> tuple[object, object]:
    told = agent.ask("status")
    return told["state"], told["reasons"]


def _hooks(agent: DemoAgent, display: str) -> set[int]:
    """Give our processes that hold an input selection, a record context or a grab."""
    ours = set(family(agent.pid))
    return {
        pid for pid, hooks in hooks_by_pid(display).items() if pid in ours and hooks.is_listening
    }
