"""Roles of AT-SPI in words; numbers of atspi-constants.h (at-spi2-core 2.46)."""

from typing import Final

_NAMES: Final = (
    "invalid", "accelerator label", "alert", "animation", "arrow", "calendar", "canvas",
    "check box", "check menu item", "color chooser", "column header", "combo box", "date editor",
    "desktop icon", "desktop frame", "dial", "dialog", "directory pane", "drawing area",
    "file chooser", "filler", "focus traversable", "font chooser", "frame", "glass pane",
    "html container", "icon", "image", "internal frame", "label", "layered pane", "list",
    "list item", "menu", "menu bar", "menu item", "option pane", "page tab", "page tab list",
    "panel", "password text", "popup menu", "progress bar", "push button", "radio button",
    "radio menu item", "root pane", "row header", "scroll bar", "scroll pane", "separator",
    "slider", "spin button", "split pane", "status bar", "table", "table cell",
    "table column header", "table row header", "tearoff menu item", "terminal", "text",
    "toggle button", "tool bar", "tool tip", "tree", "tree table", "unknown", "viewport",
    "window", "extended", "header", "footer", "paragraph", "ruler", "application",
    "autocomplete", "edit bar", "embedded component", "entry", "chart", "caption",
    "document frame", "heading", "page", "section", "redundant object", "form", "link",
    "input method window", "table row", "tree item", "document spreadsheet",
    "document presentation", "document text", "document web", "document email", "comment",
    "list box", "grouping", "image map", "notification", "info bar", "level bar", "title bar",
    "block quote", "audio", "video", "definition", "article", "landmark", "log", "marquee",
    "math", "rating", "timer", "static", "math fraction", "math root", "subscript",
    "superscript", "description list", "description term", "description value", "footnote",
    "content deletion", "content insertion", "mark", "suggestion", "push button menu",
)  # fmt: skip

CONTROLS: Final = frozenset({
    "check box", "check menu item", "column header", "combo box", "date editor", "entry", "icon",
    "link", "list item", "menu", "menu item", "page tab", "password text", "push button",
    "push button menu", "radio button", "radio menu item", "slider", "spin button",
    "table column header", "text", "toggle button", "tree item",
})  # fmt: skip
"""What a person acts on; names of other elements are content and are not told."""
INSIDE: Final = frozenset({"static", "label", "image", "icon", "section", "filler", "panel"})
"""What may stand inside a control and is hit in its place."""


def role_name(number: int) -> str:
    """Give a role's name; "unknown" for one that is newer than this list."""
    return _NAMES[number] if 0 <= number < len(_NAMES) else "unknown"
