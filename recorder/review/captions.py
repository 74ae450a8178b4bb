"""Actions in words: what was done, where, and what was taken out of it.

A caption is a list of parts; a part is text, or a mark that stands for what was taken out.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from recorder.core.amounts import count_text
from recorder.core.context import ContextKind
from recorder.core.events import Kind, Mods, Redaction
from recorder.review.grouping import Family
from recorder.review.moments import Moment, Sort
from recorder.review.reasons import mark_text
from recorder.review.reel import Reel, row_of
from recorder.review.shown import visible

_DRAG_PX: Final = 8
_MOST_KEYS: Final = 2_000
"""Rows of one typing run that are put in words."""
_BLOCK: Final = 4_096
"""Rows that are read at once; more than `_MOST_KEYS`."""
_NEEDED: Final = [
    "kind", "x", "y", "button", "dx", "dy", "key", "key_class", "mods", "redaction", "entity", "reason",
    "target_role", "target_name",
]  # fmt: skip
_MODS: Final = (
    (Mods.CTRL, "Ctrl"), (Mods.ALT, "Alt"), (Mods.SUPER, "Super"), (Mods.SHIFT, "Shift"),
)  # fmt: skip
_CLICKS: Final = ("Click", "Double click", "Triple click")
_UNTOLD: Final = "class"
"""Mark of keys of which only the kind is stored."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a caption.

    Attributes:
        text: What is shown.
        mark: What stands for something taken out, such as EMAIL_1; "" for plain text.
    """

    text: str
    mark: str = ""


def caption(reel: Reel, moment: Moment) -> list[Part]:
    """Give a moment in words; captured text in it is not made safe for a page yet."""
    if moment.sort is Sort.ACTION:
        family = Family(int(reel.groups.family[moment.ref]))
        return _caption(rows_of(reel, moment.ref), family)
    if moment.sort is Sort.CONTEXT:
        return [Part(_context(row_of(reel.context, moment.ref)))]
    return [Part("Picture kept")]


def action_captions(reel: Reel) -> Iterator[list[Part]]:
    """Give the caption of each action, in order; the rows are read in blocks."""
    begins = 0
    block: list[dict[str, Any]] = []
    for action in range(len(reel.groups)):
        first, end = int(reel.groups.first[action]), int(reel.groups.end[action])
        end = min(end, first + _MOST_KEYS)
        if end > begins + len(block):
            begins, block = first, reel.acts.slice(first, _BLOCK).select(_NEEDED).to_pylist()
        family = Family(int(reel.groups.family[action]))
        yield _caption(block[first - begins : end - begins], family)


def plain(parts: list[Part]) -> str:
    """Give a caption as one text."""
    return "".join(part.text for part in parts)


def kind_word(reel: Reel, moment: Moment) -> str:
    """Give the word for the sort of a moment: click, scroll, type, press, mark, window, task, picture."""
    if moment.sort is Sort.ACTION:
        return _FAMILY_WORDS[Family(int(reel.groups.family[moment.ref]))]
    if moment.sort is Sort.PICTURE:
        return "picture"
    return "task" if reel.context.column("kind")[moment.ref].as_py() == "task" else "window"


_FAMILY_WORDS: Final = {
    Family.NONE: "mark", Family.CLICK: "click", Family.SCROLL: "scroll", Family.TYPING: "type",
    Family.PRESS: "press", Family.MARK: "mark",
}  # fmt: skip


def rows_of(reel: Reel, action: int) -> list[dict[str, Any]]:
    """Give the rows of an action, without moves."""
    first, end = int(reel.groups.first[action]), int(reel.groups.end[action])
    rows = reel.acts.slice(first, min(end - first, _MOST_KEYS)).select(_NEEDED)
    found: list[dict[str, Any]] = rows.to_pylist()
    return found


def is_drag(rows: list[dict[str, Any]]) -> bool:
    """Tell whether a press and its release lie apart."""
    down = next((row for row in rows if row["kind"] == Kind.BUTTON_DOWN), None)
    up = next((row for row in reversed(rows) if row["kind"] == Kind.BUTTON_UP), None)
    if down is None or up is None or None in {down["x"], down["y"], up["x"], up["y"]}:
        return False
    far_px: int = max(abs(down["x"] - up["x"]), abs(down["y"] - up["y"]))
    return far_px > _DRAG_PX


def _caption(rows: list[dict[str, Any]], family: Family) -> list[Part]:
    match family:
        case Family.CLICK:
            return [Part(_click(rows))]
        case Family.SCROLL:
            return [Part(_scroll(rows))]
        case Family.TYPING:
            return [Part("Type "), *_typed(rows)]
        case Family.PRESS:
            return [Part("Press "), *_pressed(rows[0])]
        case _:
            return [Part(mark_text(rows[0]["kind"], rows[0]["reason"]))]


def _click(rows: list[dict[str, Any]]) -> str:
    count = sum(row["kind"] == Kind.BUTTON_DOWN for row in rows)
    button = rows[0]["button"] or "left"
    word = "Drag" if is_drag(rows) else _CLICKS[min(count, len(_CLICKS)) - 1]
    other = "" if button == "left" else f" with the {button} button"
    return f"{word}{other}{_target(rows[0])}"


def _target(row: dict[str, Any]) -> str:
    if not row["target_role"] and not row["target_name"]:
        return ""
    name = f" “{row['target_name']}”" if row["target_name"] else ""
    return f" on {row['target_role'] or 'element'}{name}"


def _scroll(rows: list[dict[str, Any]]) -> str:
    dy = sum(row["dy"] or 0 for row in rows if row["kind"] == Kind.SCROLL)
    dx = sum(row["dx"] or 0 for row in rows if row["kind"] == Kind.SCROLL)
    if abs(dx) > abs(dy):
        return f"Scroll {'right' if dx > 0 else 'left'} {abs(dx):g}"
    return f"Scroll {'up' if dy > 0 else 'down'} {abs(dy):g}"


def _typed(rows: list[dict[str, Any]]) -> list[Part]:
    """Give typed characters as text, names of other keys in brackets, marks as marks."""
    parts: list[Part] = []
    untold: Counter[str] = Counter()
    for row in rows:
        if row["kind"] != Kind.KEY_DOWN or row["key_class"] == "modifier":
            continue
        if row["redaction"] == Redaction.MASKED:
            mark = row["entity"] or "SECRET"
            parts.append(Part(f"[{mark}]", mark))
        elif row["key"] is None:
            untold[row["key_class"] or "char"] += 1
        else:
            parts.append(Part(row["key"] if len(row["key"]) == 1 else _key_name(row)))
    joined = _joined(parts)
    if untold:
        joined.append(Part(f"[{count_text(untold.total(), 'key')}, not stored which]", _UNTOLD))
    return joined


def _joined(parts: list[Part]) -> list[Part]:
    """Join neighbouring plain parts."""
    found: list[Part] = []
    for part in parts:
        if found and not part.mark and not found[-1].mark:
            found[-1] = Part(found[-1].text + part.text)
        else:
            found.append(part)
    return found


def _key_name(row: dict[str, Any]) -> str:
    return " " if row["key"] == "space" else f"[{row['key']}]"


def _pressed(row: dict[str, Any]) -> list[Part]:
    held = "".join(f"{name}+" for bit, name in _MODS if (row["mods"] or 0) & bit)
    if row["redaction"] == Redaction.MASKED:
        mark = row["entity"] or "SECRET"
        return [Part(held), Part(f"[{mark}]", mark)]
    key = row["key"] or row["key_class"] or "a key"
    return [Part(held + (key.upper() if len(key) == 1 else key.replace("_", " ")))]


def _context(row: dict[str, Any]) -> str:
    match row["kind"]:
        case ContextKind.TASK:
            return f"Task: {row['instruction']}" if row["instruction"] else "Task ended"
        case ContextKind.SUSPEND:
            return "The computer slept"
        case ContextKind.RESUME:
            return "The computer woke"
        case ContextKind.STREAM:
            return (
                f"Cannot be told from here on: {row['outcome']}"
                if row["outcome"]
                else "All can be told again"
            )
        case ContextKind.TITLE:
            return f"Title: {row['window_title'] or 'not stored'}"
    name = row["app_name"] or row["app_id"] or "another window"
    title = f": {row['window_title']}" if row["window_title"] else ""
    return f"Window: {name}{title}"


def shown(parts: list[Part]) -> list[dict[str, str]]:
    """Give a caption for a page: each part's text made visible."""
    return [{"text": visible(part.text), "mark": visible(part.mark)} for part in parts]
