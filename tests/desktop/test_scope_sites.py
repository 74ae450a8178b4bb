"""Of other sites, private windows, vaults and lock screens nothing is kept: no pixel, no key."""

import json
import os
import signal
import string
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

import pytest

from recorder.cli.demo_check import find_in_table, find_in_texts, fold, read_pictures
from recorder.cli.demo_evidence import pictures_of
from recorder.cli.demo_scene import MARKER, Scene
from recorder.cli.demo_secrets import Secret
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_processes import wait_until
from recorder.cli.virtual_programs import open_browser, serve_folder
from recorder.episodes.reader import Episode
from tests.desktop.person import RECORDER
from tests.desktop.recordings import KEY_KINDS, newest, order, recording, rows

_RANDOM = SystemRandom()
_HOME = "Allowed page"
_AREA = (920, 60, 980, 900)
_LOOK_S = 0.8
_STYLE = "<meta charset=utf-8><style>body{font:26px sans-serif}</style>"
_LOCK = """
import sys, time
from PIL import Image, ImageDraw, ImageFont
from Xlib import X, display
word, name = sys.stdin.readline().split()
shown = display.Display()
screen = shown.screen()
size = screen.width_in_pixels, screen.height_in_pixels
window = screen.root.create_window(0, 0, *size, 0, screen.root_depth, override_redirect=True,
                                   event_mask=X.KeyPressMask)
if name != "-":
    window.set_wm_class(name, name)
window.map()
picture = Image.new("RGB", (900, 200), "white")
font = ImageFont.truetype("DejaVuSans.ttf", 60)
ImageDraw.Draw(picture).text((20, 40), word + " " + word, fill="black", font=font)
shown.sync()
window.put_pil_image(window.create_gc(), 100, 100, picture)
window.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
shown.sync()
print("shown", flush=True)
while True:
    shown.next_event()
"""


def new_secret(name: str) -> Secret:
    word = "".join(_RANDOM.choices(string.ascii_lowercase, k=14))
    return Secret(name, word, word)


def page(title: str, word: str, more: str = "") -> str:
    return f"<!doctype html><title>{title}</title>{_STYLE}<h1>{word}</h1><input autofocus>{more}"


def go_to(desktop: VirtualDesktop, window: int, url: str) -> None:
    desktop.hands.activate(window)
    desktop.hands.key("ctrl+l")
    desktop.hands.type_text(f"{url}\n", delay_ms=10)


