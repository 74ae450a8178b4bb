"""Where an action is drawn on the picture before it. Pure; pixels of that picture."""

from dataclasses import dataclass
from typing import Any, Final

from recorder.core.amounts import count_text

Point = tuple[float, float]
_ARROW: Final = 0.09
"""Length of a scroll arrow, as a share of the picture's width."""
_RINGS: Final = 3
_CLICKS: Final = {
    "click": "Click", "double_click": "Double click", "triple_click": "Triple click",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn on a picture.

    Attributes:
        rings: Where a button was pressed; one inside of the other for a double click.
        line: Where a drag went, or a scroll arrow: from, by, to; () for none.
        box: Element under the action: x, y, width, height.
        size: Radius of a ring.
    """

    rings: tuple[tuple[float, float, float], ...]
    line: tuple[Point, ...]
    box: tuple[float, float, float, float] | None
    size: float

    @property
    def points(self) -> str:
        """The line as SVG has it."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.line)


def marks_of(step: dict[str, Any]) -> Marks:
    """Give what is drawn for a step; nothing where its position is on no known monitor."""
    width = step["image_width"] or 0
    start = _place(step, "")
    size = max(6.0, width / 90)
    if start is None:
        return Marks((), (), None, size)
    rings = tuple((*start, size * n) for n in range(1, min(step["clicks"] or 1, _RINGS) + 1))
    line: tuple[Point, ...] = ()
    if step["action_type"] == "drag":
        line = _drag(step, start)
    elif step["action_type"] == "scroll":
        line = _arrow(step, start, width * _ARROW)
    return Marks(rings, line, _box(step, start), size)


def said(step: dict[str, Any]) -> str:
    """Give an action in words, what was typed with it."""
    kind = str(step["action_type"])
    if kind == "type":
        text = step["text"]
        return "Type something that was not recorded" if text is None else f"Type “{text}”"
    keys = " + ".join(step["keys"] or ())
    if kind == "key":
        return f"Press {keys or 'a key that was not recorded'}"
    held = f" with {keys}" if keys else ""
    if kind in _CLICKS:
        button = step["button"] or "left"
        return _CLICKS[kind] + held + ("" if button == "left" else f", {button} button")
    if kind == "scroll":
        return f"Scroll {_way(step) or 'nowhere'}{held}"
    if kind == "wait":
        return f"Wait {count_text(round(step['duration_ms'] / 1000), 'second')}"
    return {"drag": "Drag", "terminate": "Done"}.get(kind, kind) + held


def _way(step: dict[str, Any]) -> str:
    dx, dy = step["scroll_dx"] or 0.0, step["scroll_dy"] or 0.0
    told = [("up" if dy > 0 else "down", dy), ("right" if dx > 0 else "left", dx)]
    return ", ".join(f"{way} by {abs(by):g}" for way, by in told if by)


def _place(step: dict[str, Any], end: str) -> Point | None:
    x, y = step[f"{end}x_norm"], step[f"{end}y_norm"]
    if x is None or y is None or not step["image_width"] or not step["image_height"]:
        return None
    return x * step["image_width"], y * step["image_height"]


def _drag(step: dict[str, Any], start: Point) -> tuple[Point, ...]:
    """Give its path; pixels of the desktop are those of the picture, moved."""
    if step["path"] and step["x_px"] is not None and step["y_px"] is not None:
        x, y = start[0] - step["x_px"], start[1] - step["y_px"]
        return tuple((one["x"] + x, one["y"] + y) for one in step["path"])
    end = _place(step, "end_")
    return (start, end) if end else ()


def _arrow(step: dict[str, Any], start: Point, length: float) -> tuple[Point, ...]:
    dx, dy = step["scroll_dx"] or 0.0, step["scroll_dy"] or 0.0
    far = (dx**2 + dy**2) ** 0.5
    if not far:
        return ()
    return start, (start[0] + dx / far * length, start[1] - dy / far * length)


def _box(step: dict[str, Any], start: Point) -> tuple[float, float, float, float] | None:
    needed = ("target_x", "target_y", "target_w", "target_h", "x_px", "y_px")
    if any(step[name] is None for name in needed):
        return None
    x, y = step["target_x"] + start[0] - step["x_px"], step["target_y"] + start[1] - step["y_px"]
    return x, y, step["target_w"], step["target_h"]
