"""What the tray item says of itself: org.kde.StatusNotifierItem. Pure.

Source: https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/
"""

from typing import Final

from recorder.capture.platforms.tray_icon import pixmaps
from recorder.capture.platforms.tray_menu import MENU_PATH, Properties
from recorder.capture.platforms.tray_words import details, headline
from recorder.core.faces import Face

ITEM: Final = "org.kde.StatusNotifierItem"
ITEM_PATH: Final = "/StatusNotifierItem"
NEWS: Final = {
    "IconPixmap": "NewIcon",
    "AttentionIconPixmap": "NewAttentionIcon",
    "Title": "NewTitle",
    "ToolTip": "NewToolTip",
    "Status": "NewStatus",
}
"""The signal that tells of a property's change; NewStatus alone carries the value."""
_NO_MARKUP: Final = str.maketrans({"<": "‹", ">": "›", "&": "+"})  # noqa: RUF001 - look-alikes on purpose
_PIXMAPS: Final = "a(iiay)"


def item_properties(face: Face) -> Properties:
    """Give every property. Icons have no name: a theme's picture could mean anything."""
    icon = [list(pixmap) for pixmap in pixmaps(face.state)]
    needs_attention = face.calls or face.state == "degraded"
    words = headline(face)
    return {
        "Category": ("s", "SystemServices"),
        "Id": ("s", "recorder"),
        "Title": ("s", words),
        "Status": ("s", "NeedsAttention" if needs_attention else "Active"),
        "WindowId": ("i", 0),
        "IconThemePath": ("s", ""),
        "IconName": ("s", ""),
        "IconPixmap": (_PIXMAPS, icon),
        "IconAccessibleDesc": ("s", words),
        "OverlayIconName": ("s", ""),
        "OverlayIconPixmap": (_PIXMAPS, []),
        "AttentionIconName": ("s", ""),
        "AttentionIconPixmap": (_PIXMAPS, icon if needs_attention else []),
        "AttentionMovieName": ("s", ""),
        "AttentionAccessibleDesc": ("s", words),
        "ToolTip": (f"(s{_PIXMAPS}ss)", ["", [], *_tooltip(face)]),
        "ItemIsMenu": ("b", False),
        "Menu": ("o", MENU_PATH),
    }


def _tooltip(face: Face) -> tuple[str, str]:
    """Give its two lines. Some panels read them as markup, others as they stand."""
    return headline(face).translate(_NO_MARKUP), details(face).translate(_NO_MARKUP)
