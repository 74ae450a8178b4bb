"""Puts the element under an action on its row, as far as the scene allows. Pure."""

from dataclasses import replace

from recorder.capture.timeline import View
from recorder.core.events import KEY_KINDS, EventRow
from recorder.core.scenes import Gate, Paint
from recorder.core.targets import Target


def aimed(row: EventRow, target: Target | None, view: View) -> EventRow:
    """Give the row with its element.

    Without one when the gate shut shortly after: then the answer may be about what came
    next. Without its name where text is painted out. The name is not redacted yet.
    """
    if target is None or view.scene is None or view.key_gate is not Gate.OPEN:
        return row
    box = target.rect
    is_key = row.kind in KEY_KINDS
    x, y = (box.x + box.w // 2, box.y + box.h // 2) if is_key else (row.x or 0, row.y or 0)
    window = view.scene.window_at(x, y)
    if window is None or window.paint is Paint.HIDE:
        return row
    if is_key and window.window_id != view.scene.focus:
        return row
    is_told = window.paint is Paint.REDACT and bool(target.name)
    return replace(
        row, target_role=target.role, target_name=target.name if is_told else None,
        target_x=box.x, target_y=box.y, target_w=box.w, target_h=box.h,
    )  # fmt: skip
