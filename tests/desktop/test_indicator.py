"""A real recording that shows itself in a window: its hotkey, its clicks, and going unseen."""

import time
from io import BytesIO
from pathlib import Path

from PIL import Image

from recorder.agent.order import Show
from recorder.cli.demo_agent import DemoAgent
from recorder.cli.demo_scene import Scene
from recorder.cli.virtual_processes import family, wait_until
from recorder.core.levels import ScreenLevel
from tests.desktop.recordings import home_on, kinds, newest, number, order, rows, start_ns

SHOW = Show(indicator="window", hotkey="ctrl+alt+p")


def test_the_hotkey_pauses_and_only_the_window_s_button_goes_on(scene: Scene, root: Path) -> None:
    hands = scene.desktop.hands
    wanted = order(screen=ScreenLevel.LAYOUT)
    with DemoAgent(home_on(scene.desktop, root), wanted, show=SHOW) as agent:
        said = agent.ask("status")
        assert (said["indicator"], said["hotkey"], said["hotkey_works"]) == (
            "window", "ctrl+alt+p", True,
        )  # fmt: skip
        hands.activate(scene.terminal)
        hands.click(300, 400)
        wait_until("a frame on disk", lambda: int(str(agent.ask("status")["frames"])) > 0, 45.0)
        area = hands.geometry(hands.window("^Recorder$"))
        hands.glide(400, 500, seconds=0.7)  # the first click is older than half a second now
        hands.click(300, 400)
        hands.key("ctrl+alt+p")
        pressed_ns = time.monotonic_ns()
        wait_until("the pause", lambda: agent.ask("status")["reasons"] == ["hotkey"])
        assert family(agent.pid) == [agent.pid], "a capture process outlived the pause"
        hands.key("ctrl+alt+p")
        left, top, width, _ = hands.geometry(hands.window("^Recorder$"))
        hands.click(left + 30, top + 8)
        assert agent.ask("status")["state"] == "paused"

        def goes_on() -> bool:
            """Click the button again: one that just came does nothing yet."""
            if agent.ask("status")["state"] == "paused":
                hands.click(left + width - 20, top + 8)
                hands.glide(left + 30, top + 8, seconds=1.0)
                return False
            return True

        wait_until("the button", goes_on, 45.0)
        wait_until("recording", lambda: agent.ask("status")["state"] == "recording")
        agent.stop()
        episode = newest(agent.home)
    assert hands.find("^Recorder$") is None
    found = [row for row in rows(episode) if row["kind"] in {"removed", "pause", "resume"}]
    told = [(row["kind"], row["reason"]) for row in found]
    assert told == [("removed", "forgotten"), ("pause", "hotkey"), ("resume", "hotkey")]
    pause_ns = number(found[1]["t_ns"]) + start_ns(episode)
    assert abs(pause_ns - pressed_ns) < 5 * 10**9
    removed_ns = number(found[0]["t_ns"])
    for row in rows(episode):
        between = removed_ns <= number(row["t_ns"]) < number(found[1]["t_ns"])
        assert row["kind"] == "removed" or not between
    assert kinds(episode).count("button_down") == 1, "neither the last click nor the window's"
    frames = [row["image"]["bytes"] for row in episode.frames.to_pylist() if row["image"]]
    assert frames
    for data in frames:
        left, top, width, height = area
        own = Image.open(BytesIO(data)).crop((left, top, left + width, top + height))
        assert len(own.getcolors() or ()) == 1, "the window itself is in a picture"
