"""Pixels that a hidden window left stay hidden until the window below has drawn."""

from collections.abc import Collection, Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from recorder.capture.platforms.x11_owners import Judged
from recorder.capture.platforms.x11_tops import Identity, Top
from recorder.capture.platforms.x11_uncovered import Uncovered, without
from recorder.capture.scope import Verdict
from recorder.core.geometry import Rect
from recorder.core.scenes import Gate, Paint

BELOW, ABOVE = 5, 6
PLACE, SPOT = Rect(0, 0, 100, 100), Rect(20, 20, 30, 30)
MS = 1_000_000
RECTS = st.builds(
    Rect, st.integers(0, 9), st.integers(0, 9), st.integers(1, 9), st.integers(1, 9)
)  # fmt: skip


class FakeDraws:
    """Drawing that the test sets."""

    def __init__(self) -> None:
        self.drawn: dict[int, list[Rect]] = {}

    def draw(self, window: int, rect: Rect) -> None:
        self.drawn.setdefault(window, []).append(rect)

    def watch(self, windows: Iterable[int]) -> None:
        self.watched = set(windows)

    def take(self, window: int) -> Sequence[Rect]:
        return self.drawn.pop(window, [])

    def clear(self, kept: Collection[int]) -> None:
        self.drawn = {w: rects for w, rects in self.drawn.items() if w in kept}


class Desk:
    """An allowed window, and a hidden one that comes and goes."""

    def __init__(self) -> None:
        self.uncovered, self.draws, self.now_ms = Uncovered(), FakeDraws(), 1000
        self.below = PLACE

    def look(
        self,
        above: Rect | None = None,
        *,
        trail: tuple[tuple[int, Rect], ...] = (),
        wait_ms: int = 5,
    ) -> list[Rect]:
        self.now_ms += wait_ms
        stack = [_window(BELOW, self.below, Paint.REDACT)]
        if above is not None:
            stack.insert(0, _window(ABOVE, above, Paint.HIDE))
        return self.uncovered.see(stack, trail, self.now_ms * MS, self.draws)


def _window(window: int, place: Rect, paint: Paint) -> Judged:
    top = Top(
        window, place.x, place.y, place.w, place.h, 0, is_mapped=True, is_input_only=False,
        is_override=False, depth=24,
    )  # fmt: skip
    gate = Gate.OPEN if paint is Paint.REDACT else Gate.EXCLUDED
    return Judged(top, "app", Identity(window), Verdict(paint, gate), "", (place,))


def test_a_window_that_was_never_covered_hides_nothing() -> None:
    desk = Desk()
    assert desk.look() == []
    assert desk.look(SPOT) == []
    assert desk.draws.watched == {BELOW}


def test_a_program_that_hangs_keeps_the_left_pixels_hidden() -> None:
    desk = Desk()
    desk.look(SPOT)
    for wait_ms in (5, 500, 60_000):
        assert desk.look(wait_ms=wait_ms) == [SPOT]


def test_what_was_drawn_anew_shows_after_the_grace() -> None:
    desk = Desk()
    desk.look(SPOT)
    assert desk.look() == [SPOT]
    desk.draws.draw(BELOW, Rect(22, 22, 5, 5))
    assert desk.look() == [SPOT]
    assert desk.uncovered.due_ns is not None
    assert desk.look(wait_ms=400) == []


def test_drawing_from_before_it_was_covered_or_elsewhere_proves_nothing() -> None:
    desk = Desk()
    desk.look()
    desk.draws.draw(BELOW, SPOT)
    desk.look(SPOT)
    desk.look()
    desk.draws.draw(BELOW, Rect(90, 90, 5, 5))
    desk.look()
    assert desk.look(wait_ms=400) == [SPOT]


def test_a_program_that_draws_anywhere_much_later_does_not_hang() -> None:
    desk = Desk()
    desk.look(SPOT)
    desk.look()
    desk.look(wait_ms=2000)
    desk.draws.draw(BELOW, Rect(90, 90, 5, 5))
    assert desk.look() == []


def test_places_that_a_dragged_window_passed_between_two_looks_are_hidden() -> None:
    desk = Desk()
    desk.look(Rect(0, 0, 10, 10))
    passed = Rect(40, 40, 10, 10)
    found = desk.look(Rect(80, 80, 10, 10), trail=((ABOVE, Rect(0, 0, 10, 10)), (ABOVE, passed)))
    assert passed in found
    assert Rect(0, 0, 10, 10) in found
    assert Rect(80, 80, 10, 10) not in found


def test_a_window_that_was_moved_brings_its_own_pixels() -> None:
    desk = Desk()
    desk.look(SPOT)
    desk.below = Rect(5, 5, 100, 100)
    assert desk.look() == [SPOT]
    assert desk.look(wait_ms=400) == []


def test_a_window_that_becomes_allowed_stays_hidden_for_the_grace() -> None:
    desk, draws = Desk(), FakeDraws()
    desk.uncovered.see([_window(BELOW, PLACE, Paint.HIDE)], (), 0, draws)
    assert desk.look() == [PLACE]
    assert desk.look(wait_ms=400) == []


@given(st.lists(RECTS, max_size=4), st.lists(RECTS, max_size=4))
def test_what_is_left_of_areas_is_what_the_others_do_not_cover(
    areas: list[Rect], others: list[Rect]
) -> None:
    left = without(areas, others)
    for x in range(20):
        for y in range(20):
            wanted = any(a.contains(x, y) for a in areas) and not any(
                o.contains(x, y) for o in others
            )
            assert any(part.contains(x, y) for part in left) == wanted
