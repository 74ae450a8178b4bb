"""Lanes of a time line as rectangles; the templates make SVG of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recorder.core.amounts import count_text
from recorder.review.clocks import SECOND_NS, length_text
from recorder.review.outline import BIN_NS, NOBODY, Outline, Stretch

WIDTH: Final = 1000.0
HEIGHT: Final = 24.0
_COLUMNS: Final = 400
"""More rectangles a lane cannot be told apart."""
_LEAST: Final = 2.5
"""Width of a mark without length."""
_MOST_APPS: Final = 8
_UNSEEN_WORDS: Final = {
    "pause": "paused", "excluded": "window not allowed", "secure": "password field", "gap": "events lost",
    "removed": "removed by you",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in a lane of `WIDTH` by `HEIGHT`; `look` is its class."""

    x: float
    y: float
    w: float
    h: float
    look: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: its name, what it says in words, its rectangles."""

    name: str
    says: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """An episode on a time line: where it begins there."""

    outline: Outline
    start_ns: int


@dataclass(frozen=True, slots=True)
class Span:
    """What a time line shows."""

    start_ns: int
    end_ns: int

    def x(self, t_ns: float) -> float:
        """Give the place of an instant."""
        length = max(1, self.end_ns - self.start_ns)
        return min(WIDTH, max(0.0, (t_ns - self.start_ns) / length * WIDTH))


def lanes(placed: Sequence[Placed], span: Span) -> list[Lane]:
    """Give a lane for each app, one for what was taken out, one for what is not recorded."""
    times = _app_times(placed)
    names = {app: name for p in placed for app, name in p.outline.names.items()}
    shown = sorted(times, key=lambda app: -times[app])[:_MOST_APPS]
    found = [
        Lane(
            names.get(app) or "No window",
            length_text(times[app] / SECOND_NS),
            _app_bars(placed, span, {app}),
        )
        for app in shown
    ]
    others = set(times) - set(shown)
    if others:
        spent = sum(times[app] for app in others) / SECOND_NS
        found.append(
            Lane(
                count_text(len(others), "other app"),
                length_text(spent),
                _app_bars(placed, span, others),
            )
        )
    return [*found, _taken_lane(placed, span), _unseen_lane(placed, span)]


def _app_times(placed: Sequence[Placed]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in placed:
        for stretch in one.outline.focus:
            if stretch.what != NOBODY:
                found[stretch.what] = found.get(stretch.what, 0) + stretch.end_ns - stretch.start_ns
    return found


def _app_bars(placed: Sequence[Placed], span: Span, apps: set[str]) -> tuple[Bar, ...]:
    """Give a thin line for focus, and on it a bar as high as there was input."""
    found: list[Bar] = []
    for one in placed:
        most = max(1, int(one.outline.activity.max(initial=0)))
        for stretch in one.outline.focus:
            if stretch.what in apps:
                found.append(_bar(one, span, stretch, "focus", (HEIGHT - 3, 3)))
                found += _activity(one, span, stretch, most)
    return tuple(found)


def _activity(one: Placed, span: Span, stretch: Stretch, most: int) -> list[Bar]:
    """Give the bars of a stretch; steps that share a column become one."""
    column_ns = max(BIN_NS, (span.end_ns - span.start_ns) // _COLUMNS)
    steps = max(1, int(column_ns // BIN_NS))
    found = []
    for first in range(int(stretch.start_ns // BIN_NS), int(stretch.end_ns // BIN_NS) + 1, steps):
        count = int(one.outline.activity[first : first + steps].max(initial=0))
        if count:
            start = max(first * BIN_NS, stretch.start_ns)
            end = max(start, min((first + steps) * BIN_NS, stretch.end_ns))
            high = 4 + (HEIGHT - 8) * (count / most) ** 0.5
            found.append(
                _bar(one, span, Stretch("", start, end), "busy", (HEIGHT - 3 - high, high))
            )
    return found


def _taken_lane(placed: Sequence[Placed], span: Span) -> Lane:
    columns: dict[tuple[int, str], None] = {}
    counts = {"keyboard": 0, "screen": 0}
    for one in placed:
        for taken in one.outline.taken:
            counts[taken.stream] += 1
            x = span.x(one.start_ns + taken.t_ns)
            columns[int(x / WIDTH * _COLUMNS), taken.stream] = None
    bars = tuple(
        Bar(round(column / _COLUMNS * WIDTH, 1), *_TAKEN[stream], stream)
        for column, stream in columns
    )
    says = f"{counts['keyboard']:,} typed, {count_text(counts['screen'], 'picture')}"
    return Lane("Taken out", says, bars)


_TAKEN: Final = {"keyboard": (2.0, _LEAST, 9.0), "screen": (13.0, _LEAST, 9.0)}


def _unseen_lane(placed: Sequence[Placed], span: Span) -> Lane:
    found = []
    seen: dict[str, int] = {}
    for one in placed:
        for stretch in one.outline.unseen:
            seen[stretch.what] = seen.get(stretch.what, 0) + 1
            found.append(_bar(one, span, stretch, f"unseen {stretch.what}", (3, HEIGHT - 6)))
    says = ", ".join(
        f"{_UNSEEN_WORDS.get(what, what)} {count} times" for what, count in seen.items()
    )
    return Lane("Not recorded", says or "nothing missing", tuple(found))


def _bar(one: Placed, span: Span, stretch: Stretch, look: str, tall: tuple[float, float]) -> Bar:
    x = span.x(one.start_ns + stretch.start_ns)
    w = max(_LEAST, span.x(one.start_ns + stretch.end_ns) - x)
    return Bar(round(min(x, WIDTH - w), 1), round(tall[0], 1), round(w, 1), round(tall[1], 1), look)
