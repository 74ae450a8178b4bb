"""What is not allowed is neither seen nor heard."""

import io
import string
import time
from pathlib import Path
from random import SystemRandom

from PIL import Image

from recorder.cli.demo_check import fold, read_pictures
from recorder.cli.demo_evidence import pictures_of
from recorder.cli.demo_scene import MARKER, Scene
from tests.desktop.recordings import KEY_KINDS, newest, order, recording, rows

_RANDOM = SystemRandom()
_TITLE = "Private note"
_AREA = (500, 200, 420, 200)


def test_a_window_that_is_not_allowed_is_never_visible(scene: Scene, root: Path) -> None:
    word = "".join(_RANDOM.choices(string.ascii_lowercase, k=12))
    hands, desktop = scene.desktop.hands, scene.desktop
    with recording(desktop, root, order(apps=("xterm",))) as agent:
        hands.activate(scene.terminal)
        hands.type_text(f"echo the {MARKER} one\n")
        note = desktop.run("zenity", "--entry", "--title", _TITLE, "--text", f"{word} {word}")
        window = hands.window(_TITLE)
        hands.place(window, _AREA[:2], _AREA[2:])
        hands.type_text(word)
        hands.activate(scene.terminal)
        hands.type_text(f"echo the {MARKER} two\n")
        hands.activate(window)
        time.sleep(1)
        hands.place(window, (520, 320), _AREA[2:])
        hands.click(100, 500)
        time.sleep(1)
        desktop.end(note)
        hands.activate(scene.terminal)
        hands.type_text(f"echo the {MARKER} three\n")
        agent.stop()
        episode = newest(agent.home)

    texts = read_pictures(pictures_of(episode.frames))
    assert any(MARKER in text.lower() for text in texts), "the check could not read"
    assert not [text for text in texts if fold(word)[:6] in fold(text)]
    found = rows(episode)
    typed = "".join(str(row["key"]) for row in found if row["kind"] == "key_down" and row["key"])
    assert word[:4] not in typed
    assert "excluded_begin" in {row["kind"] for row in found}
    assert _keys_while_excluded(found) == 0
    assert word not in repr(episode.context.to_pylist())
    assert "zenity" not in {row["app_id"] for row in episode.context.to_pylist()}


def test_pixels_of_no_allowed_window_have_one_colour(scene: Scene, root: Path) -> None:
    with recording(scene.desktop, root, order(apps=("xterm",))) as agent:
        scene.desktop.hands.activate(scene.terminal)
        scene.desktop.hands.type_text(f"echo the {MARKER}\n")
        time.sleep(2)
        agent.stop()
        episode = newest(agent.home)
    pictures = pictures_of(episode.frames)
    assert pictures
    for data in pictures:
        with Image.open(io.BytesIO(data)) as picture:
            browser = picture.convert("RGB").crop((960, 100, 1860, 900))
            assert browser.getcolors(4) is not None, "the browser is not allowed"


def _keys_while_excluded(found: list[dict[str, object]]) -> int:
    excluded, count = False, 0
    for row in found:
        if row["kind"] in {"excluded_begin", "excluded_end"}:
            excluded = row["kind"] == "excluded_begin"
        count += excluded and row["kind"] in KEY_KINDS
    return count
