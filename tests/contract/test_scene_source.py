"""The context watcher against real programs on a virtual desktop."""

import subprocess
import threading
from collections.abc import Callable

import pytest
from Xlib import X
from Xlib.display import Display

from recorder.capture.labels import TITLE_LENGTH
from recorder.capture.platforms.x11_scene import X11SceneSource
from recorder.capture.scope import Scope
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_programs import open_terminal
from recorder.core.geometry import Rect
from recorder.core.ports import SceneSource, SourceLost, SourceUnavailable
from recorder.core.scenes import LEFT_BEHIND, Gate, Paint, Scene, Window
from tests.contract.scenes import DEADLINE_S, Watcher, focused_app, grant, paint_of


def areas(scene: Scene) -> list[Window]:
    """Give the areas of windows, without what hidden ones left behind."""
    return [w for w in scene.windows if w.window_id != LEFT_BEHIND]


def left_behind(scene: Scene) -> list[Rect]:
    return [w.rect for w in scene.windows if w.window_id == LEFT_BEHIND]


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
    try:
        scene = watcher.until(lambda s: paint_of(s, "wild") is not None)
    finally:
        display.close()
    found = next(w for w in scene.windows if w.app_id == "wild")
    assert len(found.title) <= TITLE_LENGTH
    assert "\x1b" not in found.title
    assert "\u202e" not in found.title
    watcher.until(lambda s: paint_of(s, "wild") is None)


def test_any_thread_may_ask_for_a_fresh_scene(
    desktop: VirtualDesktop, watch: Callable[..., Watcher]
) -> None:
    watcher = watch("xterm")
    before = watcher.source.fresh()
    scenes: list[Scene] = []

    def ask() -> None:
        scenes.extend(watcher.source.fresh() for _ in range(100))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    assert len(scenes) == 200
    assert {scene.monitors for scene in scenes} == {before.monitors}


def test_a_display_that_goes_away_is_lost() -> None:
    with VirtualDesktop(800, 600) as own:
        source = X11SceneSource(own.display, Scope((), ("*",)))
        source.open(grant())
        own.kill_server()
        with pytest.raises(SourceLost):
            source.fresh()
        source.close()