def lock(desktop: VirtualDesktop, word: str, name: str) -> "subprocess.Popen[str]":
    """Cover the screen, as a locker of that name does; "-" has none."""
    locker = subprocess.Popen(
        [sys.executable, "-c", _LOCK], env=desktop.environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert locker.stdin is not None
    assert locker.stdout is not None
    locker.stdin.write(f"{word} {name}\n")
    locker.stdin.flush()
    assert locker.stdout.readline() == "shown\n"
    return locker


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def leaks_of(episode: Episode, secrets: Sequence[Secret]) -> list[str]:
    """Give where the secrets are in decrypted tables and pictures; the check can read."""
    texts = read_pictures(pictures_of(episode.frames))
    assert any(fold(MARKER) in fold(text) for text in texts), "the check could not read"
    found = find_in_texts(secrets, texts)
    for table in ("events", "frames", "context"):
        found += find_in_table(secrets, getattr(episode, table), table)
    return [f"{leak.secret} in {leak.place}" for leak in found]


def keys_and_counts_behind_the_gate(episode: Episode) -> tuple[int, list[object]]:
    """Give how many key rows stand between begin and end, and the counts told there."""
    is_shut, keys, counts = False, 0, []
    for row in rows(episode):
        kind = str(row["kind"])
        if kind in {"excluded_begin", "secure_begin"}:
            is_shut = True
        elif kind in {"excluded_end", "secure_end"}:
            is_shut = False
        keys += is_shut and kind in KEY_KINDS
        counts += [row["count"]] if row["count"] is not None else []
    return keys, counts


def test_nothing_of_what_is_not_allowed_is_kept(scene: Scene, root: Path) -> None:
    desktop, hands = scene.desktop, scene.desktop.hands
    other, private, vault, locked, covered = secrets = [
        new_secret(name) for name in ("other site", "private window", "vault", "lock", "cover")
    ]
    pages = {
        "home.html": page(_HOME, MARKER),
        f"{other.text}.html": page(f"Other {other.text}", other.text),
        "private.html": page(f"Private {private.text}", private.text),
    }
    base = serve_folder(desktop, pages)
    elsewhere = base.replace("localhost", "127.0.0.1")
    with recording(desktop, root, order(apps=("xterm", "keepassxc", "chromium:localhost"))) as one:
        go_to(desktop, scene.browser, f"{base}home.html")
        hands.window(_HOME)
        time.sleep(_LOOK_S)
        go_to(desktop, scene.browser, f"{elsewhere}{other.text}.html")
        hands.window(other.text)
        hands.click(_AREA[0] + 300, _AREA[1] + 400)
        hands.type_text(other.text)
        time.sleep(_LOOK_S)
        go_to(desktop, scene.browser, f"{base}home.html")
        hands.window(_HOME)

        open_browser(
            desktop, f"{base}private.html", private.text, (100, 100, 800, 600), private=True
        )
        hands.type_text(private.text)
        time.sleep(_LOOK_S)
        hands.close(hands.window(private.text))
        hands.wait_gone(private.text)

        store = desktop.run(
            "xterm", "-class", "KeePassXC", "-T", f"Vault {vault.text}", "-fa", "DejaVu Sans Mono",
            "-fs", "14", "-e", "cat",
        )  # fmt: skip
        hands.activate(hands.window(vault.text))
        hands.type_text(f"{vault.text}\n")
        time.sleep(_LOOK_S)
        desktop.end(store)

        hands.activate(scene.terminal)
        for secret, name in ((locked, "i3lock"), (covered, "-")):
            locker = lock(desktop, secret.text, name)
            hands.type_text(secret.text)
            hands.click(500, 400)
            time.sleep(_LOOK_S)
            end(locker)
        hands.activate(scene.terminal)
        hands.type_text(f"echo the {MARKER}\n")
        time.sleep(_LOOK_S)
        one.stop()
        episode = newest(one.home)

    assert leaks_of(episode, secrets) == []
    keys, counts = keys_and_counts_behind_the_gate(episode)
    assert keys == 0
    assert all(isinstance(count, int) and count % 10 == 0 for count in counts)
    assert {"excluded_begin", "secure_begin"} <= {row["kind"] for row in rows(episode)}
    assert {row["app_id"] for row in episode.context.to_pylist()} <= {None, "xterm", "chromium"}


def test_a_site_that_changes_while_frames_are_taken_shows_in_none(scene: Scene, root: Path) -> None:
    desktop, hands = scene.desktop, scene.desktop.hands
    other = new_secret("other site")
    port = serve_folder(desktop, {}).rstrip("/").rpartition(":")[2]
    one_site, other_site = f"http://x.a.localhost:{port}/", f"http://y.a.localhost:{port}/"
    there, back = (
        f"<script>setTimeout(() => location.replace({json.dumps(url)}), {after_ms})</script>"
        for url, after_ms in ((f"{other_site}fro.html", 700), (f"{one_site}to.html", 500))
    )
    pages = {"to.html": page(_HOME, MARKER, there), "fro.html": page(other.text, other.text, back)}
    serve_folder(desktop, pages)
    with recording(desktop, root, order(apps=("xterm", "chromium:x.a.localhost"))) as one:
        go_to(desktop, scene.browser, f"{one_site}to.html")
        hands.window(_HOME)
        until_s = time.monotonic() + 5
        while time.monotonic() < until_s:
            hands.click(_AREA[0] + 300, _AREA[1] + 500)
            time.sleep(_RANDOM.uniform(0.05, 0.25))
        serve_folder(desktop, {name: page(_HOME, MARKER) for name in pages})
        time.sleep(_LOOK_S)  # it goes to and fro no more, which would take away what is typed
        go_to(desktop, scene.browser, "about:blank")
        hands.activate(scene.terminal)
        hands.type_text(f"echo the {MARKER}\n")
        time.sleep(_LOOK_S)
        one.stop()
        episode = newest(one.home)
    assert "excluded_begin" in {row["kind"] for row in rows(episode)}
    assert leaks_of(episode, [other]) == []


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_a_browser_is_opened_that_tells_its_sites(
    browser: str, desktop: VirtualDesktop, root: Path
) -> None:
    env = {**desktop.environment, "HOME": str(root), "XDG_CONFIG_HOME": str(root / "config")}
    del env["ACCESSIBILITY_ENABLED"]
    title = f"Opened by {browser}"
    url = serve_folder(desktop, {"open.html": page(title, MARKER)}) + "open.html"

    def opened() -> dict[str, object]:
        done = subprocess.run(
            [RECORDER, "open", browser, url, "--json"], env=env, capture_output=True, text=True,
            timeout=30, check=True,
        )  # fmt: skip
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    pid = int(str(opened()["pid"]))
    window = desktop.hands.window(title)
    with recording(desktop, root, order(apps=("xterm", f"{browser}:localhost"))) as one:
        desktop.hands.activate(window)
        wait_until("the site", lambda: one.ask("status").get("app") == browser or None)
        assert opened()["new"] is False
        one.stop()
        seen = {row["app_id"] for row in newest(one.home).context.to_pylist()}
    os.killpg(pid, signal.SIGTERM)
    desktop.hands.wait_gone(title)
    assert browser in seen
