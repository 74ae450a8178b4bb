"""Which scene was in force when: closing news count backwards, opening news do not."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from recorder.core.scenes import Field, Gate, Scene

RETRO_NS: Final = 250_000_000
"""Focus news can lag the keys: so far back a closing holds for keys (measured: accessibility
news within 20 ms, with room for a busy machine)."""
MAX_SCENES: Final = 4096
"""About 1.3 s of scenes are kept; the oldest go first, and what they covered is unknown."""


@dataclass(frozen=True, slots=True)
class View:
    """What was known about one instant.

    Attributes:
        scene: The scene in force, None before the first one.
        window_seq: Number of the `context` row in force.
        gate: As the scene has it; `excluded` when nothing is known.
        key_gate: For keys: closed also shortly before a closing.
        field: For keys: the least that is known here and shortly after.
    """

    scene: Scene | None
    window_seq: int | None
    gate: Gate
    key_gate: Gate
    field: Field


_NOTHING: Final = View(None, None, Gate.EXCLUDED, Gate.EXCLUDED, Field.UNKNOWN)


class Timeline:
    """Scenes in order of time, as many as the delay line needs."""

    def __init__(self) -> None:
        self._times: list[int] = []
        self._scenes: list[tuple[Scene, int]] = []

    def add(self, scene: Scene, window_seq: int) -> None:
        """Take a scene and the number of its `context` row; older than the last counts as it."""
        t_ns = max(scene.t_ns, self._times[-1]) if self._times else scene.t_ns
        self._times.append(t_ns)
        self._scenes.append((scene, window_seq))
        if len(self._times) > MAX_SCENES:
            self._drop(1)

    def interrupt(self) -> None:
        """Know nothing until the next scene: nobody watches."""
        self._drop(len(self._times))

    @property
    def newest(self) -> View:
        """What is known now."""
        if not self._scenes:
            return _NOTHING
        scene, window_seq = self._scenes[-1]
        gate = gate_of(scene)
        return View(scene, window_seq, gate, gate, scene.field)

    def at(self, t_ns: int) -> View:
        """Give what was known about an instant."""
        index = bisect_right(self._times, t_ns) - 1
        if index < 0:
            return _NOTHING
        scene, window_seq = self._scenes[index]
        key_gate = gate = gate_of(scene)
        field = scene.field
        for later in range(index + 1, len(self._times)):
            if self._times[later] > t_ns + RETRO_NS:
                break
            news = self._scenes[later][0]
            key_gate = gate_of(news) if key_gate is Gate.OPEN else key_gate
            field = Field.UNKNOWN if news.field is not Field.PLAIN else field
        return View(scene, window_seq, gate, key_gate, field)

    def gates(self, after_ns: int, until_ns: int) -> list[tuple[int, Gate]]:
        """Give time and gate of each scene in (after, until]."""
        first, last = bisect_right(self._times, after_ns), bisect_right(self._times, until_ns)
        scenes = self._scenes[first:last]
        return [
            (t_ns, gate_of(scene))
            for t_ns, (scene, _) in zip(self._times[first:last], scenes, strict=True)
        ]

    def forget_before(self, t_ns: int) -> None:
        """Let go of scenes that were no longer in force at an instant."""
        self._drop(max(bisect_right(self._times, t_ns) - 1, 0))

    def _drop(self, count: int) -> None:
        del self._times[:count]
        del self._scenes[:count]


def gate_of(scene: Scene) -> Gate:
    """Give the scene's gate; a secure field closes it whatever else is said."""
    if scene.gate is Gate.OPEN and scene.field is Field.SECURE:
        return Gate.SECURE
    return scene.gate
