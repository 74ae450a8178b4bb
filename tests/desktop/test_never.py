"""A person's own words: in no key, no title and no picture, from the moment they are added."""

import subprocess
import time
from pathlib import Path

from recorder.cli.demo_agent import DemoAgent, DemoHome
from recorder.cli.demo_check import fold, read_pictures
from recorder.cli.demo_evidence import pictures_of
from recorder.cli.demo_scene import MARKER, Scene
from recorder.cli.demo_secrets import Secret
from recorder.cli.virtual_processes import wait_until
from tests.desktop.person import RECORDER
from tests.desktop.recordings import home_on, newest, order

_FIRST = Secret("added before", "Quintavalle", "Quintavalle")
_SECOND = Secret("added while recording", "Brandvoorhuis", "Brandvoorhuis")
_LOOK_S = 1.0
_READ_S = 30.0


def add(home: DemoHome, word: str) -> None:
    subprocess.run(
        [RECORDER, "never", "add"], env=dict(home.environment), input=f"{word}\n".encode(),
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip


def look(agent: DemoAgent, before: int) -> None:
    """Give the recorder the time for a picture more than there were, busy machine or not."""
    wait_until("a picture", lambda: pictures(agent) > before, _READ_S)
    time.sleep(_LOOK_S)


def pictures(agent: DemoAgent) -> int:
    return int(str(agent.ask("status")["frames"]))


def test_own_words_are_in_no_key_title_or_picture(scene: Scene, root: Path) -> None:
    desktop, hands = scene.desktop, scene.desktop.hands
    home = home_on(desktop, root)
    add(home, _FIRST.text)
    with DemoAgent(home, order(apps=("xterm",))) as one:
        hands.activate(scene.terminal)
        before = pictures(one)
        hands.type_text(f"echo the {MARKER} of QUINTAVALLE today\n")
        look(one, before)
        titled = desktop.run("xterm", "-T", "Notes on Quintavalle", "-e", "cat")
        hands.activate(hands.window("Notes on"))
        time.sleep(_LOOK_S)
        desktop.end(titled)
        hands.activate(scene.terminal)
        hands.type_text("clear\n")
        time.sleep(_LOOK_S)
        add(home, _SECOND.text)
        before = pictures(one)
        hands.type_text(f"echo the {MARKER} of brandvoorhuis today\n")
        look(one, before)
        hands.type_text("echo end\n")
        one.stop()
        episode = newest(home)
    texts = read_pictures(pictures_of(episode.frames))
    assert any(fold(MARKER) in fold(text) for text in texts), "the check could not read"
    folded = [fold(text) for text in texts]
    assert not [t for t in folded for s in (_FIRST, _SECOND) if fold(s.core)[:7] in t]
    typed = [row for row in episode.events.to_pylist() if row["redaction"] == "masked"]
    assert {row["entity"] for row in typed} >= {"PERSONAL_1", "PERSONAL_2"}
    titles = {row["window_title"] for row in episode.context.to_pylist()}
    assert "Notes on <PERSONAL_1>" in titles
    keys = "".join(
        str(r["key"]) for r in episode.events.to_pylist() if r["kind"] == "key_down" and r["key"]
    )
    assert "quint" not in keys.lower()
    assert "brandv" not in keys.lower()
    reasons = {box["reason"] for row in episode.frames.to_pylist() for box in row["redacted_boxes"]}
    assert {"PERSONAL_1", "PERSONAL_2"} <= reasons
