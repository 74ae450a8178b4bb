"""The picture of the indicator's window: a shape, a word, and a button where there is one."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from recorder.core.faces import Face, FaceState
from recorder.core.geometry import Rect

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

_HEIGHT_PX: Final = 30
_FONT_PX: Final = 16
_PAD_PX: Final = 9
_SHAPE_PX: Final = 14
_LONGEST: Final = 40
"""Letters of a reason; a longer one is cut."""
_BACK: Final = (24, 26, 31)
_BUTTON: Final = (58, 64, 76)
_EDGE: Final = (120, 126, 138)
_TEXT: Final = (245, 246, 248)
_RED, _AMBER, _GREY = (255, 84, 84), (255, 190, 60), (170, 176, 188)
_COLOURS: Final[dict[FaceState, tuple[int, int, int]]] = {
    "recording": _RED, "degraded": _AMBER, "paused": _AMBER, "starting": _GREY, "stopping": _GREY,
}  # fmt: skip
"""Light on dark: each is above 5:1 against the ground (WCAG 2.2, 1.4.3 asks 4.5:1)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels to put on the screen, and where the button is.

    Attributes:
        width: In pixels.
        height: In pixels.
        bgrx: Four bytes a pixel, row by row.
        button: Within the picture; None without one.
    """

    width: int
    height: int
    bgrx: bytes = field(repr=False)
    button: Rect | None = None


def draw(face: Face, scale: float) -> Picture:
    """Give the picture of a state.

    Args:
        face: What to show; its clock and app are left out, so that nothing is drawn anew
            while nothing changes: each drawing counts as a change of the screen.
        scale: 1.0 at 96 dots per inch.
    """
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - only where it is shown

    def px(size: int) -> int:
        return round(size * scale)

    font = ImageFont.load_default(px(_FONT_PX))
    text = _words(face)
    text_px, button_px = _width(font, text), _width(font, "resume") if face.can_resume else 0
    left = px(_PAD_PX + _SHAPE_PX + _PAD_PX)
    width = left + text_px + px(_PAD_PX)
    height = px(_HEIGHT_PX)
    button = None
    if face.can_resume:
        button = Rect(width, 0, button_px + px(_SHAPE_PX) + 3 * px(_PAD_PX), height)
        width += button.w
    ground, ink = (_COLOURS[face.state], _BACK) if face.calls else (_BACK, _TEXT)
    image = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(image)
    shape = Rect(px(_PAD_PX), (height - px(_SHAPE_PX)) // 2, px(_SHAPE_PX), px(_SHAPE_PX))
    _shape(pen, face.state, shape, ink if face.calls else _COLOURS[face.state])
    pen.text((left, height // 2), text, ink, font, anchor="lm")
    if button is not None:
        _draw_button(pen, font, button, px(_PAD_PX))
    pen.rectangle((0, 0, width - 1, height - 1), outline=_EDGE, width=max(px(1), 1))
    return Picture(width, height, image.tobytes("raw", "BGRX"), button)


def _words(face: Face) -> str:
    reason = "".join(c for c in face.reason if c.isprintable())
    cut = reason if len(reason) <= _LONGEST else reason[: _LONGEST - 1] + "…"
    return f"{face.state}: {cut}" if cut else face.state


def _width(font: "FreeTypeFont | ImageFont", text: str) -> int:
    return round(font.getlength(text))


def _shape(pen: "ImageDraw", state: FaceState, at: Rect, colour: tuple[int, int, int]) -> None:
    """Draw the sign that tells the state without its colour."""
    box = (at.x, at.y, at.x + at.w - 1, at.y + at.h - 1)
    third = at.w // 3
    if state == "recording":
        pen.ellipse(box, fill=colour)
    elif state == "paused":
        pen.rectangle((box[0], box[1], box[0] + third, box[3]), fill=colour)
        pen.rectangle((box[2] - third, box[1], box[2], box[3]), fill=colour)
    elif state == "degraded":
        middle = (box[0] + box[2]) // 2
        thick = max(third // 2, 1)
        dot_top = box[3] - 2 * thick
        pen.rectangle((middle - thick, box[1], middle + thick, dot_top - thick), fill=colour)
        pen.rectangle((middle - thick, dot_top, middle + thick, box[3]), fill=colour)
    else:
        pen.ellipse(box, outline=colour, width=max(third // 2, 1))


def _draw_button(pen: "ImageDraw", font: "FreeTypeFont | ImageFont", at: Rect, pad: int) -> None:
    size = at.h // 3
    top = (at.h - size) // 2
    pen.rectangle((at.x, 0, at.x + at.w, at.h), fill=_BUTTON)
    left = at.x + pad
    pen.polygon([(left, top), (left, top + size), (left + size, top + size // 2)], fill=_TEXT)
    pen.text((left + size + pad, at.h // 2), "resume", _TEXT, font, anchor="lm")
