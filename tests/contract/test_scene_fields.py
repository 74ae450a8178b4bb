"""Password fields, hanging programs and sites, as the context watcher sees real programs."""

import os
import queue
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from recorder.capture.platforms.x11_scene import X11SceneSource
from recorder.capture.scope import Scope
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_programs import open_browser, open_terminal, serve_folder
from recorder.core.scenes import Field, Gate, Paint
from tests.contract.scenes import DEADLINE_S, Watcher, focused_app, grant, paint_of

if TYPE_CHECKING:
    from recorder.core.targets import Target

PAGE = (
    "<!doctype html><title>Sign in</title>"
    "<input id=u autofocus><br><br><input id=p type=password><br><br><br><textarea></textarea>"
)


def click_into_secure_field(desktop: VirtualDesktop, watcher: Watcher) -> None:
    """Click until it has the focus: a browser's banners move its page while it starts."""
    end_s = time.monotonic() + DEADLINE_S
    scene = watcher.until(lambda s: bool(s.secure))
    while scene.gate is not Gate.SECURE:
        assert time.monotonic() < end_s
        if scene.secure:
            place = scene.secure[0]
            desktop.hands.click(place.x + place.w // 2, place.y + place.h // 2)
        watcher.source.wait(1.0)
        scene = watcher.source.fresh()


def test_a_terminal_that_reads_unseen_is_secure(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("xterm")
    window = open_terminal(desktop, "Scene terminal", (40, 60, 600, 300))
    desktop.hands.activate(window)
    watcher.until(lambda s: focused_app(s) == "xterm" and s.field is Field.PLAIN)
    desktop.hands.type_text("read -s secret\n")
    secure = watcher.until(lambda s: s.gate is Gate.SECURE)
    assert secure.field is Field.SECURE
    desktop.hands.key("Return")
    plain = watcher.until(lambda s: s.gate is Gate.OPEN and s.field is Field.PLAIN)
    assert plain.field_id != secure.field_id
    assert paint_of(plain, "xterm") is Paint.REDACT
    desktop.hands.type_text("exit\n")
    watcher.until(lambda s: paint_of(s, "xterm") is None)


def test_a_password_dialog_is_secure_and_its_field_has_a_place(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("zenity")
    dialog = desktop.run("zenity", "--password", "--title", "Scene password")
    scene = watcher.until(lambda s: s.gate is Gate.SECURE and bool(s.secure))
    window = next(w for w in scene.windows if w.app_id == "zenity")
    assert all(not rect.intersect(window.rect).is_empty for rect in scene.secure)
    desktop.end(dialog)
    watcher.until(lambda s: s.gate is not Gate.SECURE and s.secure == ())


def test_a_password_dialog_that_hangs_stays_secure_and_is_painted_as_a_whole(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("zenity")
    dialog = desktop.run("zenity", "--password", "--title", "Hung password")
    (field,) = watcher.until(lambda s: s.gate is Gate.SECURE and bool(s.secure)).secure
    os.kill(dialog.pid, signal.SIGSTOP)
    try:
        hung = watcher.until(lambda s: s.secure not in {(), (field,)})
    finally:
        os.kill(dialog.pid, signal.SIGCONT)
    assert hung.gate is Gate.SECURE
    assert hung.secure[0].intersect(field) == field
    assert watcher.until(lambda s: s.secure == (field,)).gate is Gate.SECURE
    desktop.end(dialog)
    watcher.until(lambda s: s.secure == ())


def test_a_browser_that_hangs_is_hidden_until_it_answers(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("chromium:localhost")
    url = serve_folder(desktop, {"hung.html": "<!doctype html><title>Hung page</title>text"})
    window = open_browser(desktop, f"{url}hung.html", "Hung page", (100, 60, 800, 600))
    watcher.until(lambda s: focused_app(s) == "chromium" and s.gate is Gate.OPEN)
    pid = next(pid for pid in watcher.source._accessibility.apps)
    os.kill(pid, signal.SIGSTOP)
    try:
        scene = watcher.source.fresh()
        assert (paint_of(scene, "chromium"), scene.gate) == (Paint.HIDE, Gate.EXCLUDED)
    finally:
        os.kill(pid, signal.SIGCONT)
    watcher.until(lambda s: s.gate is Gate.OPEN)
    desktop.hands.close(window)
    watcher.until(lambda s: paint_of(s, "chromium") is None)


def test_an_element_of_a_window_that_vanishes_is_not_told(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("zenity")
    answers: queue.Queue[Target | None] = queue.Queue()
    dialog = desktop.run("zenity", "--entry", "--title", "Vanishing", "--text", "here")
    watcher.until(lambda s: s.gate is Gate.OPEN and s.field is Field.PLAIN)
    watcher.source.aim(None, answers.put)
    told = answers.get(timeout=DEADLINE_S)
    assert told is not None
    assert told.role == "text"
    place = (told.rect.x + 3, told.rect.y + 3)
    watcher.source.aim(place, answers.put)
    assert answers.get(timeout=DEADLINE_S) == told
    dialog.kill()
    watcher.source.aim(place, answers.put)
    assert answers.get(timeout=DEADLINE_S) is None
    watcher.until(lambda s: paint_of(s, "zenity") is None)
    watcher.source.aim(place, answers.put)
    assert answers.get(timeout=DEADLINE_S) is None


def test_a_plain_entry_is_plain(desktop: VirtualDesktop, watch: Callable[..., Watcher]) -> None:
    watcher = watch("zenity")
    dialog = desktop.run("zenity", "--entry", "--title", "Scene entry")
    scene = watcher.until(lambda s: s.gate is Gate.OPEN and s.field is Field.PLAIN)
    assert scene.secure == ()
    desktop.end(dialog)
    watcher.until(lambda s: paint_of(s, "zenity") is None)


def test_a_browser_shows_only_on_its_allowed_host(
    desktop: VirtualDesktop, watch: Callable[..., Watcher], tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    watcher = watch("chromium:127.0.0.1")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["python3", "-u", "-c", _SERVER, str(tmp_path), str(write)], pass_fds=[write]
    )
    os.close(write)
    with os.fdopen(read) as told:
        port = int(told.readline())
    url = f"http://127.0.0.1:{port}/page.html"
    try:
        window = open_browser(desktop, url, "Sign in", (100, 40, 900, 700))
        desktop.hands.activate(window)
        scene = watcher.until(lambda s: paint_of(s, "chromium") is Paint.REDACT and bool(s.secure))
        assert scene.focused is not None
        assert scene.focused.url_host == "127.0.0.1"
        click_into_secure_field(desktop, watcher)
        desktop.hands.key("ctrl+l")
        watcher.until(lambda s: s.gate is Gate.OPEN)
        desktop.hands.type_text("about:blank\n")
        scene = watcher.until(lambda s: paint_of(s, "chromium") is Paint.HIDE)
        assert scene.gate is Gate.EXCLUDED
        desktop.hands.close(window)
        watcher.until(lambda s: paint_of(s, "chromium") is None)
    finally:
        server.kill()
        server.wait()


def test_without_a_session_bus_a_browser_is_excluded_and_nothing_breaks(
    desktop: VirtualDesktop,
) -> None:
    source = X11SceneSource(desktop.display, Scope(("chromium", "zenity"), ("*",)))
    source.open(grant())
    watcher = Watcher(source)
    dialog = desktop.run("zenity", "--entry", "--title", "No bus")
    scene = watcher.until(lambda s: focused_app(s) == "zenity")
    assert (scene.gate, scene.field) == (Gate.OPEN, Field.UNKNOWN)
    assert watcher.until(lambda s: s.degraded == ("no_session_bus",)).gate is Gate.OPEN
    desktop.end(dialog)
    source.close()


_SERVER = """
import functools, http.server, os, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
os.write(int(sys.argv[2]), b"%d\\n" % server.server_port)
server.serve_forever()
"""
