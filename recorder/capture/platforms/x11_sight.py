"""Puts windows, focus, accessibility and terminals together into scenes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from recorder.capture.lasting import Lasting
from recorder.capture.platforms.atspi import Accessibility
from recorder.capture.platforms.atspi_apps import App, is_near
from recorder.capture.platforms.terminals import TerminalField, Terminals
from recorder.capture.platforms.x11_owners import Judged, Owners
from recorder.capture.platforms.x11_tops import Top
from recorder.capture.platforms.x11_uncovered import Draws, Uncovered
from recorder.capture.scope import Scope, is_browser, is_lock_screen
from recorder.capture.scope_lists import TERMINALS
from recorder.capture.settled_titles import SettledTitles
from recorder.core.geometry import Monitor, Rect
from recorder.core.scenes import LEFT_BEHIND, Field, Gate, Paint, Scene, Window

_MARGIN_PX: Final = 4
_STRICTNESS: Final = (Gate.OPEN, Gate.EXCLUDED, Gate.SECURE)
_UNSURE: Final = (Field.PLAIN, Field.UNKNOWN, Field.SECURE)
_OF_A_BUS: Final = frozenset({"no_accessibility", "no_atspi"})
_MOST_AREAS: Final = 2000
"""A screen of more visible areas than this is shown to nobody: everything is hidden."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the window system tells at one instant.

    Attributes:
        monitors: Geometry.
        stack: Windows from the top down.
        focus: Top-level window, as `active`.
        active: As the window manager has it.
        is_composited: Whether windows may let others shine through.
        trail: Windows with places through which they passed since the last look.
        draws: Tells where windows draw; None: no window leaves pixels on another one.
    """

    monitors: tuple[Monitor, ...]
    stack: tuple[Top, ...]
    focus: int
    active: int
    is_composited: bool = False
    trail: tuple[tuple[int, Rect], ...] = ()
    draws: Draws | None = None


class Sight:
    """Makes scenes; keeps what must be compared from one to the next."""

    def __init__(self, scope: Scope, accessibility: Accessibility, terminals: Terminals) -> None:
        self._scope = scope
        self._accessibility = accessibility
        self._terminals = terminals
        self._focus: tuple[int, int] = (0, 0)
        self._turn = 0
        self._field_key: tuple[object, ...] = ()
        self._field_id = 0
        self._titles: dict[int, str] = {}
        self._terminal: tuple[int, TerminalField] | None = None
        self._decided: tuple[Mapping[int, App], object, list[Judged]] | None = None
        self._uncovered = Uncovered()
        self._settled = SettledTitles()
        self._lasting = Lasting()
        self.judged: Mapping[int, Judged] = {}
        """By top-level window, as of the last look; replaced whole, never changed."""
        self.is_terminal = False
        """Whether a terminal has the focus, whose field changes without any event."""
        self.needs_verifying = False
        """Whether addresses or places of password fields decide about what is shown."""

    def set_scope(self, scope: Scope) -> None:
        """Decide by another scope from now on."""
        self._scope = scope

    @property
    def due_ns(self) -> int | None:
        """When to look again although nothing happens; None: no need to."""
        dues = (self._uncovered.due_ns, self._settled.due_ns, self._lasting.due_ns)
        return min((due for due in dues if due is not None), default=None)

    def is_terminal_changed(self, now_ns: int) -> bool:
        """Tell whether the focused terminal's field is another than in the last scene."""
        if self._terminal is None or not self.is_terminal:
            return False
        pid, last = self._terminal
        return self._terminals.is_changed(pid, last, now_ns)

    def see(self, around: Surroundings, now_ns: int) -> Scene:
        """Give the scene."""
        judged = self._judge(around, self._accessibility.apps)
        self.judged = {j.top.window: j for j in judged}
        self._tell_accessibility(judged)
        focused = next((j for j in judged if j.top.window == around.focus), None)
        gate = self._gate(judged, around)
        field = Field.UNKNOWN
        degraded = {word for j in judged for word in j.verdict.degraded}
        self._follow(focused)
        self.is_terminal = focused is not None and bool(TERMINALS.intersection((focused.app_id,)))
        key: tuple[object, ...] = ()
        if gate is Gate.OPEN and focused is not None:
            field, key, words = self._field(focused, now_ns)
            degraded.update(words)
        if field is Field.SECURE:
            gate = Gate.SECURE
        secure = self._secure(judged, around.monitors)
        self.needs_verifying = bool(secure) or any(
            is_browser(j.app_id) and j.verdict.paint is not Paint.HIDE for j in judged
        )
        windows = (
            *self._left_behind(judged, around, now_ns),
            *_windows(self._with_titles(judged, now_ns), around.monitors),
        )
        return Scene(
            now_ns, around.monitors, windows, secure, around.focus,
            gate, field, self._number(around.focus, field, key),
            self._lacking(degraded, now_ns),
        )  # fmt: skip

    def _judge(self, around: Surroundings, apps: Mapping[int, App]) -> list[Judged]:
        """Decide on each window; while nothing that decides changed, as the last time."""
        facts = (self._scope, around.is_composited, tuple(map(_decisive, around.stack)))
        last = self._decided
        if last is None or last[0] is not apps or last[1] != facts:
            owners = Owners(self._scope, around.stack, apps, is_composited=around.is_composited)
            last = self._decided = (apps, facts, owners.judge())
        return last[2]

    def _lacking(self, words: set[str], now_ns: int) -> tuple[str, ...]:
        """Give the words that stand; a missing bus stands at once, and for what it should tell."""
        missing = self._accessibility.missing
        lasting = self._lasting.feed(words - _OF_A_BUS if missing else words, now_ns)
        return tuple(sorted({*lasting, missing} - {""}))

    def _left_behind(
        self, judged: Sequence[Judged], around: Surroundings, now_ns: int
    ) -> Iterator[Window]:
        """Give the areas that hidden windows left and nobody has drawn anew."""
        if around.is_composited or around.draws is None:
            self._uncovered = Uncovered()
            return
        for rect in self._uncovered.see(judged, around.trail, now_ns, around.draws):
            yield Window(LEFT_BEHIND, rect, Paint.HIDE)

    def _with_titles(self, judged: Sequence[Judged], now_ns: int) -> list[Judged]:
        """Give the windows; browsers with a title that surely is the allowed site's."""
        shown = {j.top.window for j in judged if j.verdict.paint is not Paint.HIDE}
        self._settled.keep(shown)
        return [self._with_title(j, now_ns) if j.top.window in shown else j for j in judged]

    def _with_title(self, judged: Judged, now_ns: int) -> Judged:
        if not is_browser(judged.app_id):
            return judged
        is_sure = not self._accessibility.is_doubted(judged.identity.pid)
        title = self._settled.tell(
            judged.top.window, judged.identity.title, judged.host, now_ns if is_sure else None
        )
        return replace(judged, identity=replace(judged.identity, title=title))

    def _gate(self, judged: Sequence[Judged], around: Surroundings) -> Gate:
        """Give the strictest of: the focused window, the active one, a lock screen."""
        gates = [
            j.verdict.gate for j in judged if j.top.window in {around.focus, around.active}
        ] or [Gate.EXCLUDED]
        if all(j.top.window != around.focus for j in judged):
            gates.append(Gate.EXCLUDED)
        if any(_is_lock(j, around.monitors) for j in judged):
            gates.append(Gate.SECURE)
        return max(gates, key=_STRICTNESS.index)

    def _field(
        self, focused: Judged, now_ns: int
    ) -> tuple[Field, tuple[object, ...], tuple[str, ...]]:
        """Give the field, what tells it from others, and degraded words."""
        pid = focused.identity.pid
        if self.is_terminal:
            told = self._terminals.look(pid, now_ns)
            self._terminal = (pid, told)
            return told.field, ("terminal", told.mark), told.degraded
        app = self._accessibility.apps.get(pid)
        if app is None:
            return Field.UNKNOWN, (), ("no_atspi",)
        if app.is_silent and app.secrets:
            return Field.SECURE, ("silent",), ()
        if app.focus is None or app.focus.turn != self._turn:
            return Field.UNKNOWN, (), ()
        field = app.focus.field
        if self._scope.is_limited(focused.app_id) and not app.focus.is_in_page:
            field = max(field, Field.UNKNOWN, key=_UNSURE.index)
        return field, app.focus.ref, ()

    def _follow(self, focused: Judged | None) -> None:
        """Tell accessibility when another window or process takes the focus."""
        now = (focused.top.window, focused.identity.pid) if focused else (0, 0)
        if now != self._focus:
            self._focus = now
            self._turn += 1
            self._accessibility.focus_moved(now[1], self._turn)

    def _tell_accessibility(self, judged: Sequence[Judged]) -> None:
        pids: set[int] = set()
        titles: dict[int, str] = {}
        for j in judged:
            if j.identity.pid and j.app_id in self._scope.apps and j.app_id not in TERMINALS:
                pids.add(j.identity.pid)
                titles[j.top.window] = j.identity.title
                old = self._titles.get(j.top.window)
                if old is not None and old != j.identity.title:
                    self._accessibility.doubt(j.identity.pid)
        self._titles = titles
        self._accessibility.want(frozenset(pids))

    def _secure(self, judged: Sequence[Judged], monitors: tuple[Monitor, ...]) -> tuple[Rect, ...]:
        """Give the places of password fields, also as a toolkit with a scale tells them."""
        tops: dict[int, list[Rect]] = {}
        for j in judged:
            if j.verdict.paint is not Paint.HIDE:
                tops.setdefault(j.identity.pid, []).append(j.top.rect)
        apps = self._accessibility.apps
        scales = {1.0, *(float(round(m.scale)) for m in monitors)}
        found = {
            rect.grow(_MARGIN_PX)
            for pid, rects in tops.items()
            if pid in apps
            for rect in secret_places(apps[pid], rects, scales)
        }
        return tuple(sorted(found, key=lambda r: (r.y, r.x, r.w, r.h)))

    def _number(self, focus: int, field: Field, key: tuple[object, ...]) -> int:
        """Give a number that changes with the focused field."""
        whole = (focus, field, key)
        if whole != self._field_key:
            self._field_key = whole
            self._field_id += 1
        return self._field_id


