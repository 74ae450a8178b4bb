"""Elements under actions are told where that is agreed, and what cannot be told is said."""

import contextlib
import time
from pathlib import Path

from recorder.agent.order import DemoOrder
from recorder.cli.demo_scene import Scene
from recorder.cli.virtual_processes import DesktopSilent, wait_until
from recorder.cli.virtual_programs import serve_folder
from recorder.core.levels import KeyboardLevel, TargetsLevel
from tests.desktop.recordings import newest, order, recording, rows

_PAGE = """<!doctype html><meta charset=utf-8><title>Targets</title>
<style>body{margin:0;padding:20px}button,input{display:block;width:300px;height:60px;margin:20px}
</style><button>Write to kim@example.org</button><input aria-label=City>"""

_OPENS_S = 60.0
_TIMES = 4
"""An answer that takes more than 50 ms is left out; of several on a busy machine one is told."""


def _gone_to(scene: Scene, address: str, title: str) -> int:
    """Go there and give the window; a load that ends meanwhile clears what was typed."""
    hands = scene.desktop.hands
    for _ in range(3):
        hands.activate(scene.browser)
        hands.key("ctrl+l")
        hands.type_text(f"{address}\n", delay_ms=10)
        with contextlib.suppress(DesktopSilent):
            return hands.window(title, timeout_s=15)
    return hands.window(title)


def test_the_element_under_an_action_stands_on_its_row(scene: Scene, root: Path) -> None:
    desktop, hands = scene.desktop, scene.desktop.hands
    url = serve_folder(desktop, {"targets.html": _PAGE})
    wanted = DemoOrder(
        keyboard=KeyboardLevel.TEXT, targets=TargetsLevel.ON, apps=("xterm", "chromium:localhost")
    )
    with recording(desktop, root, wanted) as one:
        x, y, width, height = hands.geometry(_gone_to(scene, f"{url}targets.html", "Targets"))
        wait_until("the page", lambda: one.ask("status").get("gate") == "open" or None, _OPENS_S)
        time.sleep(1)
        top = y + height - _page_height(height)
        for _ in range(_TIMES):
            hands.click(x + 150, top + 70)
            time.sleep(0.5)
        for _ in range(_TIMES):
            hands.click(x + 150, top + 150)
            time.sleep(0.5)
        for _ in range(_TIMES):
            hands.type_text("harbour town\n")
            time.sleep(0.5)
        hands.activate(scene.terminal)
        time.sleep(0.5)
        one.stop()
        found = rows(newest(one.home))
    assert width > 0
    told = {(r["kind"], r["target_role"], r["target_name"]) for r in found if r["target_role"]}
    assert ("button_down", "push button", "Write to <EMAIL_1>") in told
    assert ("button_down", "entry", "City") in told
    assert ("key_down", "entry", "City") in told
    for row in found:
        if row["target_role"] == "push button" and row["kind"] == "button_down":
            assert _holds(row), "the box is around the click"
    assert "example.org" not in repr(found)


def _page_height(window_px: int) -> int:
    """Give the page's height: Chromium's own part of the window is 87 px high."""
    return window_px - 87


def _holds(row: dict[str, object]) -> bool:
    numbers = [row[f"target_{name}"] for name in "xywh"] + [row["x"], row["y"]]
    left, top, width, height, x, y = (int(str(number)) for number in numbers)
    return left <= x < left + width and top <= y < top + height


def test_a_multiplexer_is_said_in_the_status_and_in_the_episode(scene: Scene, root: Path) -> None:
    desktop, hands = scene.desktop, scene.desktop.hands
    with recording(desktop, root, order(apps=("xterm",))) as one:
        hands.activate(scene.terminal)
        hands.type_text("tmux -f /dev/null -L told\n")

        def is_told() -> bool | None:
            found = one.ask("status")["degraded"]
            return (isinstance(found, dict) and "multiplexer" in found) or None

        wait_until("the multiplexer in the status", is_told)
        hands.type_text("exit\n")
        wait_until("its end", lambda: not is_told() or None)
        one.stop()
        episode = newest(one.home)
    assert episode.summary is not None
    assert "tmux" in episode.summary.degraded["multiplexer"]
    said = [r["outcome"] for r in episode.context.to_pylist() if r["kind"] == "stream"]
    assert "multiplexer" in said
