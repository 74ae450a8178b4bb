"""The context watcher against real programs on a virtual desktop."""

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from Xlib import X
from Xlib.display import Display

from recorder.capture.labels import TITLE_LENGTH
from recorder.capture.platforms.x11_scene import X11SceneSource
from recorder.capture.scope import Scope
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_programs import open_browser, open_terminal, serve_folder
from recorder.core.geometry import Rect
from recorder.core.levels import Levels
from recorder.core.ports import SceneSource, SourceLost, SourceUnavailable
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant
from recorder.core.scenes import LEFT_BEHIND, Field, Gate, Paint, Scene, Window

if TYPE_CHECKING:
    from recorder.core.targets import Target

DEADLINE_S = 15.0
PAGE = (
    "<!doctype html><title>Sign in</title>"
    "<input id=u autofocus><br><br><input id=p type=password><br><br><br><textarea></textarea>"
)


def grant(display: str = "") -> LiveGrant:
    return mint_grant(GrantTerms("demo", "", "", GrantKind.DEMO, Levels(), ("*",), 0, display))


class Watcher:
    """A source whose newest scene the test waits for."""

    def __init__(self, source: X11SceneSource) -> None:
        self.source = source

    def until(self, ask: Callable[[Scene], bool]) -> Scene:
        end_s = time.monotonic() + DEADLINE_S
        scene = self.source.fresh()
        while not ask(scene):
            assert time.monotonic() < end_s, f"last: {scene.gate} {scene.field} {scene.windows}"
            for scene in self.source.wait(0.2):
                if ask(scene):
                    return scene
            scene = self.source.fresh()
        return scene


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


@pytest.fixture
def watch(
    desktop: VirtualDesktop, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Watcher]]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.environment["DBUS_SESSION_BUS_ADDRESS"])
    opened: list[X11SceneSource] = []

    def start(*apps: str) -> Watcher:
        source = X11SceneSource(desktop.display, Scope(apps, ("*",)))
        source.open(grant())
        opened.append(source)
        return Watcher(source)

    yield start
    for source in opened:
        source.close()
        source.close()


def paint_of(scene: Scene, app: str) -> Paint | None:
    return next((w.paint for w in scene.windows if w.app_id == app), None)


def areas(scene: Scene) -> list[Window]:
    """Give the areas of windows, without what hidden ones left behind."""
    return [w for w in scene.windows if w.window_id != LEFT_BEHIND]


def left_behind(scene: Scene) -> list[Rect]:
    return [w.rect for w in scene.windows if w.window_id == LEFT_BEHIND]


def focused_app(scene: Scene) -> str:
    return scene.focused.app_id if scene.focused else ""


def test_it_is_a_scene_source(desktop: VirtualDesktop) -> None:
    source: SceneSource = X11SceneSource(desktop.display, Scope((), ("*",)))
    source.close()


def test_a_display_with_a_host_is_refused() -> None:
    with pytest.raises(SourceUnavailable):
        X11SceneSource("elsewhere:0", Scope((), ("*",)))


def test_a_grant_for_another_display_is_refused(desktop: VirtualDesktop) -> None:
    source = X11SceneSource(desktop.display, Scope((), ("*",)))
    with pytest.raises(SourceUnavailable):
        source.open(grant(":9999"))


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
        began_s = time.monotonic()
        scene = watcher.source.fresh()
        assert time.monotonic() - began_s < 1.0
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