def _decisive(top: Top) -> tuple[object, ...]:
    """Give what decides about a window; the window itself changes in place."""
    return (top.window, top.rect, top.border, top.is_override, top.depth, top.identity, top.shape)


def secret_places(app: App, tops: Sequence[Rect], scales: Iterable[float]) -> set[Rect]:
    """Give where password fields may be, at each scale that a toolkit may count in.

    An application none of whose windows is where it says lies about places (seen with
    relative coordinates): then all its windows count as a whole.
    """
    rects = app.secrets
    places = [_scaled(frame.rect, scale) for frame in app.frames for scale in scales]
    if rects and not any(is_near(place, top) for place in places for top in tops):
        return set(tops)
    return {_scaled(rect, scale) for rect in rects for scale in scales}


def _windows(judged: Sequence[Judged], monitors: tuple[Monitor, ...]) -> tuple[Window, ...]:
    """Give the visible areas, clipped to the screen, from the top down."""
    screen = Rect(0, 0, 0, 0)
    for monitor in monitors:
        screen = screen.union(monitor.rect)
    areas = [
        Window(
            j.top.window, clipped, paint, j.app_id, j.identity.app_name, j.identity.title, j.host
        )
        for j in judged
        for area, paint in painted(j)
        if not (clipped := area.intersect(screen)).is_empty
    ]
    return tuple(areas) if len(areas) <= _MOST_AREAS else ()


def painted(judged: Judged) -> Iterator[tuple[Rect, Paint]]:
    """Give the areas of a window with their paint; a page lies over its browser's own."""
    for area in judged.areas:
        if judged.page is not None:
            yield area.intersect(judged.page), Paint.REDACT
        yield area, judged.verdict.paint


def _is_lock(judged: Judged, monitors: tuple[Monitor, ...]) -> bool:
    """Tell whether it locks the screen: by name, or an unknown cover over a whole monitor."""
    if is_lock_screen(judged.identity.names):
        return True
    is_cover = judged.top.is_override and any(
        judged.top.rect.intersect(m.rect) == m.rect for m in monitors
    )
    return is_cover and judged.top.shape is None and judged.verdict.paint is Paint.HIDE


def _scaled(rect: Rect, scale: float) -> Rect:
    return Rect(*(int(value * scale) for value in (rect.x, rect.y, rect.w, rect.h)))
