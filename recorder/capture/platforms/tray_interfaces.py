"""The interfaces of the tray item and its menu, as a panel that looks them up reads them.

Sources: https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/ and
https://github.com/JetBrains/libdbusmenu, libdbusmenu-glib/dbus-menu.xml.
"""

from collections.abc import Mapping
from typing import Final

from recorder.capture.platforms.tray_item import ITEM, ITEM_PATH
from recorder.capture.platforms.tray_menu import MENU, MENU_PATH

_ITEM_PROPERTIES: Final = {
    "Category": "s", "Id": "s", "Title": "s", "Status": "s", "WindowId": "i",
    "IconThemePath": "s", "IconName": "s", "IconPixmap": "a(iiay)", "IconAccessibleDesc": "s",
    "OverlayIconName": "s", "OverlayIconPixmap": "a(iiay)", "AttentionIconName": "s",
    "AttentionIconPixmap": "a(iiay)", "AttentionMovieName": "s", "AttentionAccessibleDesc": "s",
    "ToolTip": "(sa(iiay)ss)", "ItemIsMenu": "b", "Menu": "o",
}  # fmt: skip
_MENU_PROPERTIES: Final = {
    "Version": "u", "TextDirection": "s", "Status": "s", "IconThemePath": "as",
}  # fmt: skip
_ITEM_METHODS: Final = {
    "Activate": (("i", "i"), ()),
    "SecondaryActivate": (("i", "i"), ()),
    "ContextMenu": (("i", "i"), ()),
    "Scroll": (("i", "s"), ()),
    "ProvideXdgActivationToken": (("s",), ()),
}
_MENU_METHODS: Final = {
    "GetLayout": (("i", "i", "as"), ("u", "(ia{sv}av)")),
    "GetGroupProperties": (("ai", "as"), ("a(ia{sv})",)),
    "GetProperty": (("i", "s"), ("v",)),
    "Event": (("i", "s", "v", "u"), ()),
    "EventGroup": (("a(isvu)",), ("ai",)),
    "AboutToShow": (("i",), ("b",)),
    "AboutToShowGroup": (("ai",), ("ai", "ai")),
}
_ITEM_SIGNALS: Final[dict[str, tuple[str, ...]]] = {
    "NewTitle": (), "NewIcon": (), "NewAttentionIcon": (), "NewToolTip": (), "NewStatus": ("s",),
}  # fmt: skip
_MENU_SIGNALS: Final = {"ItemsPropertiesUpdated": ("a(ia{sv})", "a(ias)")}
_Methods = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


def _interface(
    name: str,
    properties: dict[str, str],
    methods: _Methods,
    signals: Mapping[str, tuple[str, ...]],
) -> str:
    lines = [f'<property name="{n}" type="{t}" access="read"/>' for n, t in properties.items()]
    for method, (takes, gives) in methods.items():
        arguments = [f'<arg type="{t}" direction="in"/>' for t in takes]
        arguments += [f'<arg type="{t}" direction="out"/>' for t in gives]
        lines.append(f'<method name="{method}">{"".join(arguments)}</method>')
    for signal, tells in signals.items():
        arguments = [f'<arg type="{t}"/>' for t in tells]
        lines.append(f'<signal name="{signal}">{"".join(arguments)}</signal>')
    return f'<node><interface name="{name}">{"".join(lines)}</interface></node>'


INTERFACES: Final = {
    ITEM_PATH: _interface(ITEM, _ITEM_PROPERTIES, _ITEM_METHODS, _ITEM_SIGNALS),
    MENU_PATH: _interface(MENU, _MENU_PROPERTIES, _MENU_METHODS, _MENU_SIGNALS),
}
"""Introspection data by path."""
