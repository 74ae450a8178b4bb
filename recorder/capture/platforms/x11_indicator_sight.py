"""Whether the indicator's window stands on the screen as it was put there.

Any client may move, shrink, cut, fade, cover or paint over a window of another one, and no
server forbids it. So the server is asked for all of that, the pixels included, and what is
not as it should be counts as not seen, then is put right.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.indicator_picture import Picture
from recorder.capture.platforms.x11_properties import Asked, Properties, awaited
from recorder.capture.platforms.x11_uncovered import without
from recorder.core.geometry import Rect

if TYPE_CHECKING:
    from Xlib.display import Display

_INPUT_ONLY: Final = 2
_OPACITY: Final = "_NET_WM_WINDOW_OPACITY"
"""Compositors fade a window by it; any client may set it."""
_SHAPES: Final = (0, 1, 2)
"""Bounding, clip and input: what is seen, what is drawn, where clicks go."""
_ALL_PLANES: Final = 0xFFFFFFFF


class Sight:
    """Looks at one window; every method may raise what python-xlib raises.

    Args:
        connection: The window's.
        window: Of python-xlib.
        properties: On that connection.
    """

    def __init__(self, connection: "Display", window: Any, properties: Properties) -> None:  # noqa: ANN401 - python-xlib has no types
        self._connection = connection
        self._window = window
        self._properties = properties
        self._root = connection.screen().root
        self._has_shape = bool(connection.has_extension("SHAPE"))

    def uncovered(self, rect: Rect) -> list[Rect]:
        """Give the parts of a place that no window above this one hides; none out of the stack.

        Under a compositor no VisibilityNotify comes, so the stack is asked.
        """
        stack = [int(child.id) for child in self._root.query_tree().children]
        if int(self._window.id) not in stack:
            return []
        above = stack[stack.index(int(self._window.id)) + 1 :]
        server_bits = ~int(self._connection.display.info.resource_id_mask)
        covers = [self._place(window) for window in above if window & server_bits]
        return without([rect], [cover for cover in covers if cover is not None])

    def is_viewable(self) -> bool:
        """Tell whether the server shows the window and all that it lies in."""
        from Xlib.X import IsViewable  # noqa: PLC0415 - importing this module needs no X library

        return bool(self._window.get_attributes().map_state == IsViewable)

    def is_whole(self, rect: Rect) -> bool:
        """Tell whether it has its place and size, and is neither cut nor faded."""
        at = self._window.get_geometry()
        (opacity,) = self._properties.read([Asked(int(self._window.id), _OPACITY)])
        place = Rect(at.x, at.y, at.width, at.height)
        if place != rect or at.border_width or opacity is not None:
            return False
        if not self._has_shape:
            return True
        shape = self._window.shape_query_extents()
        return not (shape.bounding_shaped or shape.clip_shaped)

    def shows(self, picture: Picture, rect: Rect, parts: Sequence[Rect]) -> bool:
        """Tell whether the screen has the picture's pixels in the parts that can be seen."""
        from Xlib.protocol import request  # noqa: PLC0415 - as above
        from Xlib.X import ZPixmap  # noqa: PLC0415 - as above

        area = rect.intersect(self._screen())
        image = awaited(
            request.GetImage(
                display=self._connection.display, defer=True, format=ZPixmap,
                drawable=self._window.id, x=area.x - rect.x, y=area.y - rect.y,
                width=area.w, height=area.h, plane_mask=_ALL_PLANES,
            )
        )  # fmt: skip
        inside = [part.intersect(area).moved(-area.x, -area.y) for part in parts]
        offset = (area.x - rect.x, area.y - rect.y)
        return image is not None and _is_same(
            picture, bytes(image.data), Rect(*offset, area.w, area.h), inside
        )

    def make_whole(self) -> None:
        """Take away what cuts, fades or lies within the window; clicks go to all of it."""
        from Xlib.ext.shape import SO  # noqa: PLC0415 - as above

        self._window.delete_property(self._properties.atom(_OPACITY))
        self._window.destroy_sub_windows()
        if self._has_shape:
            for kind in _SHAPES:
                self._window.shape_mask(SO.Set, kind, 0, 0, 0)

    def _place(self, window: int) -> Rect | None:
        """Give where a window hides others, None where it does not."""
        from Xlib.protocol import request  # noqa: PLC0415 - as above
        from Xlib.X import IsViewable  # noqa: PLC0415 - as above

        wire = self._connection.display
        attributes = awaited(request.GetWindowAttributes(display=wire, defer=True, window=window))
        place = awaited(request.GetGeometry(display=wire, defer=True, drawable=window))
        if attributes is None or place is None or attributes.win_class == _INPUT_ONLY:
            return None
        edge = 2 * place.border_width
        rect = Rect(place.x, place.y, place.width + edge, place.height + edge)
        return rect if attributes.map_state == IsViewable else None

    def _screen(self) -> Rect:
        at = self._root.get_geometry()
        return Rect(0, 0, int(at.width), int(at.height))


def _is_same(picture: Picture, seen: bytes, area: Rect, parts: Sequence[Rect]) -> bool:
    """Compare pixels; the fourth byte of each means nothing.

    Args:
        picture: What was painted.
        seen: BGRX of a part of it.
        area: That part, within the picture.
        parts: What is compared, within `area`.
    """
    from PIL import Image  # noqa: PLC0415 - only where it is shown

    if len(seen) != 4 * area.w * area.h:
        return False
    ours = Image.frombuffer(
        "RGB", (picture.width, picture.height), picture.bgrx, "raw", "BGRX", 0, 1
    ).crop((area.x, area.y, area.right, area.bottom))
    theirs = Image.frombuffer("RGB", (area.w, area.h), seen, "raw", "BGRX", 0, 1)
    boxes = [(part.x, part.y, part.right, part.bottom) for part in parts if not part.is_empty]
    return all(ours.crop(box).tobytes() == theirs.crop(box).tobytes() for box in boxes)
