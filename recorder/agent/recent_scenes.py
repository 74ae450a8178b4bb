"""The scenes of the last moments: what a window showed may stay on the screen that long."""

from collections import deque
from typing import Final

from recorder.core.scenes import Scene

LINGER_NS: Final = 300_000_000
"""Programs draw what was uncovered within some 50 ms; with room for a busy machine."""


class RecentScenes:
    """Keeps scenes whose windows differ, for as long as they count."""

    def __init__(self) -> None:
        self._scenes: deque[Scene] = deque()

    def came(self, scene: Scene) -> None:
        """Take a scene; the oldest go, but for the one in force at the begin of the time."""
        if not self._scenes or self._scenes[-1].windows != scene.windows:
            self._scenes.append(scene)
        while len(self._scenes) > 1 and self._scenes[1].t_ns <= scene.t_ns - LINGER_NS:
            self._scenes.popleft()

    def before(self, t_ns: int) -> tuple[Scene, ...]:
        """Give the scenes whose windows may show at an instant; it is not long ago."""
        found = [scene for scene in self._scenes if scene.t_ns > t_ns - LINGER_NS]
        first = next((s for s in reversed(self._scenes) if s.t_ns <= t_ns - LINGER_NS), None)
        return (*(() if first is None else (first,)), *found)
