"""What tests of the context watcher share: a source whose newest scene a test waits for."""

import time
from collections.abc import Callable
from typing import Final

from recorder.capture.platforms.x11_scene import X11SceneSource
from recorder.core.levels import Levels
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant
from recorder.core.scenes import Paint, Scene

DEADLINE_S: Final = 15.0


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


def paint_of(scene: Scene, app: str) -> Paint | None:
    return next((w.paint for w in scene.windows if w.app_id == app), None)


def focused_app(scene: Scene) -> str:
    return scene.focused.app_id if scene.focused else ""
