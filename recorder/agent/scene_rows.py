"""Turns scenes into rows of `context`: focus, title and geometry, as they change. Pure."""

from recorder.core.context import ContextKind, ContextRow
from recorder.core.scenes import Gate, Paint, Scene, Window

_Focus = tuple[object, ...]


class SceneRows:
    """Remembers the last scene and tells what changed; titles are still raw here."""

    def __init__(self) -> None:
        self._focus: _Focus | None = None
        self._title = ""
        self._degraded: tuple[str, ...] = ()
        self._monitors: tuple[object, ...] = ()

    def feed(self, scene: Scene) -> list[ContextRow]:
        """Give the rows that the scene brings, oldest first; often none."""
        rows = []
        if scene.degraded != self._degraded:
            self._degraded = scene.degraded
            told = " ".join(scene.degraded)
            rows.append(ContextRow(scene.t_ns, ContextKind.STREAM, outcome=told))
        if scene.monitors != self._monitors:
            self._monitors = scene.monitors
            rows.append(geometry_row(scene))
        window = _visible(scene)
        focus: _Focus = (window.app_id, window.window_id, window.rect) if window else ()
        title = window.title if window else ""
        host = window.url_host if window else ""
        if (*focus, host) != self._focus:
            self._focus, self._title = (*focus, host), title
            rows.append(_window_row(scene.t_ns, ContextKind.FOCUS, window))
        elif title != self._title:
            self._title = title
            rows.append(_window_row(scene.t_ns, ContextKind.TITLE, window))
        return rows


def geometry_row(scene: Scene) -> ContextRow:
    """Give the row that tells the monitors in force."""
    return ContextRow(scene.t_ns, ContextKind.GEOMETRY, monitors=scene.monitors)


def _visible(scene: Scene) -> Window | None:
    """Give the focused window when it is in scope; of another one nothing is told."""
    window = scene.focused
    if window is None or window.paint is Paint.HIDE or scene.gate is Gate.EXCLUDED:
        return None
    return window


def _window_row(t_ns: int, kind: ContextKind, window: Window | None) -> ContextRow:
    if window is None:
        return ContextRow(t_ns, kind)
    area = window.rect
    return ContextRow(
        t_ns, kind, app_id=window.app_id, app_name=window.app_name, window_title=window.title,
        url_host=window.url_host, x=area.x, y=area.y, w=area.w, h=area.h,
    )  # fmt: skip
