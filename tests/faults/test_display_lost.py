"""The X server of a person's desktop is killed while it records, and comes back."""

import socket
from pathlib import Path

from recorder.cli.virtual_desktop import VirtualDesktop
from tests.desktop.person import (
    ALLOW,
    RECORDER,
    answer_the_guide,
    environment,
    episodes,
    status,
    wait_for,
)
from tests.pty_driver import PtyDriver


def test_it_pauses_keeps_what_it_has_and_goes_on_when_the_display_is_back(own_home: Path) -> None:
    with VirtualDesktop(1024, 768) as desk:
        env = environment(desk, own_home)
        _open_terminal(desk)
        with PtyDriver([RECORDER, "start", "--foreground", *ALLOW], env) as person:
            answer_the_guide(person)
            person.expect("● recording", 40.0)
            before = _work(desk, env)
            desk.kill_server()
            wait_for(lambda: status(env)["reasons"] == ["display_lost"])
            person.expect("‖ paused (display_lost)", 20.0)
            kept = int(str(status(env)["events"]))
            _bring_back(desk)
            wait_for(lambda: status(env)["state"] == "recording", 30.0)
            after = _work(desk, env)
            folder = Path(str(status(env)["folder"]))
            person.press(b"\x03")
            person.expect("Stopped after", 30.0)
        (episode,) = episodes(folder)
    assert before <= kept < after
    told = [(row["kind"], row["reason"]) for row in episode.events.to_pylist() if row["reason"]]
    states = [state for state in told if state[1] == "display_lost"]
    assert {("gap", "display_lost"), ("pause", "display_lost")} <= set(states)
    assert states[-1] == ("resume", "display_lost")
    assert episode.problems == ()
    assert episode.manifest is not None
    losses = episode.manifest.losses
    assert sum(found.get("display_lost", 0) for found in losses.values()) >= 1


def _open_terminal(desk: VirtualDesktop) -> None:
    desk.run("xterm", "-geometry", "80x24+20+20", "-T", "work")
    desk.hands.window("work")


def _bring_back(desk: VirtualDesktop) -> None:
    """Start a server and a window manager as before; the dead server's socket still lies there."""
    desk.run("Xvfb", desk.display, "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-ac")
    wait_for(lambda: _listens(f"/tmp/.X11-unix/X{desk.display[1:]}"), 30.0)  # noqa: S108 - X's own place
    ready = desk.workspace / "window-manager-again"
    desk.run("openbox", "--sm-disable", "--startup", f"touch {ready}")
    wait_for(ready.exists, 30.0)
    _open_terminal(desk)


def _listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(path) == 0


def _work(desk: VirtualDesktop, env: dict[str, str]) -> int:
    """Type until more is on disk than before; give how much that is."""
    before = int(str(status(env)["events"]))
    desk.hands.activate(desk.hands.window("work"))
    desk.hands.type_text("echo hello\n", delay_ms=40)
    wait_for(lambda: int(str(status(env)["events"])) > before)
    return int(str(status(env)["events"]))