def test_windows_come_in_stacking_order_and_only_allowed_ones_show(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("xterm")
    window = open_terminal(desktop, "Below", (40, 60, 600, 300))
    dialog = desktop.run("zenity", "--info", "--text", "above", "--title", "Above")
    above = desktop.hands.window("Above")
    desktop.hands.place(above, (100, 100), (200, 120))
    desktop.hands.activate(above)
    scene = watcher.until(lambda s: focused_app(s) == "zenity")
    assert [w.app_id for w in scene.windows[:2]] == ["zenity", "xterm"]
    assert scene.gate is Gate.EXCLUDED
    assert (paint_of(scene, "zenity"), paint_of(scene, "xterm")) == (Paint.HIDE, Paint.REDACT)
    desktop.hands.activate(window)
    scene = watcher.until(lambda s: focused_app(s) == "xterm" and areas(s)[0].app_id == "xterm")
    assert scene.gate is Gate.OPEN
    watcher.source.set_scope(Scope((), ("*",)))
    assert watcher.source.fresh().gate is Gate.EXCLUDED
    desktop.end(dialog)
    desktop.hands.type_text("exit\n")
    watcher.until(lambda s: not s.windows)


def test_what_a_hidden_window_leaves_on_a_program_that_hangs_stays_hidden(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("hangs")
    display = Display(desktop.display)
    hangs = display.screen().root.create_window(
        100, 100, 300, 200, 0, X.CopyFromParent, override_redirect=1
    )
    hangs.set_wm_class("hangs", "hangs")
    hangs.map()
    cover = display.screen().root.create_window(
        150, 120, 60, 50, 0, X.CopyFromParent, override_redirect=1, background_pixel=0xFF0000
    )
    cover.set_wm_class("cover", "cover")
    cover.map()
    display.sync()
    place = Rect(150, 120, 60, 50)
    watcher.until(lambda s: any(w.rect == place and w.paint is Paint.HIDE for w in areas(s)))
    watcher.until(lambda s: not left_behind(s))
    cover.unmap()
    display.sync()
    watcher.until(lambda s: left_behind(s) == [place])
    elsewhere = hangs.create_gc(foreground=0x00FF00)
    hangs.fill_rectangle(elsewhere, 0, 0, 10, 10)
    display.sync()
    assert left_behind(watcher.source.fresh()) == [place]
    hangs.fill_rectangle(elsewhere, 50, 20, 60, 50)
    display.sync()
    watcher.until(lambda s: not left_behind(s))
    display.close()


def test_an_unknown_override_redirect_window_is_hidden_and_a_cover_locks(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("xterm")
    monitor = watcher.source.fresh().monitors[0].rect
    display = Display(desktop.display)
    cover = display.screen().root.create_window(
        0, 0, monitor.w, monitor.h, 0, X.CopyFromParent, override_redirect=1, background_pixel=0
    )
    cover.map()
    display.sync()
    scene = watcher.until(lambda s: any(w.rect == monitor for w in s.windows))
    assert (scene.windows[0].paint, scene.gate) == (Paint.HIDE, Gate.SECURE)
    display.close()
    watcher.until(lambda s: not any(w.rect == monitor for w in s.windows))


def test_keys_that_another_program_grabs_shut_the_gate(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("xterm")
    window = open_terminal(desktop, "Grabbed from", (40, 60, 600, 300))
    desktop.hands.activate(window)
    watcher.until(lambda s: s.gate is Gate.OPEN)
    display = Display(desktop.display)
    root = display.screen().root
    root.grab_keyboard(1, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    display.sync()
    watcher.until(lambda s: s.gate is Gate.EXCLUDED)
    display.ungrab_keyboard(X.CurrentTime)
    display.sync()
    watcher.until(lambda s: s.gate is Gate.OPEN)
    display.close()
    desktop.hands.type_text("exit\n")
    watcher.until(lambda s: paint_of(s, "xterm") is None)


def test_another_layout_of_monitors_is_another_scene(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("xterm")
    (before,) = watcher.source.fresh().monitors
    half = before.rect.w // 2
    xrandr = ["xrandr", "--display", desktop.display]
    for name, left, output in (("left", 0, "screen"), ("right", half, "none")):
        area = f"{half}/250x{before.rect.h}/280+{left}+0"
        subprocess.run([*xrandr, "--setmonitor", name, area, output], check=True)
    scene = watcher.until(lambda s: len(s.monitors) == 2)
    assert [m.rect.x for m in scene.monitors] == [0, half]
    assert {m.rect.w for m in scene.monitors} == {half}
    for name in ("left", "right"):
        subprocess.run([*xrandr, "--delmonitor", name], check=True)
    watcher.until(lambda s: s.monitors == (before,))


@pytest.mark.parametrize(
    "title", [b"\xff\xfe\x00broken", b"x" * (1 << 20), "a\u202eb\x1b[2J\u0007".encode()]
)
def test_wild_titles_are_read_and_cleaned(
    desktop: VirtualDesktop, watch: Callable[..., Watcher], title: bytes
) -> None:
    watcher = watch("wild")
    display = Display(desktop.display)
    window = display.screen().root.create_window(10, 10, 90, 90, 0, X.CopyFromParent)
    window.set_wm_class("wild", "Wild")
    name, utf8 = display.intern_atom("_NET_WM_NAME"), display.intern_atom("UTF8_STRING")
    for start in range(0, len(title), 1 << 16):
        mode = X.PropModeReplace if start == 0 else X.PropModeAppend
        window.change_property(name, utf8, 8, title[start : start + (1 << 16)], mode)
    window.map()
    display.sync()
    scene = watcher.until(lambda s: paint_of(s, "wild") is not None)
    found = next(w for w in scene.windows if w.app_id == "wild")
    assert len(found.title) <= TITLE_LENGTH
    assert "\x1b" not in found.title
    assert "\u202e" not in found.title
    display.close()
    watcher.until(lambda s: paint_of(s, "wild") is None)


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
    assert watcher.until(lambda s: "no_atspi" in s.degraded).gate is Gate.OPEN
    desktop.end(dialog)
    source.close()


def test_fresh_is_quick_from_any_thread(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("xterm")
    times: list[float] = []

    def ask() -> None:
        for _ in range(100):
            began_s = time.perf_counter()
            watcher.source.fresh()
            times.append(time.perf_counter() - began_s)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    assert sorted(times)[len(times) // 2] < 0.01


def test_a_display_that_goes_away_is_lost() -> None:
    with VirtualDesktop(800, 600) as own:
        source = X11SceneSource(own.display, Scope((), ("*",)))
        source.open(grant())
        own.kill_server()
        with pytest.raises(SourceLost):
            source.fresh()
        source.close()


_SERVER = """
import functools, http.server, os, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
os.write(int(sys.argv[2]), b"%d\\n" % server.server_port)
server.serve_forever()
"""
