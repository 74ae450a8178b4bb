"""Finds out whom a top-level window belongs to: client, class, transient-for, process."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from recorder.capture import labels
from recorder.capture.platforms import processes
from recorder.capture.platforms.x11_properties import Asked, Properties, awaited
from recorder.capture.platforms.x11_tops import SOLID, Identity, Top, class_parts, rects_of
from recorder.core.geometry import Rect

if TYPE_CHECKING:
    from Xlib.display import Display

_LAYERS: Final = 3
"""Window managers put the client one to three windows deep into their frame."""
_CHILDREN: Final = 64
_SHAPE_RECTS: Final = 64
_PROPERTY_CHANGE: Final = 1 << 22
_FOCUS_CHANGE: Final = 1 << 21
_SUBSTRUCTURE: Final = 1 << 19
_BOUNDING: Final = 0
_LOCAL_CLIENT_PID: Final = 2
_NAMES: Final = (
    "WM_CLASS", "_NET_WM_NAME", "WM_NAME", "WM_TRANSIENT_FOR", "_NET_WM_PID",
    "_NET_WM_WINDOW_OPACITY", "_GTK_FRAME_EXTENTS", "_NET_WM_OPAQUE_REGION",
    "_NET_FRAME_EXTENTS",
)  # fmt: skip


class IdentityReader:
    """Reads identities over one connection and asks for news of their change."""

    def __init__(self, display: "Display", properties: Properties) -> None:
        self._display = display
        self._properties = properties
        self._has_res = bool(display.has_extension("X-Resource"))
        self._has_shape = bool(display.has_extension("SHAPE"))

    def read(self, top: Top) -> None:
        """Fill in `identity` and `shape`, and listen to the windows concerned."""
        self._listen(top, top.window, _PROPERTY_CHANGE | _FOCUS_CHANGE | _SUBSTRUCTURE)
        client = self._client(top)
        if client and client != top.window:
            self._listen(top, client, _PROPERTY_CHANGE | _FOCUS_CHANGE)
        top.identity = self._identity(client, top.window)
        top.shape = self._shape(top)

    def _client(self, top: Top) -> int:
        """Give the window with WM_STATE at or inside the top, 0 when there is none."""
        layer = [top.window]
        for _ in range(_LAYERS):
            states = self._properties.read([Asked(w, "WM_STATE") for w in layer])
            for window, state in zip(layer, states, strict=True):
                if state:
                    return window
            layer = self._children(layer)
            for window in layer:
                self._listen(top, window, _PROPERTY_CHANGE)
            if not layer:
                break
        return 0

    def _children(self, windows: Iterable[int]) -> list[int]:
        from Xlib.protocol import request  # noqa: PLC0415

        replies = [
            request.QueryTree(display=self._display.display, defer=True, window=w) for w in windows
        ]
        answers = [awaited(reply) for reply in replies]
        return [int(c.id) for a in answers if a is not None for c in a.children[:_CHILDREN]]

    def _identity(self, client: int, window: int) -> Identity:
        at = client or window
        values = dict(
            zip(_NAMES, self._properties.read([Asked(at, name) for name in _NAMES]), strict=True)
        )
        instance, app_class = class_parts(values["WM_CLASS"])
        title = values["_NET_WM_NAME"] or values["WM_NAME"] or b""
        pid = self._pid(at) or _first(values["_NET_WM_PID"], 0)
        names = (app_class, instance, processes.process_name(pid))
        ids = tuple(dict.fromkeys(i for name in names if (i := labels.app_id(name))))
        margins = values["_GTK_FRAME_EXTENTS"]
        return Identity(
            client=client,
            app_class=app_class,
            names=ids,
            app_name=labels.app_name(app_class or names[2]),
            title=labels.clean_title(title) if isinstance(title, bytes) else "",
            pid=pid,
            transient_for=_first(values["WM_TRANSIENT_FOR"], 0),
            opacity=_first(values["_NET_WM_WINDOW_OPACITY"], SOLID),
            margins=margins if isinstance(margins, tuple) else (),
            opaque=rects_of(values["_NET_WM_OPAQUE_REGION"]),
            frame=frame if isinstance(frame := values["_NET_FRAME_EXTENTS"], tuple) else (),
        )

    def _pid(self, window: int) -> int:
        """Give the process of the window's X client by XRes, 0 when it cannot be told."""
        from Xlib.error import XError  # noqa: PLC0415

        if not self._has_res:
            return 0
        try:
            answer: Any = self._display.res_query_client_ids(
                [{"client": window, "mask": _LOCAL_CLIENT_PID}]
            )
        except XError:
            return 0
        return next((int(i.value[0]) for i in answer.ids if len(i.value)), 0)

    def _shape(self, top: Top) -> tuple[Rect, ...] | None:
        """Give the bounding shape; None for a plain rectangle."""
        from Xlib.ext import shape  # noqa: PLC0415

        if not self._has_shape:
            return None
        opcode = self._display.display.get_extension_major("SHAPE")
        answer = awaited(
            shape.GetRectangles(
                display=self._display.display, defer=True, opcode=opcode, window=top.window,
                source_kind=_BOUNDING,
            )
        )  # fmt: skip
        if answer is None:
            return ()
        rects = tuple(Rect(r.x, r.y, r.width, r.height) for r in answer.rectangles)
        whole = Rect(-top.border, -top.border, top.rect.w, top.rect.h)
        if rects == (whole,) or len(rects) > _SHAPE_RECTS:
            return None if rects == (whole,) else ()
        return rects

    def _listen(self, top: Top, window: int, mask: int) -> None:
        from Xlib.ext import shape  # noqa: PLC0415
        from Xlib.protocol import request  # noqa: PLC0415

        if window in top.watched:
            return
        top.watched.add(window)
        request.ChangeWindowAttributes(
            display=self._display.display, onerror=_ignore, window=window, event_mask=mask
        )
        if self._has_shape and window == top.window:
            opcode = self._display.display.get_extension_major("SHAPE")
            shape.SelectInput(
                display=self._display.display, onerror=_ignore, opcode=opcode,
                destination_window=window, enable=1,
            )  # fmt: skip


def _first(words: object, default: int) -> int:
    return words[0] if isinstance(words, tuple) and words else default


def _ignore(_error: object, _request: object) -> int:
    """Take an error about a window that has gone meanwhile."""
    return 1
