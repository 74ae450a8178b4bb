"""What a hidden window left behind: pixels stay hidden until their new owner has drawn. Pure.

Without a compositor the pixels of a window that goes away stay on the screen until the
window below draws there; a program that hangs leaves them for as long as it hangs.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from recorder.capture.platforms.x11_owners import Judged
from recorder.core.geometry import Rect
from recorder.core.scenes import Paint

GRACE_NS: Final = 300_000_000
"""Programs draw what was uncovered within some 50 ms; with room for a busy machine."""
_GRID_NS: Final = 50_000_000
_JUST_NS: Final = 100_000_000
"""While a window is dragged, one look follows the other in less."""
_MUCH_LATER_NS: Final = 700_000_000
_MOST_PIECES: Final = 300

Drawn = Callable[[int], Sequence[Rect]]
"""Gives where a client window drew since it was last asked, relative to it."""


class Draws(Protocol):
    """Tells where client windows draw."""

    def watch(self, windows: Iterable[int]) -> None:
        """Say which windows matter."""

    def take(self, window: int) -> Sequence[Rect]:
        """Give where a window drew since the last call or `clear`, relative to it."""

    def clear(self, kept: Collection[int]) -> None:
        """Forget what was drawn until now, but for the windows named."""


@dataclass(frozen=True, slots=True)
class _Left:
    """A rectangle that a hidden window left on another one.

    `must_draw`: the window below stood there all the time, so it has to draw it anew.
    """

    rect: Rect
    window: int
    until_ns: int
    must_draw: bool


class Uncovered:
    """Remembers from one look at the screen to the next."""

    def __init__(self) -> None:
        self._hidden: list[Rect] = []
        self._places: dict[int, Rect] = {}
        self._left: list[_Left] = []
        self._counts_from_ns = -(2**63)

    @property
    def due_ns(self) -> int | None:
        """When to look again although nothing happens; None: no need to."""
        return min((left.until_ns for left in self._left if not left.must_draw), default=None)

    def see(
        self, judged: Sequence[Judged], trail: Iterable[tuple[int, Rect]], now_ns: int, draws: Draws
    ) -> list[Rect]:
        """Give what is hidden still.

        Args:
            judged: The windows, from the top down.
            trail: Windows with places through which they passed since the last look.
            now_ns: Absolute monotonic.
            draws: Where client windows draw.
        """
        hidden, shown = _visible(judged)
        clients = {j.top.window: j for j in judged if j.verdict.paint is not Paint.HIDE}
        places = {window: j.top.rect for window, j in clients.items()}
        shut = {j.top.window for j in judged if j.verdict.paint is Paint.HIDE}
        passed = [rect for window, rect in trail if window in shut or window not in places]
        for before in without([*self._hidden, *passed], hidden):
            for window, area in shown:
                stood = self._places.get(window) == places[window]
                for rect, is_own in _inside(before.intersect(area), client_rect(clients[window])):
                    left = _Left(rect, window, _grace_end(now_ns), must_draw=stood and is_own)
                    self._left.append(left)
        self._left = [kept for left in self._left if (kept := self._keep(left, places, now_ns))]
        is_fresh = now_ns - self._counts_from_ns < _JUST_NS
        taken = self._prove(
            clients, draws.take, [] if is_fresh else without(passed, self._hidden), now_ns
        )
        draws.watch(client_of(j) for j in clients.values())
        if passed or without(hidden, self._hidden):
            draws.clear(taken)
            self._counts_from_ns = now_ns
        self._hidden, self._places = hidden, places
        self._left = _bounded([f for f in self._left if f.must_draw or f.until_ns > now_ns])
        return [left.rect for left in self._left]

    def _keep(self, left: _Left, places: dict[int, Rect], now_ns: int) -> _Left | None:
        """Give what is known of it now: a window that moved or went brings its own pixels."""
        if left.window not in places:
            return None
        if (
            left.must_draw
            and self._places.get(left.window, places[left.window]) != places[left.window]
        ):
            return replace(left, must_draw=False, until_ns=_grace_end(now_ns))
        return left

    def _prove(
        self, clients: dict[int, Judged], drawn: Drawn, passed: list[Rect], now_ns: int
    ) -> frozenset[int]:
        """Let go of what was drawn anew; give the client windows that were asked.

        `passed`: drawing there may be older than the window that passed; it proves nothing.
        """
        asked = {left.window for left in self._left if left.must_draw}
        areas = {window: _on_screen(clients[window], drawn) for window in asked}
        self._left = [
            replace(left, must_draw=False)
            if left.must_draw and _is_drawn(left, areas[left.window], passed, now_ns)
            else left
            for left in self._left
        ]
        return frozenset(client_of(clients[window]) for window in asked)


def _is_drawn(left: _Left, areas: list[Rect], passed: list[Rect], now_ns: int) -> bool:
    """Tell whether the window drew there, or anywhere much later: it does not hang then."""
    if now_ns >= left.until_ns + _MUCH_LATER_NS:
        return bool(areas)
    is_told = not any(not left.rect.intersect(place).is_empty for place in passed)
    return is_told and any(not left.rect.intersect(area).is_empty for area in areas)


def _grace_end(now_ns: int) -> int:
    """Give an end on a grid, so that what a dragged window leaves ends together."""
    return -(-(now_ns + GRACE_NS) // _GRID_NS) * _GRID_NS


def client_of(judged: Judged) -> int:
    """Give the window that the program itself made."""
    return judged.identity.client or judged.top.window


def client_rect(judged: Judged) -> Rect:
    """Give the area of a window without what the window manager draws around it."""
    frame, top = judged.identity.frame, judged.top
    inner = Rect(top.x + top.border, top.y + top.border, top.w, top.h)
    if client_of(judged) == top.window or len(frame) != len(("left", "right", "top", "bottom")):
        return inner
    left, right, above, below = frame
    return Rect(inner.x + left, inner.y + above, inner.w - left - right, inner.h - above - below)


def _inside(rect: Rect, client: Rect) -> Iterable[tuple[Rect, bool]]:
    """Give the part in the client window and those around it, which others draw."""
    common = rect.intersect(client)
    parts = [(part, False) for part in _minus(rect, client) if not part.is_empty]
    return parts if common.is_empty else [(common, True), *parts]


def without(areas: Sequence[Rect], others: Sequence[Rect]) -> list[Rect]:
    """Give the first rectangles without what the others cover; all when it is too many."""
    pieces = list(areas)
    for other in others:
        pieces = [part for piece in pieces for part in _minus(piece, other)]
        if len(pieces) > _MOST_PIECES:
            return list(areas)
    return pieces


def _minus(piece: Rect, other: Rect) -> Iterable[Rect]:
    common = piece.intersect(other)
    if common.is_empty:
        return [piece]
    parts = (
        Rect(piece.x, piece.y, piece.w, common.y - piece.y),
        Rect(piece.x, common.bottom, piece.w, piece.bottom - common.bottom),
        Rect(piece.x, common.y, common.x - piece.x, common.h),
        Rect(common.right, common.y, piece.right - common.right, common.h),
    )
    return [part for part in parts if not part.is_empty]


def _visible(judged: Sequence[Judged]) -> tuple[list[Rect], list[tuple[int, Rect]]]:
    """Give the visible parts of hidden windows, and of the others with their window."""
    above: list[Rect] = []
    hidden: list[Rect] = []
    shown: list[tuple[int, Rect]] = []
    for one in judged:
        parts = without(one.areas, above)
        if one.verdict.paint is Paint.HIDE:
            hidden += parts
        else:
            shown += [(one.top.window, part) for part in parts]
        above += one.areas
    return hidden, shown


def _on_screen(judged: Judged, drawn: Drawn) -> list[Rect]:
    place = client_rect(judged)
    return [rect.moved(place.x, place.y) for rect in drawn(client_of(judged))]


def _bounded(left: list[_Left]) -> list[_Left]:
    """Give the same without repetitions; of very many the latest stand for their union."""
    known = list(dict.fromkeys(left))
    if len(known) <= _MOST_PIECES:
        return known
    unions: dict[int, _Left] = {}
    for one in known:
        last = unions.get(one.window, one)
        unions[one.window] = _Left(
            last.rect.union(one.rect), one.window, max(last.until_ns, one.until_ns),
            last.must_draw or one.must_draw,
        )  # fmt: skip
    return list(unions.values())
