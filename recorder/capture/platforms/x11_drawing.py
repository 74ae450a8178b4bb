"""Where windows have drawn since they were last asked, by XDamage. Costs nothing unasked."""

import contextlib
from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from recorder.core.geometry import Rect

if TYPE_CHECKING:
    from Xlib.display import Display

_NON_EMPTY: Final = 3
"""DamageReportNonEmpty: one event at the first drawing, then silence until it is taken."""
_MOST_RECTS: Final = 2000


class Drawing:
    """Damage of single windows over one connection; the caller holds its lock.

    Without DAMAGE or XFIXES nothing is ever drawn, so what waits for drawing stays hidden.
    """

    def __init__(self, display: "Display") -> None:
        self._display = display
        self._damages: dict[int, int] = {}
        self._region = 0
        if display.has_extension("DAMAGE") and display.has_extension("XFIXES"):
            display.damage_query_version()
            display.xfixes_query_version()
            self._region = _create_region(display)

    def watch(self, windows: Iterable[int]) -> None:
        """Say which windows matter; a new one begins without drawing."""
        wanted = set(windows) if self._region else set()
        for window in self._damages.keys() - wanted:
            self._display.damage_destroy(self._damages.pop(window))
        for window in wanted - self._damages.keys():
            resource = self._display.create_resource_object("window", window)
            self._damages[window] = resource.damage_create(_NON_EMPTY)
            self._clear(window)

    def take(self, window: int) -> list[Rect]:
        """Give where the window drew since the last call or `clear`, relative to it."""
        if window not in self._damages:
            return []
        _empty(self._display, self._region)
        self._display.damage_subtract(self._damages[window], 0, self._region)
        return _fetch(self._display, self._region)

    def clear(self, kept: Collection[int]) -> None:
        """Forget what was drawn until now, but for the windows named."""
        for window in self._damages.keys() - set(kept):
            self._clear(window)

    def _clear(self, window: int) -> None:
        self._display.damage_subtract(self._damages[window])


def _create_region(display: "Display") -> int:
    region = int(display.display.allocate_resource_id())
    _requests()[0](
        display=display.display, opcode=display.display.get_extension_major("XFIXES"), region=region
    )
    return region


def _empty(display: "Display", region: int) -> None:
    """Forget the last answer: a window that is gone leaves the region as it was."""
    _requests()[2](
        display=display.display, opcode=display.display.get_extension_major("XFIXES"), region=region
    )


def _fetch(display: "Display", region: int) -> list[Rect]:
    from Xlib.error import XError  # noqa: PLC0415 - importing this module needs no X library

    with contextlib.suppress(XError):
        answer = _requests()[1](
            display=display.display, opcode=display.display.get_extension_major("XFIXES"),
            region=region,
        )  # fmt: skip
        return [Rect(r.x, r.y, r.width, r.height) for r in answer.rectangles[:_MOST_RECTS]]
    return []


@cache
def _requests() -> tuple[Any, Any, Any]:
    """Give XFIXES CreateRegion, FetchRegion and SetRegion, which python-xlib 0.33 lacks.

    Source: https://gitlab.freedesktop.org/xorg/proto/xorgproto, xfixesproto.h: 5, 19, 11.
    """
    from Xlib.protocol import rq, structs  # noqa: PLC0415 - as above

    class CreateRegion(rq.Request):  # type: ignore[misc]  # python-xlib has no types
        _request = rq.Struct(
            rq.Card8("opcode"), rq.Opcode(5), rq.RequestLength(), rq.Card32("region")
        )

    class SetRegion(rq.Request):  # type: ignore[misc]  # as above
        _request = rq.Struct(
            rq.Card8("opcode"), rq.Opcode(11), rq.RequestLength(), rq.Card32("region")
        )

    class FetchRegion(rq.ReplyRequest):  # type: ignore[misc]  # as above
        _request = rq.Struct(
            rq.Card8("opcode"), rq.Opcode(19), rq.RequestLength(), rq.Card32("region")
        )
        _reply = rq.Struct(
            rq.ReplyCode(), rq.Pad(1), rq.Card16("sequence_number"), rq.ReplyLength(),
            rq.Object("extents", structs.Rectangle), rq.Pad(16),
            rq.List("rectangles", structs.Rectangle),
        )  # fmt: skip

    return CreateRegion, FetchRegion, SetRegion
