"""The programs that show a window now, to pick apps from before anything is recorded."""

from typing import Any, Final

from recorder.capture.labels import app_id, app_name
from recorder.capture.platforms.x11_connection import connect, parse_display
from recorder.core.own_page import OWN_WINDOW

_DEPTH: Final = 3
_NO_APP: Final = ("_NET_WM_WINDOW_TYPE_DOCK", "_NET_WM_WINDOW_TYPE_DESKTOP")
"""Panels and backgrounds: nobody works in them, and a panel shows every program's news."""


def open_windows(display: str) -> list[tuple[str, str]]:
    """Give (app id, name) of every program with a mapped window, each once; no panels.

    Raises:
        SourceUnavailable: There is no display.
    """
    from Xlib.error import XError  # noqa: PLC0415 - importing this module needs no X library

    connection = connect(parse_display(display))
    found: dict[str, str] = {}
    try:
        for screen in range(connection.screen_count()):
            for window in connection.screen(screen).root.query_tree().children:
                try:
                    _look(window, found, _DEPTH)
                except XError:
                    continue  # it closed meanwhile
    finally:
        connection.close()
    return sorted(found.items())


def _look(window: Any, found: dict[str, str], depth: int) -> None:  # noqa: ANN401 - python-xlib has no types
    from Xlib.X import IsViewable  # noqa: PLC0415 - as above

    if window.get_attributes().map_state != IsViewable:
        return
    names = window.get_wm_class()
    if names and names[1]:
        if names[1] != OWN_WINDOW and not _is_no_app(window):
            found.setdefault(app_id(names[1]), app_name(names[1]))
    elif depth:
        for child in window.query_tree().children:
            _look(child, found, depth - 1)


def _is_no_app(window: Any) -> bool:  # noqa: ANN401 - as above
    from Xlib.Xatom import ATOM  # noqa: PLC0415 - as above

    kinds = window.get_full_property(window.display.get_atom("_NET_WM_WINDOW_TYPE"), ATOM)
    unwanted = {window.display.get_atom(name) for name in _NO_APP}
    return kinds is not None and not unwanted.isdisjoint(kinds.value)
