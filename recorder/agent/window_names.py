"""Numbers for the names of windows, so that no name goes to the screen process. Pure."""

from collections.abc import Callable
from dataclasses import replace

from recorder.core.scenes import Paint, Scene, Window

Name = Callable[[str, str], str | None]
"""Gives what may be stored of an app and a host; None where the app is not to be told."""


class WindowNames:
    """The names of an episode's windows; a number stands for the same one throughout."""

    def __init__(self, name: Name) -> None:
        self._name = name
        self._numbers: dict[tuple[str, str], int] = {}
        self._names: list[str | None] = [None]

    def labelled(self, scene: Scene) -> Scene:
        """Give the scene without names, with a number at each window that is not painted out."""
        windows = tuple(
            Window(
                w.window_id, w.rect, w.paint, label=0 if w.paint is Paint.HIDE else self._number(w)
            )
            for w in scene.windows
        )
        return replace(scene, windows=windows)

    def named(self, labels: tuple[int, ...]) -> tuple[str, ...] | None:
        """Give the names that numbers stand for, sorted; None where one is not known."""
        names = {self._names[label] if label < len(self._names) else None for label in labels}
        known = sorted(name for name in names if name is not None)
        return tuple(known) if len(known) == len(names) else None

    def _number(self, window: Window) -> int:
        key = window.app_id, window.url_host
        if key not in self._numbers:
            name = self._name(*key)
            self._numbers[key] = 0 if name is None else len(self._names)
            if name is not None:
                self._names.append(name)
        return self._numbers[key]
