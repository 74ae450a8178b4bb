"""The tray's menu: the same seven rows in every state, greyed where they do not apply. Pure.

A row keeps its number, its place and its meaning, so that a click that meets a change of
state never does something else than what was read. Rows are spoken by com.canonical.dbusmenu.
Source: https://github.com/JetBrains/libdbusmenu, libdbusmenu-glib/dbus-menu.xml.
"""

from typing import Final

from recorder.capture.platforms.tray_words import headline
from recorder.core.faces import Face

Typed = tuple[str, object]
"""A D-Bus value with its signature."""
Properties = dict[str, Typed]

CAPTURING: Final = frozenset({"starting", "recording", "degraded"})
"""States in which something is captured, or about to be."""
MENU: Final = "com.canonical.dbusmenu"
MENU_PATH: Final = "/MenuBar"
ROOT: Final = 0
_STATE, _SEPARATOR, _LAST_SEPARATOR = 1, 2, 6
_REVIEW: Final = 7
_LABELS: Final = {
    3: "Pause",
    4: "Resume",
    5: "Forget the last 5 minutes",
    _REVIEW: "Review what was recorded",
    8: "Stop recording",
}
_CHOICES: Final = {3: "pause", 4: "resume", 5: "forget", _REVIEW: "review", 8: "stop"}
_REVIEW_HINT: Final = "To review: recorder review"
"""Where nobody would start the page; the agent, which may open no network, cannot."""


def menu_rows(face: Face) -> dict[int, Properties]:
    """Give the rows by number, the root first, in their order."""
    root: Properties = {"children-display": ("s", "submenu")}
    rows = {ROOT: root, _STATE: _row(headline(face), is_enabled=False), _SEPARATOR: _LINE}
    for number, label in _LABELS.items():
        is_hint = number == _REVIEW and not face.can_review
        words = _REVIEW_HINT if is_hint else label
        rows[number] = _row(words, is_enabled=_applies(number, face))
    return {number: rows.get(number, _LINE) for number in sorted({*rows, _LAST_SEPARATOR})}


def choice_of(row: int, face: Face) -> str | None:
    """Give what a click on a row asks for, None for nothing.

    A pause is taken where its row is grey, too: a menu may be older than the state, and
    pausing is always safe.
    """
    choice = _CHOICES.get(row)
    if choice == "pause":
        return choice if face.state != "stopping" else None
    return choice if choice and _applies(row, face) else None


def menu_properties() -> Properties:
    """Give the properties of the menu as a whole."""
    return {
        "Version": ("u", 3),
        "TextDirection": ("s", "ltr"),
        "Status": ("s", "normal"),
        "IconThemePath": ("as", []),
    }


def _applies(row: int, face: Face) -> bool:
    match _CHOICES.get(row):
        case None:
            return False
        case "pause":
            return face.state in CAPTURING
        case "resume":
            return face.can_resume
        case "review":
            return face.can_review
        case _:
            return face.state != "stopping"


_LINE: Final[Properties] = {"type": ("s", "separator")}


def _row(label: str, *, is_enabled: bool) -> Properties:
    """Give a row; an underscore would mark a letter of the label unless it is doubled."""
    return {"label": ("s", label.replace("_", "__")), "enabled": ("b", is_enabled)}
